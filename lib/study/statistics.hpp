#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

namespace rnnlab {

/// `iqm`: the interquartile mean, of what is left without ⌊n/4⌋ values at either end (Agarwal et
/// al. 2021, "Deep Reinforcement Learning at the Edge of the Statistical Precipice").
enum class Reduce { median, mean, iqm, min, max };

/// One number from at least one; infinite values are allowed, NaN is not.
double reduced(Reduce, std::vector<double> values);

/// Both ends included.
struct Interval {
  double low = 0;
  double high = 0;
};

/// 95 % percentile bootstrap of the reduced values: 10,000 resamples from a fixed key, so the same
/// values always have the same interval. A resample without a value (∞ − ∞) counts as `undefined`;
/// where that is NaN, not at all.
Interval bootstrap(Reduce, const std::vector<double>& values, double undefined = NAN);

/// The same for combine(reduced(a), reduced(b)) with a and b resampled on their own.
enum class Contrast { difference, ratio };
double contrasted(Contrast, double a, double b);
Interval bootstrap(Reduce, Contrast, const std::vector<double>& a, const std::vector<double>& b,
                   double undefined = NAN);

/// Wilson's 95 % interval for the proportion behind k of n (n ≥ 1).
Interval wilson(std::int64_t k, std::int64_t n);
/// The same for a share of so many, whole or not: a sample that is worth n.
Interval wilson_share(double share, double n);

/// Spearman's rank correlation (Spearman 1904): Pearson's of the ranks, equal values sharing the
/// mean of theirs. NaN where all of x or all of y are equal. As many x as y.
double spearman(const std::vector<double>& x, const std::vector<double>& y);
/// Its 95 % percentile bootstrap, pairs resampled; resamples without a correlation are left out.
Interval bootstrap_spearman(const std::vector<double>& x, const std::vector<double>& y);

/// Student's 95 % interval for the mean behind n ≥ 2 values. An infinite value makes both ends NaN.
Interval student(const std::vector<double>& values);

/// How many values of this mean and spread a test at 5 % needs to find a mean other than zero with
/// a power of 80 %: ((1.960 + 0.842) s / mean)², by the normal approximation, from n ≥ 2 finite
/// ones. At least 2; infinite where the mean is zero.
double values_to_tell(const std::vector<double>& values);

}  // namespace rnnlab
