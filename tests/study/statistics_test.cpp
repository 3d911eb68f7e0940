#include "study/statistics.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace rnnlab;

TEST_CASE("reductions") {
  const std::vector<double> values{4, 1, 3, 2};
  CHECK(reduced(Reduce::median, values) == 2.5);
  CHECK(reduced(Reduce::mean, values) == 2.5);
  CHECK(reduced(Reduce::min, values) == 1);
  CHECK(reduced(Reduce::max, values) == 4);
  CHECK(reduced(Reduce::median, {5, 1, INFINITY}) == 5);
  CHECK(reduced(Reduce::median, {1, INFINITY, INFINITY}) == INFINITY);
  CHECK(reduced(Reduce::median, {INFINITY, INFINITY}) == INFINITY);
  CHECK(reduced(Reduce::median, {-INFINITY, 3}) == -INFINITY);
}

TEST_CASE("the interquartile mean is scipy.stats.trim_mean's with a quarter cut at each end") {
  // SciPy 1.10.
  CHECK(reduced(Reduce::iqm, {3.5}) == 3.5);
  CHECK(reduced(Reduce::iqm, {1, 2, 7}) == Approx(10.0 / 3));
  CHECK(reduced(Reduce::iqm, {1, 2, 4, 100}) == 3);
  CHECK(reduced(Reduce::iqm, {9, 1, 3, 4, 50}) == Approx(5.333333333333333));
  CHECK(reduced(Reduce::iqm, {9, 1, 3, 4, 50, -20}) == 4.25);
  CHECK(reduced(Reduce::iqm, {9, 1, 3, 4, 50, -20, 6}) == Approx(4.6));
  CHECK(reduced(Reduce::iqm, {9, 1, 3, 4, 50, -20, 6, 7}) == 5);
  const std::vector<double> eleven{0, 0.1, 0.4, 0.9, 1.6, 2.5, 3.6, 1.2, 2.7, 0.7, 2.6};
  CHECK(reduced(Reduce::iqm, eleven) == Approx(1.4142857142857141).epsilon(1e-12));
  CHECK(reduced(Reduce::iqm, {1, 2, 4, INFINITY}) == 3);
  CHECK(reduced(Reduce::iqm, {1, 2, INFINITY, INFINITY}) == INFINITY);
  const Interval ci = bootstrap(Reduce::iqm, eleven);
  CHECK(ci.low < 1.414);
  CHECK(ci.low > 0.4);
  CHECK(ci.high > 1.415);
  CHECK(ci.high < 2.6);
}

TEST_CASE("how many values tell a mean from zero") {
  // (z₀.₉₇₅ + z₀.₈)² s² / mean², rounded up: 3.36 and 51.26.
  CHECK(values_to_tell({1, 2, 4}) == 4);
  CHECK(values_to_tell({1, -2, 0.5, 3, 1}) == 52);
  CHECK(values_to_tell({1, -1}) == INFINITY);
  CHECK(values_to_tell({2, 2}) == 2);
}

TEST_CASE("Wilson's interval has the textbook values") {
  // (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n), z = 1.96
  CHECK(wilson(5, 5).low == Approx(0.5655).epsilon(1e-3));
  CHECK(wilson(5, 5).high == 1);
  CHECK(wilson(0, 5).low == 0);
  CHECK(wilson(0, 5).high == Approx(1 - 0.5655).epsilon(1e-3));
  CHECK(wilson(16, 16).low == Approx(0.8064).epsilon(1e-3));
  CHECK(wilson(8, 10).low == Approx(0.4902).epsilon(1e-3));
  CHECK(wilson(8, 10).high == Approx(0.9433).epsilon(1e-3));
}

TEST_CASE("the bootstrap of a mean agrees with the normal interval") {
  std::vector<double> values;
  for (int i = 0; i < 200; ++i) values.push_back(std::sin(i * 12.9898) * 3 + 10);
  double mean = 0, square = 0;
  for (const double v : values) mean += v / 200;
  for (const double v : values) square += (v - mean) * (v - mean) / 199;
  const double half = 1.96 * std::sqrt(square / 200);
  const Interval ci = bootstrap(Reduce::mean, values);
  CHECK(ci.low == Approx(mean - half).margin(0.1 * half));
  CHECK(ci.high == Approx(mean + half).margin(0.1 * half));
}

TEST_CASE("the bootstrap is a function of the values") {
  const std::vector<double> values{0.1, 0.4, 0.2, 0.9, 0.5};
  const Interval a = bootstrap(Reduce::median, values), b = bootstrap(Reduce::median, values);
  CHECK(a.low == b.low);
  CHECK(a.high == b.high);
  CHECK(a.low >= 0.1);
  CHECK(a.high <= 0.9);
  CHECK(a.low < a.high);
  const Interval same = bootstrap(Reduce::median, {2, 2, 2});
  CHECK(same.low == 2);
  CHECK(same.high == 2);
}

TEST_CASE("an infinite value keeps its side of the interval") {
  const Interval ci = bootstrap(Reduce::median, {1, 2, INFINITY});
  CHECK(ci.low == 1);
  CHECK(ci.high == INFINITY);
}

TEST_CASE("a missing value counts alike on either side") {
  // 6.2 % of the resamples of six values have one of them three times or more: then the median is
  // infinite, or halfway to there.
  const std::vector<double> low{-INFINITY, 1, 2, 3, 4, 5}, high{INFINITY, -1, -2, -3, -4, -5};
  CHECK(bootstrap(Reduce::median, low).low == -INFINITY);
  CHECK(bootstrap(Reduce::median, high).high == INFINITY);
}

TEST_CASE("contrasts of two groups") {
  CHECK(contrasted(Contrast::difference, 3, 1) == 2);
  CHECK(contrasted(Contrast::ratio, 3, 2) == 1.5);
  const Interval ci = bootstrap(Reduce::mean, Contrast::difference, {10, 10, 10}, {1, 2, 3});
  CHECK(ci.low >= 7);
  CHECK(ci.high <= 9);
  CHECK(ci.low < ci.high);
}

TEST_CASE("Student's interval is SciPy's") {
  // mean ± q·scipy.stats.sem(x), SciPy 1.10, with q the root of scipy.stats.t.cdf(q, n - 1) = 0.975
  // by brentq: t.ppf itself is off by up to 1e-9 there.
  const auto squares = [](int n, int modulus, double scale) {
    std::vector<double> values;
    for (int i = 0; i < n; ++i) values.push_back(i * i % modulus * scale);
    return values;
  };
  struct Case {
    std::vector<double> values;
    double low, high;
  };
  for (const Case& c :
       {Case{{1, 2}, -4.853102368087345, 7.853102368087345},
        Case{{0.25, 0.5, 1.75}, -1.163013044527696, 2.8296797111943626},
        Case{{3.1, -0.4, 2.2, 5.6, 1.3}, -0.40336500238537143, 5.123365002385372},
        Case{
            {1e-3, 2e-3, 4e-3, 8e-3, 1.6e-2, 3.2e-2}, -0.0019480939638702888, 0.022948093963870292},
        Case{squares(30, 17, 0.25), 1.4801601630032646, 2.5531731703300684},
        Case{squares(1000, 101, 0.125), 6.0285444720684405, 6.50020552793156},
        Case{squares(1001, 101, 0.125), 6.034692943932907, 6.506515847275885}}) {
    const Interval ci = student(c.values);
    CHECK(ci.low == Approx(c.low).epsilon(1e-10).margin(0));
    CHECK(ci.high == Approx(c.high).epsilon(1e-10).margin(0));
  }
  CHECK(student({3, 3, 3}).low == 3);
  CHECK(std::isnan(student({3, INFINITY}).low));
}

TEST_CASE("Spearman's correlation agrees with scipy.stats.spearmanr, ties and all") {
  // SciPy 1.10.1.
  const std::vector<double> a{1, 2, 3, 4, 5, 6, 7, 8}, b{2, 1, 4, 3, 7, 5, 8, 6};
  const std::vector<double> c{10, 10, 20, 20, 20, 40, 80}, d{0.5, 0.1, 0.5, 0.3, 0.9, 0.9, 1.5};
  CHECK(spearman(a, b) == Approx(0.8333333333333335).epsilon(1e-12));
  CHECK(spearman(c, d) == Approx(0.7907990314904574).epsilon(1e-12));
  CHECK(spearman({1, 1, 2, 2, 3}, {5, 5, 4, 3, 3}) == Approx(-0.9166666666666666).epsilon(1e-12));
  CHECK(spearman({1, 2, 3}, {1, 8, INFINITY}) == 1);
  CHECK(std::isnan(spearman({1, 2, 3}, {4, 4, 4})));
  const Interval ci = bootstrap_spearman(a, b), again = bootstrap_spearman(a, b);
  CHECK(ci.low == again.low);
  CHECK(ci.low > -1);
  CHECK(ci.low < 0.8333);
  CHECK(ci.high > 0.8333);
  CHECK(ci.high <= 1);
}
