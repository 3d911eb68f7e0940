#include "train/instruments/weight_gradient_by_time.hpp"

#include <numeric>

namespace rnnlab {

WeightGradientByTime::WeightGradientByTime(const RunShape& shape, Sink& sink)
    : steps_(shape.steps) {
  for (std::size_t l = 0; l < shape.layers.size(); ++l) {
    Axis time{"time", "steps", "time step t, 0 the first",
              std::vector<std::int64_t>(static_cast<std::size_t>(steps_[l]))};
    std::iota(time.values.begin(), time.values.end(), 0);
    tables_.push_back(&sink.table(
        {.group = "gradients/weight_by_time/" + shape.layers[l],
         .axes = {time},
         .columns = {{"norm",
                      "1",
                      "Frobenius norm of step t's term of the loss gradient by weight_hh",
                      {0}}}}));
  }
}

void WeightGradientByTime::observe(const StepView& view) {
  for (std::size_t l = 0; l < tables_.size(); ++l) {
    tables_[l]->row(view.step,
                    std::span(view.layers[l].terms, static_cast<std::size_t>(steps_[l])));
  }
}

}  // namespace rnnlab
