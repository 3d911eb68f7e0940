#include "train/instruments/gradient_flow.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
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

constexpr int width = 8;

template <class Vector>
auto total(const Vector& values) {
  auto sum = values[0];
  for (int i = 1; i < width; ++i) sum += values[i];
  return sum;
}

/// What a step's norms come to, eight examples side by side. The sum of logarithms is that of the
/// exponents and one logarithm of the product of the mantissas. A denormal norm is a zero here.
class Summary {
 public:
  typedef double Norms __attribute__((vector_size(64)));
  typedef std::int64_t Counts __attribute__((vector_size(64)));

  /// Norm i counts if valid[i] is −1, not if it is 0.
  void add(const Norms& norm, const Counts& valid) {
    constexpr std::int64_t one = 0x3FF, infinite = 0x7FF;
    const Counts bits = std::bit_cast<Counts>(norm), exponent = bits >> 52 & infinite;
    const Counts logs = valid & (exponent != 0);
    const Norms mantissa = std::bit_cast<Norms>((bits & ((1ll << 52) - 1)) | one << 52);
    sum_ += valid ? norm : Norms{};
    product_ *= logs ? (exponent == infinite ? norm : mantissa) : Norms{} + 1;
    exponents_ += logs & (exponent - one);
    valid_ -= valid;
    logs_ -= logs;
    if (++added_ % 64 != 0) return;  // mantissas are below 2: the product of all stays below 2^512
    for (int i = 0; i < width; ++i) {
      int e = 0;
      product_[i] = std::frexp(product_[i], &e);
      exponents_[i] += e;
    }
  }

  std::int64_t zeros() const { return total(valid_ - logs_); }
  // NaN where there are none.
  double mean() const { return total(sum_) / static_cast<double>(total(valid_)); }
  double mean_log() const {
    double product = 1;
    for (int i = 0; i < width; ++i) product *= product_[i];
    return (std::log(product) + static_cast<double>(total(exponents_)) * std::numbers::ln2) /
           static_cast<double>(total(logs_));
  }

 private:
  Norms sum_{}, product_ = Norms{} + 1;
  Counts exponents_{}, valid_{}, logs_{};
  std::int64_t added_ = 0;
};

}  // namespace

GradientFlow::GradientFlow(const RunShape& shape, Sink& sink)
    : steps_(shape.steps), B_(shape.batch), length_(static_cast<std::size_t>(shape.batch) + width) {
  for (std::size_t l = 0; l < shape.layers.size(); ++l) {
    const auto table = [&](const std::string& kind, const std::string& state) {
      return &declare(sink, "gradients/" + kind + "/" + shape.layers[l], state, steps_[l]);
    };
    hidden_.push_back(table("hidden", "hidden state h_t"));
    cell_.push_back(shape.cell_state[l] ? table("cell", "cell state c_t") : nullptr);
    row_.resize(std::max(row_.size(), 3 * static_cast<std::size_t>(steps_[l])));
  }
}

void GradientFlow::observe(const StepView& view) {
  for (std::size_t l = 0; l < hidden_.size(); ++l) {
    const LayerSignals& layer = view.layers[l];
    row(*hidden_[l], layer.hidden, steps_[l], layer.length, view.step);
    if (cell_[l]) row(*cell_[l], layer.cell, steps_[l], layer.length, view.step);
  }
}

void GradientFlow::row(Table& table, const double* norms, int steps, const int* lengths,
                       std::int64_t step) {
  constexpr std::size_t W = width;
  const auto T = static_cast<std::size_t>(steps), B = static_cast<std::size_t>(B_);
  std::copy_n(lengths, B, length_.begin());
  for (std::size_t t = 0; t < T; ++t) {
    Summary summary;
    for (std::size_t b = 0; b < B; b += W) {
      Summary::Norms norm{};
      Summary::Counts length;
      std::memcpy(&length, length_.data() + b, sizeof length);
      const double* from = norms + t * B + b;
      if (B - b < W) {
        std::memcpy(&norm, from, (B - b) * sizeof(double));
      } else {
        std::memcpy(&norm, from, sizeof norm);
      }
      summary.add(norm, static_cast<std::int64_t>(t) < length);
    }
    row_[t] = summary.mean();
    row_[T + t] = summary.mean_log();
    row_[2 * T + t] = static_cast<double>(summary.zeros());
  }
  table.row(step, std::span(row_).first(3 * T));
}

}  // namespace rnnlab
