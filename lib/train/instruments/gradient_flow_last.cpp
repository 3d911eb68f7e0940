#include "train/instruments/gradient_flow_last.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "base/error.hpp"

namespace rnnlab {

GradientFlowLast::GradientFlowLast(const RunShape& shape, Sink& sink)
    : steps_(shape.steps), B_(shape.batch) {
  if (!shape.steps_scored)
    throw Error(Exit::usage,
                "instrument gradient-flow-last needs a loss of single steps, and the task's is one "
                "of whole sequences",
                "record.instruments", "leave it out, or choose gradient-flow");
  for (std::size_t l = 0; l < shape.layers.size(); ++l) {
    const auto T = static_cast<std::size_t>(steps_[l]);
    row_.resize(std::max(row_.size(), T));
    if (!shape.swept[l]) {
      tables_.push_back(nullptr);
      continue;
    }
    Axis lag{"lag", "steps", "steps back from the last scored one, itself 1",
             std::vector<std::int64_t>(T)};
    std::iota(lag.values.begin(), lag.values.end(), 1);
    tables_.push_back(&sink.table(
        {.group = "gradients/last/" + shape.layers[l],
         .axes = {lag},
         .columns = {
             {"log_norm",
              "1",
              "mean natural logarithm of the norm of the last scored step's loss gradient by "
              "the hidden state",
              {0}}}}));
  }
}

void GradientFlowLast::observe(const StepView& view) {
  for (std::size_t l = 0; l < tables_.size(); ++l) {
    if (!tables_[l]) continue;
    for (int lag = 1; lag <= steps_[l]; ++lag) {
      double sum = 0;
      int valid = 0, zeros = 0;
      for (int b = 0; b < B_; ++b) {
        const int t = view.last_length[static_cast<std::size_t>(b)] - lag;
        if (t < 0) continue;
        const double log_norm =
            view.layers[l].last[static_cast<std::size_t>(t) * static_cast<std::size_t>(B_) +
                                static_cast<std::size_t>(b)];
        ++valid;
        if (log_norm == -std::numeric_limits<double>::infinity()) {
          ++zeros;
        } else {
          sum += log_norm;
        }
      }
      row_[static_cast<std::size_t>(lag - 1)] =
          valid == 0       ? std::numeric_limits<double>::quiet_NaN()
          : valid == zeros ? -std::numeric_limits<double>::infinity()
                           : sum / (valid - zeros);
    }
    tables_[l]->row(view.step, std::span(row_).first(static_cast<std::size_t>(steps_[l])));
  }
}

}  // namespace rnnlab
