#include "math/orthogonal_map.hpp"

#include <Eigen/Core>
#include <catch2/catch.hpp>
#include <cmath>
#include <initializer_list>
#include <unsupported/Eigen/MatrixFunctions>

#include "base/rng.hpp"

using namespace rnnlab;

namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Matrix noise(int n, double scale, std::uint64_t number) {
  Rng rng({5, Stream::parameters}, number);
  Matrix m(n, n);
  for (int i = 0; i < m.size(); ++i) m.data()[i] = scale * rng.normal();
  return m;
}
Matrix skew(int n, double scale) {
  const Matrix a = noise(n, scale, 1);
  return a - a.transpose();
}
Matrix mapped(OrthogonalMap map, const Matrix& s) {
  Matrix w(s.rows(), s.cols());
  orthogonal_from_skew(map, static_cast<int>(s.rows()), s.data(), w.data());
  return w;
}
double largest(const Matrix& m) { return m.cwiseAbs().maxCoeff(); }
/// How far from orthogonal.
double off(const Matrix& w) {
  return largest(w.transpose() * w - Matrix::Identity(w.rows(), w.cols()));
}

constexpr OrthogonalMap both[]{OrthogonalMap::exp, OrthogonalMap::cayley};

}  // namespace

TEST_CASE("orthogonal maps: the textbook's functions, orthogonal to rounding", "[math]") {
  for (const int n : {1, 2, 3, 17, 40}) {
    for (const double scale : {0.0, 1e-3, 0.1, 1.0, 10.0}) {
      CAPTURE(n, scale);
      const Matrix s = skew(n, scale), one = Matrix::Identity(n, n);
      const Matrix e = mapped(OrthogonalMap::exp, s), c = mapped(OrthogonalMap::cayley, s);
      const Matrix exact = s.exp();
      CHECK(largest(e - exact) <= 1e-12 * (1 + largest(s)));
      CHECK(largest((one + s) * c - (one - s)) <= 1e-12 * (1 + largest(s)));
      CHECK(off(e) <= 1e-12 * (1 + largest(s)));
      CHECK(off(c) <= 1e-12 * (1 + largest(s)));
    }
  }
}

TEST_CASE("orthogonal maps: a rotation of two units by a known angle", "[math]") {
  for (const double angle : {-3.0, -0.5, 0.7, 2.5}) {
    Matrix rotation(2, 2), s(2, 2);
    rotation << std::cos(angle), -std::sin(angle), std::sin(angle), std::cos(angle);
    s << 0, -angle, angle, 0;
    CHECK(largest(mapped(OrthogonalMap::exp, s) - rotation) <= 1e-14);
    s << 0, std::tan(angle / 2), -std::tan(angle / 2), 0;
    CHECK(largest(mapped(OrthogonalMap::cayley, s) - rotation) <= 1e-14);
  }
}

TEST_CASE("orthogonal maps: the adjoint is that of central differences", "[math]") {
  constexpr double h = 1e-6;
  for (const OrthogonalMap map : both) {
    for (const int n : {1, 2, 5, 20}) {
      for (const double scale : {0.05, 0.6}) {
        CAPTURE(static_cast<int>(map), n, scale);
        const Matrix s = skew(n, scale), g = noise(n, 1, 2);
        Matrix d(n, n), in_place = g;
        orthogonal_adjoint(map, n, s.data(), g.data(), d.data());
        orthogonal_adjoint(map, n, s.data(), in_place.data(), in_place.data());
        CHECK(in_place == d);
        for (int k = 0; k < 5; ++k) {
          const Matrix a = noise(n, 1, static_cast<std::uint64_t>(3 + k));
          const Matrix along = a - a.transpose();
          const Matrix moved = mapped(map, s + h * along) - mapped(map, s - h * along);
          const double numeric = moved.cwiseProduct(g).sum() / (2 * h);
          CHECK(d.cwiseProduct(along).sum() == Approx(numeric).epsilon(1e-7).margin(1e-7));
        }
      }
    }
  }
}
