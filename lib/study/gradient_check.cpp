#include "study/gradient_check.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "nn/models/fitting.hpp"
#include "study/table.hpp"
#include "train/gradcheck.hpp"

namespace rnnlab {
namespace {

constexpr double bar = 1e-6;

/// Where no task is named, one that fits a model of images or of sequence to sequence.
std::vector<Setting> with_a_task(const Registry& registry, std::vector<Setting> settings) {
  const bool named = std::any_of(settings.begin(), settings.end(),
                                 [](const Setting& setting) { return setting.key == "task.name"; });
  if (named) return settings;
  std::vector<Setting> of_model = settings;
  std::erase_if(of_model, [](const Setting& s) { return !s.key.starts_with("model."); });
  const ModelOptions model = resolve(registry, of_model).model();
  if (reads_images(model))
    settings.insert(settings.begin(), {"task.name", "marks", "for a model of images"});
  if (writes_sequences(model))
    settings.insert(settings.begin(), {"task.name", "reverse", "for sequence to sequence"});
  return settings;
}

/// Differences cost two passes per parameter, so what is left open is small.
std::vector<Setting> with_small_sizes(const Registry& registry, std::vector<Setting> settings) {
  const Schema schema(registry, resolve(registry, settings).task());
  const auto set = [&](const std::string& key, const std::string& value) {
    if (schema.find(key)) settings.insert(settings.begin(), {key, value, "small for gradcheck"});
  };
  set("model.hidden", "8");
  set("task.length", "12");
  set("task.rows", "3");
  set("task.columns", "4");
  set("task.min_length", "0");
  set("task.test_length", "0");
  set("task.test_min_length", "0");
  set("task.delay", "5");
  set("task.symbols", "3");
  set("train.batch", "3");
  return settings;
}

}  // namespace

GradientReport check_gradient(const Registry& registry, const std::vector<Setting>& settings) {
  const Config config =
      resolve(registry, with_small_sizes(registry, with_a_task(registry, settings)));
  const TrainOptions train = config.train();
  if (config.model().truncated_gradient)
    throw Error(Exit::usage, "a truncated gradient is not the derivative of the loss",
                "model.truncated_gradient", "add --model.truncated_gradient false");
  const std::vector<GradientError> errors =
      gradcheck(*config.make_task(), config.model(), static_cast<std::uint64_t>(train.seed),
                static_cast<int>(train.batch));
  std::vector<std::vector<std::string>> rows{{"parameter", "entries", "error"}};
  GradientReport report{.good = true};
  double worst = 0;
  for (const GradientError& e : errors) {
    rows.push_back({e.parameter, std::to_string(e.entries),
                    e.trained ? format_short(e.error, 3) : "not trained"});
    report.good = report.good && e.error <= bar;  // a NaN is not good
    worst = e.error <= worst ? worst : e.error;
  }
  report.table = aligned(rows) + "worst error " + format_short(worst, 3) +
                 (report.good ? ", at most " : ", above ") + format_double(bar) + "\n";
  return report;
}

}  // namespace rnnlab
