#include "train/instruments/gradient_flow.hpp"

#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

namespace rnnlab {
namespace {

Table& declare(Sink& sink, const std::string& group, const std::string& state, int T) {
  Axis time{"time", "steps", "time step t, 0 the first",
            std::vector<std::int64_t>(static_cast<std::size_t>(T))};
  std::iota(time.values.begin(), time.values.end(), 0);
  const std::string what = "norm of an example's loss gradient by its " + state;
  return sink.table(
      {.group = group,
       .axes = {std::move(time)},
       .columns = {
           {"norm", "1", "mean " + what, {0}},
           {"log_norm", "1", "mean natural logarithm of the " + what, {0}},
           {"zeros", "examples", "examples whose gradient is exactly zero", {0}, Type::int64}}});
}

/// Σ ln x over positive numbers: the logarithm of the mantissas' product, and the exponents by
/// themselves, so that there is one logarithm for all of them. What is not finite makes it so too.
class LogSum {
 public:
  void add(double x) {
    int exponent = 0;
    product_ *= std::frexp(x, &exponent);  // at least ½
    exponents_ += exponent;
    if (product_ < 0x1p-500) {
      product_ *= 0x1p500;
      exponents_ -= 500;
    }
  }
  double value() const {
    return std::log(product_) + static_cast<double>(exponents_) * std::numbers::ln2;
  }

 private:
  double product_ = 1;
  std::int64_t exponents_ = 0;
};

}  // namespace

GradientFlow::GradientFlow(const RunShape& shape, Sink& sink)
    : T_(shape.length), B_(shape.batch), row_(3 * static_cast<std::size_t>(shape.length)) {
  for (std::size_t l = 0; l < shape.layers.size(); ++l) {
    hidden_.push_back(
        &declare(sink, "gradients/hidden/" + shape.layers[l], "hidden state h_t", T_));
    cell_.push_back(shape.cell_state[l]
                        ? &declare(sink, "gradients/cell/" + shape.layers[l], "cell state c_t", T_)
                        : nullptr);
  }
}

void GradientFlow::observe(const StepView& view) {
  for (std::size_t l = 0; l < hidden_.size(); ++l) {
    row(*hidden_[l], view.layers[l].hidden, view);
    if (cell_[l]) row(*cell_[l], view.layers[l].cell, view);
  }
}

void GradientFlow::row(Table& table, const double* norms, const StepView& view) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  for (int t = 0; t < T_; ++t) {
    double sum = 0;
    LogSum log_sum;
    int valid = 0, zeros = 0;
    for (int b = 0; b < B_; ++b) {
      if (t >= view.length[static_cast<std::size_t>(b)]) continue;
      const double norm = norms[static_cast<std::size_t>(t) * B_ + b];
      ++valid;
      sum += norm;
      if (norm == 0) {
        ++zeros;
      } else {
        log_sum.add(norm);
      }
    }
    const auto at = static_cast<std::size_t>(t), T = static_cast<std::size_t>(T_);
    row_[at] = valid > 0 ? sum / valid : nan;
    row_[T + at] = valid > zeros ? log_sum.value() / (valid - zeros) : nan;
    row_[2 * T + at] = zeros;
  }
  table.row(view.step, row_);
}

}  // namespace rnnlab
