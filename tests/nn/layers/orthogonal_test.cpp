// Recurrent layers whose matrix is orthogonal as a function of the parameter.
#include <Eigen/Core>
#include <catch2/catch.hpp>
#include <initializer_list>

#include "base/error.hpp"
#include "nn/layers/orthogonal_weight.hpp"
#include "nn/layers/recurrent_problem.hpp"
#include "nn/models/members.hpp"
#include "train/named_task.hpp"
#include "train/stepper.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

template <class S>
using Matrix = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// max |WᵀW − I|, added up in double.
template <class S>
double off(const Matrix<S>& w) {
  const Matrix<double> m = w.template cast<double>();
  return (m.transpose() * m - Matrix<double>::Identity(m.rows(), m.cols())).cwiseAbs().maxCoeff();
}

template <class S>
Matrix<S> value(const OrthogonalWeight<S>& weight, const S* a, int n) {
  Matrix<S> w(n, n);
  weight.value(a, w.data());
  return w;
}

ParamLayout layout_of(const RecurrentOptions& options) {
  ParamLayout layout;
  make_recurrent<double>(options)->declare(layout);
  return layout;
}

std::string message(const RecurrentOptions& o) {
  try {
    make_recurrent<float>(o);
  } catch (const Error& error) {
    CHECK(error.code() == Exit::usage);
    return error.what();
  }
  return "made";
}

}  // namespace

TEST_CASE("orthogonal: forward and gradients are the textbook's", "[nn][layers][orthogonal]") {
  for (const Core& core : mapped_cores()) {
    for (const Case& c : {Case{5, 3, 19, 3, From::both}, Case{1, 1, 1, 1, From::every},
                          Case{11, 2, 9, 3, From::last, false, "learned"}}) {
      CAPTURE(core.name(), c.H);
      const Problem p(c, core);
      const Answer exact = expected(p), ours = Production<double>(p).answer();
      const ParamLayout layout = layout_of(p.options);
      CHECK(layout[1].name == "skew_hh_l0");
      CHECK(relative_error(ours.y, exact.y) <= 1e-12);
      CHECK(relative_error(ours.dx, exact.dx) <= 1e-10);
      if (c.H > 1) CHECK(relative_error(layout, ours.gradient, exact.gradient) <= 1e-10);
      const Answer single = Production<float>(p).answer();
      CHECK(relative_error(single.y, exact.y) <= 2e-5);
      if (c.H > 1) CHECK(relative_error(layout, single.gradient, exact.gradient) <= 5e-4);
    }
  }
}

TEST_CASE("orthogonal: gradients are the limits of differences", "[nn][layers][orthogonal]") {
  for (const Core& core : mapped_cores()) {
    CAPTURE(core.name());
    const Problem p({20, 3, 18, 3, From::both}, core);
    const Answer analytic = Production<double>(p).answer();
    CHECK(difference_error(p, &Problem::theta, analytic.gradient) <= 1e-6);
    CHECK(difference_error(p, &Problem::x, analytic.dx) <= 1e-6);
  }
}

TEST_CASE("orthogonal: unpack scales and adds at the parameters it is given",
          "[nn][layers][orthogonal]") {
  for (const Core& core : mapped_cores()) {
    const Problem p({20, 3, 18, 3, From::both}, core);
    Production<double> ours(p);
    const Answer once = ours.answer();
    std::vector<double> onto(ours.run.layout.size(), 100.0);
    ours.run.layer->unpack(ours.run.theta.data(), ours.run.slab.data(), 0.5, onto.data());
    for (double& v : onto) v = 2 * (v - 100);
    CHECK(relative_error(ours.run.layout, onto, once.gradient) <= 1e-11);
  }
}

TEST_CASE("orthogonal: W starts as the rotations that were asked for", "[nn][layers][orthogonal]") {
  const Key key{3, Stream::parameters};
  for (const char* map : {"cayley", "exp"}) {
    for (const char* kind : {"henaff", "helfrich"}) {
      for (const int n : {1, 2, 7, 16}) {
        CAPTURE(map, kind, n);
        const OrthogonalWeight<double> weight(map, 0, n);
        Matrix<double> a(n, n), rotations(n, n);
        weight.initialize({.kind = kind}, key, 5, a.data());
        fill_matrix({.kind = kind}, key, 5, n, n, rotations.data());
        CHECK((value(weight, a.data(), n) - rotations).cwiseAbs().maxCoeff() <= 1e-10);
        CHECK(off(rotations) <= 1e-14);
        if (n > 1) CHECK(std::abs(rotations(1, 0)) > 1e-3);
      }
    }
  }
  const OrthogonalWeight<double> none("none", 0, 4);
  CHECK_FALSE(none);
}

TEST_CASE("orthogonal: as many -1 in D as asked turn the determinant", "[nn][layers][orthogonal]") {
  Matrix<double> a = Matrix<double>::Zero(10, 10);
  const Matrix<double> w = value(OrthogonalWeight<double>("cayley", 0.3, 10), a.data(), 10);
  CHECK(w.diagonal().head(7) == Eigen::VectorXd::Ones(7));
  CHECK(w.diagonal().tail(3) == -Eigen::VectorXd::Ones(3));
}

TEST_CASE("orthogonal: W stays orthogonal over ten thousand updates", "[nn][layers][orthogonal]") {
  constexpr int H = 8;
  const auto copy = task("copy", {{"length", 3}, {"delay", 2}});
  for (const char* name : {"exprnn", "scornn"}) {
    CAPTURE(name);
    ModelOptions model;
    for (const Member& member : presets(H)) {
      if (member.name == name) model = member.options;
    }
    TrainOptions options;
    options.batch = 2;
    options.lr = 0.01;
    Pool pool(1);
    Stepper<float> stepper(*copy, {}, 5, model, options, pool);
    const OrthogonalWeight<float> weight(model.recurrent_map, model.negative_ones, H);
    std::size_t at = 0;
    for (const Parameter& p : stepper.model().parameters()) {
      if (p.name == "skew_hh_l0") at = p.offset;
    }
    REQUIRE(at > 0);
    const auto w = [&] { return value(weight, stepper.parameters().data() + at, H); };
    const Matrix<float> begun = w();
    double worst = off(begun);
    for (int k = 0; k < 10000; ++k) {
      stepper.gradient(k, {});
      stepper.update(k);
      if (k % 500 == 499) worst = std::max(worst, off(w()));
    }
    CHECK(worst <= 1e-6);
    CHECK((w() - begun).cwiseAbs().maxCoeff() > 0.1);
  }
}

TEST_CASE("orthogonal: what does not go with it is refused", "[nn][layers][orthogonal]") {
  CHECK_THAT(message({.cell = "lstm", .inputs = 1, .hidden = 4, .recurrent_map = "exp"}),
             Catch::Contains("lstm") && Catch::Contains("model.recurrent_map") &&
                 Catch::Contains("elman"));
  CHECK_THAT(
      message(
          {.cell = "elman", .inputs = 1, .hidden = 4, .time_skip = 2, .recurrent_map = "cayley"}),
      Catch::Contains("model.time_skip"));
  CHECK_THAT(message({.cell = "elman", .inputs = 1, .hidden = 4, .negative_ones = 0.5}),
             Catch::Contains("model.negative_ones") && Catch::Contains("model.recurrent_map"));
  CHECK(message({.cell = "elman", .inputs = 1, .hidden = 4, .recurrent_map = "exp"}) == "made");
}
