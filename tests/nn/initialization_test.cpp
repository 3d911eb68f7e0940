#include "nn/initialization.hpp"

#include <Eigen/Core>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <initializer_list>
#include <set>
#include <vector>

#include "base/statistics.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

const Key key{17, Stream::parameters};

template <class S>
std::vector<S> filled(const MatrixInit& init, Key k, std::size_t parameter, int rows, int columns) {
  std::vector<S> matrix(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns));
  fill_matrix(init, k, parameter, rows, columns, matrix.data());
  return matrix;
}

double largest(const std::vector<double>& x) {
  double value = 0;
  for (const double v : x) value = std::max(value, std::abs(v));
  return value;
}

}  // namespace

TEST_CASE("fill_matrix: uniform between the bounds, of the variance they have", "[nn][init]") {
  struct Case {
    MatrixInit init;
    double bound;
  };
  for (const Case& c : {Case{{.kind = "glorot", .fan_out = 200}, std::sqrt(6.0 / 300)},
                        Case{{.kind = "uniform", .width = 25}, 0.2}}) {
    CAPTURE(c.init.kind);
    const auto x = filled<double>(c.init, key, 3, 200, 100);
    const double n = static_cast<double>(x.size());
    const Moments m(x);
    CHECK(largest(x) <= c.bound);
    CHECK(largest(x) >= 0.999 * c.bound);
    const double variance = c.bound * c.bound / 3;
    CHECK(std::abs(m.mean) < 4 * std::sqrt(variance / n));
    CHECK(std::abs(m.variance - variance) < 4 * variance * std::sqrt(0.8 / n));
    CHECK(kolmogorov(x, [&](double v) { return (v / c.bound + 1) / 2; }) < 1.95);
  }
}

TEST_CASE("fill_matrix: normal, of the variance that the gain and the fan-in give", "[nn][init]") {
  const auto x = filled<double>({.kind = "normal", .gain = 1.5}, key, 3, 200, 100);
  const double n = static_cast<double>(x.size()), variance = 1.5 * 1.5 / 100;
  const Moments m(x);
  CHECK(std::abs(m.mean) < 4 * std::sqrt(variance / n));
  CHECK(std::abs(m.variance - variance) < 4 * variance * std::sqrt(2 / n));
  CHECK(std::abs(m.kurtosis - 3) < 4 * std::sqrt(24 / n));
}

TEST_CASE("fill_matrix: normal of a given deviation, whatever the fan-in", "[nn][init]") {
  const auto x = filled<double>({.kind = "normal", .gain = 7, .deviation = 0.01}, key, 3, 200, 100);
  const double n = static_cast<double>(x.size()), variance = 1e-4;
  const Moments m(x);
  CHECK(std::abs(m.mean) < 4 * std::sqrt(variance / n));
  CHECK(std::abs(m.variance - variance) < 4 * variance * std::sqrt(2 / n));
}

TEST_CASE("fill_matrix: sparse rows have so many standard normal entries, anywhere", "[nn][init]") {
  constexpr int rows = 300, columns = 40, connections = 15;
  const auto x = filled<double>({.kind = "sparse", .gain = 2, .connections = connections}, key, 3,
                                rows, columns);
  std::vector<double> entries;
  std::vector<int> in_column(columns);
  for (int i = 0; i < rows; ++i) {
    int count = 0;
    for (int j = 0; j < columns; ++j) {
      const double value = x[static_cast<std::size_t>(i * columns + j)];
      if (value == 0) continue;
      ++count;
      ++in_column[static_cast<std::size_t>(j)];
      entries.push_back(value);
    }
    CHECK(count == connections);
  }
  const double n = static_cast<double>(entries.size());
  const Moments m(entries);
  CHECK(std::abs(m.mean) < 4 * 2 / std::sqrt(n));
  CHECK(std::abs(m.variance - 4) < 4 * 4 * std::sqrt(2 / n));
  CHECK(std::abs(m.kurtosis - 3) < 4 * std::sqrt(24 / n));
  const double p = 1.0 * connections / columns;
  for (const int count : in_column) {
    CHECK(std::abs(count - rows * p) < 4.5 * std::sqrt(rows * p * (1 - p)));
  }
  const auto few = filled<double>({.kind = "sparse"}, key, 3, 8, 4);  // no more than there are
  CHECK(std::count(few.begin(), few.end(), 0.0) == 0);
}

TEST_CASE("fill_matrix: np is symmetric and positive definite between 1 / lambda and 1",
          "[nn][init]") {
  constexpr int n = 60;
  using Square = Eigen::Matrix<double, n, n, Eigen::RowMajor>;
  const auto x = filled<double>({.kind = "np", .blocks = 2}, key, 3, 2 * n, n);
  for (int k = 0; k < 2; ++k) {
    const Square w = Square::Map(x.data() + k * n * n);
    CHECK((w - w.transpose()).norm() < 1e-13);
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(w);
    const auto values = solver.eigenvalues();
    CHECK(values.maxCoeff() == Approx(1).epsilon(1e-12));
    // RᵀR / n has eigenvalues in [0, 4] as n → ∞ (Marchenko and Pastur 1967), with mean 1.
    const double lambda = 1 / values.minCoeff();
    CHECK(lambda > 4);
    CHECK(lambda < 5.6);
    CHECK(values.mean() * lambda == Approx(2).epsilon(0.1));
  }
}

TEST_CASE("fill_matrix: square kinds, block by block", "[nn][init]") {
  constexpr int n = 24, blocks = 3;
  constexpr double gain = 0.9;
  using Square = Eigen::Matrix<double, n, n, Eigen::RowMajor>;
  for (const char* kind : {"orthogonal", "identity", "scaled", "np", "sparse"}) {
    CAPTURE(kind);
    const auto x = filled<double>({.kind = kind, .gain = gain, .rescale = true, .blocks = blocks},
                                  key, 3, blocks * n, n);
    std::vector<Square> squares;
    for (int k = 0; k < blocks; ++k) squares.emplace_back(Square::Map(x.data() + k * n * n));
    for (const Square& w : squares) {
      if (std::string(kind) == "identity") CHECK((w - gain * Square::Identity()).norm() == 0);
      if (std::string(kind) == "orthogonal") {
        CHECK((w * w.transpose() - gain * gain * Square::Identity()).norm() < 1e-13);
      } else {
        CHECK(spectral_radius(w.data(), n) == Approx(gain).epsilon(1e-12));
      }
    }
    if (std::string(kind) != "identity") CHECK((squares[0] - squares[1]).norm() > 0.5);
    if (std::string(kind) == "orthogonal") continue;
    if (std::string(kind) != "orthogonal") {
      CHECK_THROWS_AS(filled<double>({.kind = kind, .rescale = true}, key, 3, 2 * n, n),
                      std::logic_error);
    }
  }
}

TEST_CASE("fill_matrix: oblong orthogonal matrices have orthonormal columns or rows",
          "[nn][init]") {
  using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  for (const auto& [rows, columns] : {std::pair{20, 7}, std::pair{7, 20}, std::pair{1, 5}}) {
    const auto x = filled<double>({.kind = "orthogonal", .gain = 2}, key, 3, rows, columns);
    const auto w = Eigen::Map<const Matrix>(x.data(), rows, columns);
    const int rank = std::min(rows, columns);
    const Matrix product = rows < columns ? Matrix(w * w.transpose()) : Matrix(w.transpose() * w);
    CHECK((product - 4 * Matrix::Identity(rank, rank)).norm() < 1e-13);
  }
}

TEST_CASE("fill_matrix: orthogonal matrices have no preferred direction", "[nn][init]") {
  // Over Haar's measure an entry has mean 0 and variance 1/n, the trace mean 0 and variance 1.
  constexpr int n = 6, draws = 2000;
  double first = 0, square = 0, trace = 0, trace_square = 0;
  for (std::size_t k = 0; k < draws; ++k) {
    const auto q = filled<double>({.kind = "orthogonal"}, key, k, n, n);
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += q[i * n + i];
    first += q[0] / draws;
    square += q[0] * q[0] / draws;
    trace += sum / draws;
    trace_square += sum * sum / draws;
  }
  const double root = std::sqrt(static_cast<double>(draws));
  CHECK(std::abs(first) < 4 / std::sqrt(6.0) / root);
  CHECK(std::abs(square - 1.0 / n) < 4 * std::sqrt(2.0 / 36) / root);
  CHECK(std::abs(trace) < 4 / root);
  CHECK(std::abs(trace_square - 1) < 4 * std::sqrt(2.0) / root);
}

TEST_CASE("spectral_radius: the largest modulus, of complex pairs too", "[nn][init]") {
  const double triangle[] = {0.5, 7, 0, -2};
  CHECK(spectral_radius(triangle, 2) == Approx(2));
  const double turn[] = {0, -3, 3, 0};
  CHECK(spectral_radius(turn, 2) == Approx(3));
  const double nilpotent[] = {0, 100, 0, 0};
  CHECK(spectral_radius(nilpotent, 2) == Approx(0).margin(1e-12));
}

TEST_CASE("fill_matrix: a function of (key, parameter) and place alone", "[nn][init]") {
  const MatrixInit init{.kind = "glorot", .fan_out = 8};
  const auto first = filled<double>(init, key, 0, 8, 5);
  CHECK(filled<double>(init, key, 0, 8, 5) == first);
  const auto more_rows = filled<double>(init, key, 0, 11, 5);
  CHECK(std::equal(first.begin(), first.end(), more_rows.begin()));
  const auto single = filled<float>(init, key, 0, 8, 5);
  for (std::size_t i = 0; i < first.size(); ++i) CHECK(single[i] == static_cast<float>(first[i]));
  CHECK(filled<double>(init, key, 1, 8, 5) != first);
  CHECK(filled<double>(init, {18, Stream::parameters}, 0, 8, 5) != first);
  CHECK(std::set<double>(first.begin(), first.end()).size() == first.size());
}

TEST_CASE("fill_matrix: an unknown kind is a mistake", "[nn][init]") {
  CHECK_THROWS_AS(filled<double>({.kind = "xavier"}, key, 0, 2, 2), std::logic_error);
}

TEST_CASE("fill_matrix: normal has its deviation, orthogonal is, scaled hits its radius",
          "[nn][init]") {
  constexpr int n = 60, blocks = 3;
  const auto make = [&](const std::string& kind) {
    std::vector<double> m(static_cast<std::size_t>(blocks * n * n));
    fill_matrix({.kind = kind, .gain = 1.5, .blocks = blocks}, key, 2, blocks * n, n, m.data());
    return m;
  };
  const auto normal = make("normal");
  const Moments moments(normal);
  const double variance = 1.5 * 1.5 / n, count = static_cast<double>(normal.size());
  CHECK(std::abs(moments.mean) < 4 * std::sqrt(variance / count));
  CHECK(std::abs(moments.variance - variance) < 4 * variance * std::sqrt(2 / count));

  const auto q = make("orthogonal"), identity = make("identity"), scaled = make("scaled");
  for (int block = 0; block < blocks; ++block) {
    const auto* b = q.data() + block * n * n;
    for (int i = 0; i < n; ++i) {
      for (int j = 0; j < n; ++j) {
        double dot = 0;
        for (int k = 0; k < n; ++k) dot += b[i * n + k] * b[j * n + k];
        CHECK(std::abs(dot - (i == j ? 1.5 * 1.5 : 0)) < 1e-12);
        CHECK(identity[static_cast<std::size_t>((block * n + i) * n + j)] == (i == j ? 1.5 : 0));
      }
    }
    CHECK(spectral_radius(scaled.data() + block * n * n, n) == Approx(1.5).epsilon(1e-10));
  }
  CHECK(!std::equal(q.begin(), q.begin() + n * n, q.begin() + n * n));
}

TEST_CASE("spectral_radius: of matrices whose eigenvalues are known", "[nn][init]") {
  const double rotation[] = {0, -2, 2, 0};  // ±2i
  CHECK(spectral_radius(rotation, 2) == Approx(2).epsilon(1e-14));
  const double shear[] = {0.5, 100, 0, -0.7};
  CHECK(spectral_radius(shear, 2) == Approx(0.7).epsilon(1e-14));
}
