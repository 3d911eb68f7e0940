#include "train/step_time.hpp"

#include <algorithm>
#include <chrono>

#include "base/phases.hpp"
#include "nn/model.hpp"
#include "train/stepper.hpp"

namespace rnnlab {
namespace {

using Clock = std::chrono::steady_clock;

template <class S>
StepTime timed(const Task& task, const DataOptions& data, std::uint64_t task_seed,
               const ModelOptions& model, const TrainOptions& train, int threads, double seconds,
               const std::atomic<bool>& stop) {
  const auto begun = Clock::now();
  Pool pool(threads);
  Stepper<S> stepper(task, data, task_seed, model, train, pool);
  stepper.reserve({});
  const auto step = [&](std::int64_t number) {
    if (stepper.gradient(number, {}).finite) stepper.update(number);
  };
  step(0);
  StepTime time{.setup_seconds = seconds_since(begun)};
  std::int64_t steps = 0;
  do {
    step(++steps);
  } while (!stop && seconds_since(begun) < seconds);
  time.step_seconds = (seconds_since(begun) - time.setup_seconds) / static_cast<double>(steps);
  return time;
}

}  // namespace

StepTime time_steps(const Task& task, const DataOptions& data, std::uint64_t task_seed,
                    const ModelOptions& model, const TrainOptions& train, int threads,
                    double seconds, const std::atomic<bool>& stop) {
  const auto measure = train.precision == "float64" ? timed<double> : timed<float>;
  return measure(task, data, task_seed, model, train, threads, seconds, stop);
}

double step_cost(const Facts& facts, const ModelOptions& model, const TrainOptions& train) {
  const double parameters =
      static_cast<double>(make_model<float>(model, facts)->parameters().size());
  const auto length = static_cast<std::int64_t>(facts.length);
  const std::int64_t steps = train.truncate > 0 ? std::min(train.truncate, length) : length;
  return parameters * static_cast<double>(steps) * static_cast<double>(train.batch);
}

}  // namespace rnnlab
