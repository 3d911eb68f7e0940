#include "train/gradcheck.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

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

  /// ∂L/∂θ_i by central differences at ever smaller steps, extrapolated to none (Ridders, "Accurate
  /// computation of F′(x) and F′(x)F″(x)", 1982): the wider the step, the less rounding counts, and
  /// tiny derivatives are seen as well. No number where the steps do not agree, as at a corner near
  /// θ, or where the slopes to both sides never come together, as at a corner in θ itself. Uses
  /// nothing of the analytic gradient.
  std::optional<double> derivative(std::size_t i) {
    constexpr int levels = 7;
    constexpr double widest = 0.02, shrink = 4;
    const double here = loss();
    const double rounding = 4e-16 * std::max(1.0, std::abs(here));
    double value = 0, error = std::numeric_limits<double>::infinity(), slack = 0;
    double gap = 0, wider_gap = 0, noise = 0;
    std::array<double, levels> row{}, before{};
    double h = widest * std::max(1.0, std::abs(theta_[i]));
    for (int k = 0; k < levels; ++k, h /= shrink) {
      const auto [above, below] = beside(i, h);
      wider_gap = std::exchange(gap, std::abs((above - here) + (below - here)) / h);
      noise = rounding / h;
      before = row;
      row[0] = (above - below) / (2 * h);
      double factor = 1;
      for (std::size_t j = 1; j <= static_cast<std::size_t>(k); ++j) {
        factor *= shrink * shrink;
        row[j] = (factor * row[j - 1] - before[j - 1]) / (factor - 1);
        const double apart =
            std::max(std::abs(row[j] - row[j - 1]), std::abs(row[j] - before[j - 1])) + noise;
        if (apart < error) {
          value = row[j];
          error = apart;
          slack = 25 * noise;
        }
      }
      if (k > 0 && error <= 1e-8 * std::abs(value) + 3 * noise) break;
    }
    const bool agree = error <= 1e-6 * std::abs(value) + slack;
    // A smooth loss bends by less at each smaller step, in proportion.
    const bool corner = gap > 0.5 * wider_gap && gap > 1e-6 * std::abs(value) + 25 * noise;
    return agree && !corner ? std::optional(value) : std::nullopt;
  }

 private:
  /// L(θ + h) and L(θ − h) along entry i.
  std::pair<double, double> beside(std::size_t i, double h) {
    const double at = theta_[i];
    theta_[i] = at + h;
    const double above = loss();
    theta_[i] = at - h;
    const double below = loss();
    theta_[i] = at;
    return {above, below};
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
