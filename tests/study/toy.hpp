#pragma once

#include <string>

#include "error_of.hpp"
#include "study/config.hpp"
#include "study/registry.hpp"

namespace rnnlab {

/// A task with an option of every kind, so that configurations can be tested without training.
class ToyTask final : public Task {
 public:
  struct Options {
    DataOptions data;
    std::int64_t length = 10;
    double noise = 0.5;
    bool reverse = false;
    std::string kind = "plain";

    void describe(OptionVisitor& v) {
      v.visit({.name = "length", .help = "steps", .unit = "steps", .min = 1, .max = 1000}, length);
      v.visit({.name = "noise", .help = "spread", .min = 0, .max = 10}, noise);
      v.visit({.name = "reverse", .help = "backwards"}, reverse);
      v.visit({.name = "kind", .help = "which", .choices = {"plain", "fancy"}}, kind);
      data.describe(v);
    }
  };

  explicit ToyTask(const Options& options) : options_(options) {}
  Facts facts() const override {
    return {.inputs = 1,
            .outputs = 1,
            .length = static_cast<int>(options_.length),
            .chance_loss = 0.5,
            .solved = 0.01,
            .chance = "nothing"};
  }
  std::vector<Plateau> plateaus() const override { return {{"nothing", 0.5}, {"half", 0.25}}; }
  void draw(Key, std::span<const std::uint64_t> examples, Batch& out) const override {
    out.reset(facts(), static_cast<int>(examples.size()));
  }
  const Options& options() const { return options_; }

 private:
  Options options_;
};

/// Two tasks, two models, two optimizers, two instruments.
inline Registry toy_registry() {
  static const std::vector<TaskEntry> tasks{
      task_entry<ToyTask>("adding", "first", "",
                          {{.name = "author2020",
                            .source = "a paper",
                            .settings = {{"task.noise", "2"}, {"model.hidden", "77"}},
                            .per_model = {{"gru", {{"train.lr", "0.25"}}}},
                            .deviates = {"it is a toy"}}}),
      task_entry<ToyTask>("copy", "second", "", {})};
  static const std::vector<ModelPreset> models{
      {.name = "lstm", .summary = "an lstm", .settings = {{"cell", "lstm"}, {"forget_bias", "1"}}},
      {.name = "gru", .summary = "a gru", .settings = {{"cell", "gru"}, {"hidden", "64"}}}};
  static const std::vector<Listing> cells{{"lstm", ""}, {"gru", ""}};
  static const std::vector<Listing> optimizers{{"sgd", ""}, {"adam", ""}};
  static const std::vector<Listing> instruments{{"gradient-flow", ""}, {"parameter-norms", ""}};
  return {tasks, models, cells, optimizers, instruments};
}

inline Config toy_config(const std::vector<Setting>& settings) {
  return resolve(toy_registry(), settings);
}

}  // namespace rnnlab
