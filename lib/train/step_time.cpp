#include "train/step_time.hpp"

#include <algorithm>
#include <chrono>
#include <vector>

#include "nn/model.hpp"
#include "train/stepper.hpp"

namespace rnnlab {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point then) {
  return std::chrono::duration<double>(Clock::now() - then).count();
}

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
  std::vector<double> steps;
  do {
    const auto before = Clock::now();
    step(static_cast<std::int64_t>(steps.size()) + 1);
    steps.push_back(seconds_since(before));
  } while (!stop && seconds_since(begun) < seconds);
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  time.step_seconds = *middle;
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
