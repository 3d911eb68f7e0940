#include <catch2/catch.hpp>

#include "drawn.hpp"
#include "example_bytes.hpp"
#include "train/gradcheck.hpp"
#include "train/member_checks.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

/// A task as it is applied, with a model that has all the parts that go with it.
struct Application {
  const char* task;
  std::vector<std::pair<std::string, std::string>> settings;
};

const std::vector<Application> applications{
    {"reading",
     {{"task.sentences", "4"}, {"task.supporting", "2"}, {"model.name", "seq2seq-attention"}}},
    {"reading", {{"task.sentences", "3"}, {"model.name", "seq2seq"}, {"model.bridge", "all"}}},
    {"summarise", {{"task.length", "6"}, {"model.name", "seq2seq-attention"}}},
    {"speech", {{"task.target", "frames"}, {"model.name", "bi-gru"}}},
    {"speech", {{"task.target", "word"}, {"model.name", "gru"}}},
    {"speech", {{"task.target", "characters"}, {"model.name", "seq2seq-attention"}}},
    {"speech", {{"task.target", "ctc"}, {"model.name", "bi-lstm"}}},
    {"melodies", {{"task.length", "5"}, {"model.name", "gru"}, {"model.input_at", "first"}}},
    {"melodies", {{"task.length", "5"}, {"model.name", "gru"}, {"model.input_at", "every-step"}}},
    {"caption", {{"model.name", "lstm"}, {"model.input_at", "first"}}},
    {"marks", {{"task.rows", "3"}, {"task.columns", "4"}, {"model.name", "md-lstm"}}},
    {"spelling", {{"task.length", "12"}, {"task.lines", "200"}, {"model.name", "gru"}}},
};

template <class F>
void for_each_application(F&& f) {
  for (const Application& application : applications) {
    auto settings = application.settings;
    settings.emplace_back("model.hidden", "6");
    if (application.task == std::string("speech"))
      settings.insert(settings.end(), {{"task.letters", "2"}, {"task.min_letters", "1"}});
    std::string with = application.task;
    for (const auto& [key, value] : settings) with += " " + key + "=" + value;
    CAPTURE(with);
    const Config config = configured(application.task, settings);
    const auto task = config.make_task();
    f(config, *task);
  }
}

TrainOptions steps_of(const Config& config) {
  TrainOptions options = config.train();
  options.batch = 5;
  return options;
}

}  // namespace

TEST_CASE("applications: an example is a function of key and index, both sources of it",
          "[tasks][applications]") {
  for_each_application([](const Config&, const Task& task) {
    const std::vector<std::uint64_t> ids{9, 2, 30, 4};
    Batch together, reused;
    const auto expected = draw(task, {7, Stream::test}, ids, together);
    draw(task, {7, Stream::train}, {1, 2, 3, 5, 8, 13}, reused);  // over another, larger one
    for (std::size_t i = 0; i < ids.size(); ++i)
      CHECK((draw(task, {7, Stream::test}, {ids[i]}, reused).front() == expected[i]));
    CHECK(expected[0] != expected[1]);
  });
}

TEST_CASE("applications: the gradient is right, and flows through every part",
          "[tasks][applications][gradcheck]") {
  for_each_application([](const Config& config, const Task& task) {
    for (const GradientError& e : gradcheck(task, config.model(), 1, 3)) {
      CAPTURE(e.parameter);
      CHECK(e.trained);
      CHECK(e.entries > 0);
      CHECK(e.error < 1e-6);
    }
    Pool pool(1);
    Stepper<float> stepper(task, {}, 5, config.model(), steps_of(config), pool);
    const Needs needs{.states = true};
    stepper.reserve(needs);
    stepper.gradient(0, needs);
    const StepView view = stepper.view(0);
    for (const double norm : view.parameter_norms) CHECK(norm > 0);
    for (std::size_t layer = 0; layer < view.layers.size(); ++layer) {
      const LayerSignals& signals = view.layers[layer];
      CAPTURE(layer);
      if (!signals.hidden) continue;
      for (std::size_t b = 0; b < 5; ++b) {
        CAPTURE(b);
        CHECK(signals.length[b] > 0);
        CHECK(signals.hidden[b] > 0);  // at the example's first step
      }
    }
  });
}

TEST_CASE("applications: the same on any number of threads, and from any snapshot",
          "[tasks][applications][determinism]") {
  for_each_application([](const Config& config, const Task& task) {
    check_steps(task, config.model(), steps_of(config), {.states = true}, 3);
    check_snapshot(task, config.model(), steps_of(config));
  });
}
