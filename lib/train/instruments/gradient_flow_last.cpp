#include "train/instruments/gradient_flow_last.hpp"

#include <limits>
#include <numeric>

namespace rnnlab {

GradientFlowLast::GradientFlowLast(const RunShape& shape, Sink& sink)
    : T_(shape.length), B_(shape.batch), row_(static_cast<std::size_t>(shape.length)) {
  Axis lag{"lag", "steps", "steps back from the last scored one, itself 1",
           std::vector<std::int64_t>(row_.size())};
  std::iota(lag.values.begin(), lag.values.end(), 1);
  for (const std::string& layer : shape.layers) {
    tables_.push_back(&sink.table(
        {.group = "gradients/last/" + layer,
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
    for (int lag = 1; lag <= T_; ++lag) {
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
    tables_[l]->row(view.step, row_);
  }
}

}  // namespace rnnlab
