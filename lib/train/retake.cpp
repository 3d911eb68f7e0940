#include "train/retake.hpp"

#include "exec/pool.hpp"
#include "train/stepper.hpp"

namespace rnnlab {
namespace {

template <class S>
Retaken retake(Stepper<S> stepper, std::int64_t step, const State& state) {
  stepper.load(state);
  const StepResult result = stepper.gradient(step, {});
  stepper.load(state);
  return {result.loss, result.grad_norm, stepper.first_nonfinite(step)};
}

}  // namespace

Retaken retake_step(const Task& task, const DataOptions& data, std::uint64_t task_seed,
                    const ModelOptions& model, const TrainOptions& train, std::int64_t step,
                    const State& state) {
  Pool pool(1);
  if (train.precision == "float64")
    return retake(Stepper<double>(task, data, task_seed, model, train, pool), step, state);
  return retake(Stepper<float>(task, data, task_seed, model, train, pool), step, state);
}

}  // namespace rnnlab
