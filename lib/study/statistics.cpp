#include "study/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <numeric>
#include <span>

#include "base/check.hpp"
#include "base/rng.hpp"

namespace rnnlab {
namespace {

constexpr int resamples = 10000;

double between(double a, double b, double share) {
  return a == b || std::isinf(a) ? a : a + (b - a) * share;  // not inf − inf
}

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Of a sample, with n − 1.
double variance(const std::vector<double>& values) {
  const double mean = mean_of(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return squares / static_cast<double>(values.size() - 1);
}

/// The 0.975 quantile of Student's t with ν ≥ 1 degrees of freedom. With t = √ν tan θ the share
/// within ±t is a finite sum of powers of cos θ (Abramowitz & Stegun 26.7.3 and 26.7.4), which
/// rises in θ.
double student_quantile(std::int64_t freedom) {
  const bool odd = freedom % 2 == 1;
  const auto share_within = [&](double theta) {
    const double cosine = std::cos(theta), square = cosine * cosine;
    double sum = 0, term = odd ? cosine : 1;
    for (std::int64_t k = odd ? 3 : 2; k <= freedom; k += 2) {
      sum += term;
      term *= square * static_cast<double>(k - 1) / static_cast<double>(k);
    }
    sum *= std::sin(theta);
    return odd ? 2 / std::numbers::pi * (theta + sum) : sum;
  };
  double low = 0, high = std::numbers::pi / 2;
  for (int halving = 0; halving < 60; ++halving) {
    const double middle = (low + high) / 2;
    (share_within(middle) < 0.95 ? low : high) = middle;
  }
  return std::sqrt(static_cast<double>(freedom)) * std::tan((low + high) / 2);
}

/// Linear between order statistics.
double quantile(const std::vector<double>& sorted, double q) {
  const double place = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  const double share = place - static_cast<double>(below);
  return share == 0 ? sorted[below] : between(sorted[below], sorted[above], share);
}

/// 1 for the smallest; the mean of their places for equal values.
std::vector<double> ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> rank(values.size());
  for (std::size_t first = 0, end = 0; first < order.size(); first = end) {
    while (end < order.size() && values[order[end]] == values[order[first]]) ++end;
    for (std::size_t i = first; i < end; ++i) {
      rank[order[i]] = static_cast<double>(first + 1 + end) / 2;
    }
  }
  return rank;
}

std::vector<double> resample(const std::vector<double>& values, Rng& rng) {
  std::vector<double> drawn(values.size());
  for (double& value : drawn) value = values[rng.below(static_cast<std::uint32_t>(values.size()))];
  return drawn;
}

Interval percentiles(const std::function<double(Rng&)>& statistic, double undefined = NAN) {
  std::vector<double> estimates;
  for (int i = 0; i < resamples; ++i) {
    Rng rng({.seed = 0, .stream = Stream::order}, static_cast<std::uint64_t>(i));
    double estimate = statistic(rng);
    if (std::isnan(estimate)) estimate = undefined;
    if (!std::isnan(estimate)) estimates.push_back(estimate);
  }
  if (estimates.empty()) return {-INFINITY, INFINITY};
  std::sort(estimates.begin(), estimates.end());
  return {quantile(estimates, 0.025), quantile(estimates, 0.975)};
}

}  // namespace

double reduced(Reduce reduce, std::vector<double> values) {
  RNNLAB_CHECK_LT(0u, values.size());
  std::sort(values.begin(), values.end());
  switch (reduce) {
    case Reduce::min: return values.front();
    case Reduce::max: return values.back();
    case Reduce::mean: return mean_of(values);
    case Reduce::iqm: {
      const std::size_t cut = values.size() / 4;
      return mean_of(std::span(values).subspan(cut, values.size() - 2 * cut));
    }
    case Reduce::median: break;
  }
  return quantile(values, 0.5);
}

Interval bootstrap(Reduce reduce, const std::vector<double>& values, double undefined) {
  return percentiles([&](Rng& rng) { return reduced(reduce, resample(values, rng)); }, undefined);
}

double contrasted(Contrast contrast, double a, double b) {
  return contrast == Contrast::difference ? a - b : a / b;
}

Interval bootstrap(Reduce reduce, Contrast contrast, const std::vector<double>& a,
                   const std::vector<double>& b, double undefined) {
  return percentiles(
      [&](Rng& rng) {
        const double first = reduced(reduce, resample(a, rng));
        return contrasted(contrast, first, reduced(reduce, resample(b, rng)));
      },
      undefined);
}

double spearman(const std::vector<double>& x, const std::vector<double>& y) {
  RNNLAB_CHECK_EQ(x.size(), y.size());
  const std::vector<double> a = ranks(x), b = ranks(y);
  const double mean = (static_cast<double>(x.size()) + 1) / 2;
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - mean) * (b[i] - mean);
    aa += (a[i] - mean) * (a[i] - mean);
    bb += (b[i] - mean) * (b[i] - mean);
  }
  return ab / std::sqrt(aa * bb);
}

Interval bootstrap_spearman(const std::vector<double>& x, const std::vector<double>& y) {
  return percentiles([&](Rng& rng) {
    std::vector<double> a(x.size()), b(y.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::size_t drawn = rng.below(static_cast<std::uint32_t>(x.size()));
      a[i] = x[drawn];
      b[i] = y[drawn];
    }
    return spearman(a, b);
  });
}

Interval wilson(std::int64_t k, std::int64_t n) {
  return wilson_share(static_cast<double>(k) / static_cast<double>(n), static_cast<double>(n));
}

Interval wilson_share(double share, double n) {
  constexpr double z = 1.959963984540054;
  const double scale = 1 + z * z / n;
  const double middle = (share + z * z / (2 * n)) / scale;
  const double half = z / scale * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  // At the ends the interval reaches the end exactly, whatever the rounding.
  return {share == 0 ? 0 : middle - half, share == 1 ? 1 : middle + half};
}

Interval student(const std::vector<double>& values) {
  RNNLAB_CHECK_LT(1u, values.size());
  const double mean = mean_of(values);
  const double half = student_quantile(static_cast<std::int64_t>(values.size()) - 1) *
                      std::sqrt(variance(values) / static_cast<double>(values.size()));
  return {mean - half, mean + half};
}

double values_to_tell(const std::vector<double>& values) {
  RNNLAB_CHECK_LT(1u, values.size());
  constexpr double z = 1.959963984540054 + 0.8416212335729143;
  const double mean = mean_of(values);
  if (mean == 0) return INFINITY;
  return std::max(2.0, std::ceil(z * z * variance(values) / (mean * mean)));
}

}  // namespace rnnlab
