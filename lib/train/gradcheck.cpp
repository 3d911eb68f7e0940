#include "train/gradcheck.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "base/arena.hpp"
#include "nn/model.hpp"
#include "train/shards.hpp"

namespace rnnlab {
namespace {

constexpr std::int64_t most_entries = 200;  // compared per parameter, drawn at random

/// Everything that a loss is a function of but θ.
class Probe {
 public:
  Probe(const Task& task, const ModelOptions& options, std::uint64_t seed, int batch)
      : facts_(task.facts()),
        model_(make_model<double>(options, facts_)),
        theta_(model_->parameters().size()),
        packed_(model_->packed_size()),
        frame_(model_->frame_size(facts_.length, batch)) {
    std::vector<std::uint64_t> ids(static_cast<std::size_t>(batch));
    std::iota(ids.begin(), ids.end(), 0);
    task.draw({seed, Stream::train}, ids, batch_);
    model_->initialize({seed, Stream::parameters}, theta_.data());
  }

  const Model<double>& model() const { return *model_; }

  double loss() {
    model_->pack(theta_.data(), packed_.data());
    const LossSums sums = model_->evaluate(packed_.data(), batch_, frame_.data());
    return sums.loss / sums.weight;
  }

  std::vector<double> gradient() {
    model_->pack(theta_.data(), packed_.data());
    const Slab<double> slab(model_->slab_size());
    const LossSums sums = model_->train(packed_.data(), batch_, slab.data(), frame_.data(), {});
    std::vector<double> gradient(theta_.size());
    model_->unpack(theta_.data(), slab.data(), 1.0 / sums.weight, gradient.data());
    return gradient;
  }

  /// ∂L/∂θ_i by central differences, Richardson's extrapolation of two steps (error O(h⁴)). The
  /// step shrinks until the two agree: where the loss has a corner within it they do not, and where
  /// that never ends there is no number. Uses nothing of the analytic gradient.
  std::optional<double> derivative(std::size_t i) {
    for (const double step : {2e-4, 2e-5, 2e-6}) {
      const double h = step * std::max(1.0, std::abs(theta_[i]));
      const double wide = central_difference(i, h), narrow = central_difference(i, h / 2);
      const double rounding = 1e-14 / h;
      if (std::abs(wide - narrow) <= 1e-6 * std::max(std::abs(wide), std::abs(narrow)) + rounding) {
        return narrow + (narrow - wide) / 3;
      }
    }
    return std::nullopt;
  }

 private:
  /// (L(θ + h) − L(θ − h)) / 2h along entry i.
  double central_difference(std::size_t i, double h) {
    const double at = theta_[i];
    theta_[i] = at + h;
    const double above = loss();
    theta_[i] = at - h;
    const double below = loss();
    theta_[i] = at;
    return (above - below) / (2 * h);
  }

  Facts facts_;
  std::unique_ptr<Model<double>> model_;
  Slab<double> theta_, packed_, frame_;
  Batch batch_;
};

}  // namespace

std::vector<GradientError> gradcheck(const Task& task, const ModelOptions& options,
                                     std::uint64_t seed, int batch) {
  Probe probe(task, options, seed, batch);
  const std::vector<double> analytic = probe.gradient();
  std::vector<GradientError> errors;
  for (const Parameter& p : probe.model().parameters()) {
    GradientError result{p.name, 0, 0, 0, p.trained};
    const auto n = static_cast<std::int64_t>(p.size());
    double difference = 0, a_norm = 0, n_norm = 0;
    for (std::int64_t k = 0; p.trained && k < std::min(n, most_entries); ++k) {
      const std::size_t i =
          p.offset + static_cast<std::size_t>(
                         n <= most_entries
                             ? k
                             : static_cast<std::int64_t>(permuted({seed, Stream::gradcheck}, 0,
                                                                  static_cast<std::uint64_t>(n),
                                                                  static_cast<std::uint64_t>(k))));
      const std::optional<double> numeric = probe.derivative(i);
      if (!numeric) {
        ++result.kinks;
        continue;
      }
      ++result.entries;
      difference += (analytic[i] - *numeric) * (analytic[i] - *numeric);
      a_norm += analytic[i] * analytic[i];
      n_norm += *numeric * *numeric;
    }
    result.error = std::sqrt(difference) / std::max({std::sqrt(a_norm), std::sqrt(n_norm), 1e-8});
    errors.push_back(result);
  }
  return errors;
}

}  // namespace rnnlab
