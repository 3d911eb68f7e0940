#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace rnnlab::test {

/// Sample moments, to be held against what the distribution has.
struct Moments {
  double mean = 0, variance = 0, skewness = 0, kurtosis = 0;

  template <class S>
  explicit Moments(const std::vector<S>& x) {
    const auto n = static_cast<double>(x.size());
    for (const S v : x) mean += static_cast<double>(v) / n;
    double third = 0, fourth = 0;
    for (const S v : x) {
      const double d = static_cast<double>(v) - mean;
      variance += d * d / n;
      third += d * d * d / n;
      fourth += d * d * d * d / n;
    }
    skewness = third / std::pow(variance, 1.5);
    kurtosis = fourth / (variance * variance);
  }
};

/// Kolmogorov and Smirnov's √n · sup |F_n − F|: above 1.95 with probability 0.001.
template <class S, class F>
double kolmogorov(std::vector<S> x, F&& cdf) {
  std::sort(x.begin(), x.end());
  const auto n = static_cast<double>(x.size());
  double worst = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double f = cdf(static_cast<double>(x[i]));
    worst = std::max({worst, f - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - f});
  }
  return worst * std::sqrt(n);
}

/// Pearson's χ² of counts against equal shares, as a number of standard deviations from its mean.
inline double chi_square_z(const std::vector<std::size_t>& counts) {
  double total = 0, sum = 0;
  for (const std::size_t c : counts) total += static_cast<double>(c);
  const double expected = total / static_cast<double>(counts.size());
  for (const std::size_t c : counts) {
    const double d = static_cast<double>(c) - expected;
    sum += d * d / expected;
  }
  const double degrees = static_cast<double>(counts.size()) - 1;
  return (sum - degrees) / std::sqrt(2 * degrees);
}

}  // namespace rnnlab::test
