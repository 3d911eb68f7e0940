#include "nn/losses/loss.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "exec/gradual_underflow.hpp"
#include "nn/layers/layer_run.hpp"
#include "reference/sequence.hpp"
#include "reference/tape.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using reference::Tape;
using reference::Var;

namespace {

struct Case {
  int T, B, O;
};

const std::vector<Case> cases{{1, 1, 1},  {1, 5, 2},   {3, 4, 16},
                              {2, 3, 17}, {4, 16, 10}, {1, 2, 70}};

Batch batch_of(const Case& c, LossKind kind) {
  Batch batch;
  batch.reset({.inputs = 1, .outputs = c.O, .length = c.T, .loss = kind, .readout = Readout::every},
              c.B);
  Rng rng({31, Stream::test}, 0);
  const std::array<float, 4> weights{1.0f, 0.5f, 0.0f, 2.0f};
  for (std::size_t i = 0; i < batch.weight.size(); ++i) batch.weight[i] = weights[i % 4];
  for (float& v : batch.y)
    v = static_cast<float>(kind == LossKind::mse ? rng.normal() : rng.below(2));
  for (auto& label : batch.label) {
    label = static_cast<std::int32_t>(rng.below(static_cast<std::uint32_t>(c.O)));
  }
  return batch;
}

struct Exact {
  LossSums sums;
  std::vector<double> gradient;
};

/// By the textbook and the tape, position by position.
Exact exact(LossKind kind, const std::vector<double>& y, const Batch& batch, int O) {
  Exact result;
  const auto width = static_cast<std::size_t>(O);
  for (std::size_t p = 0; p < batch.weight.size(); ++p) {
    const double w = static_cast<double>(batch.weight[p]);
    Tape tape;
    reference::Vector<Var> column;
    for (std::size_t j = 0; j < width; ++j) column.emplace_back(tape, y[p * width + j]);
    const Var l = kind == LossKind::mse ? reference::mean_squared_error(column, &batch.y[p * width])
                  : kind == LossKind::cross_entropy
                      ? reference::cross_entropy(column, batch.label[p])
                      : reference::binary_cross_entropy(column, &batch.y[p * width]);
    l.seed(w);
    tape.sweep();
    for (const Var& v : column) result.gradient.push_back(v.adjoint());
    result.sums.loss += w * l.value();
    result.sums.weight += w;
    if (kind != LossKind::cross_entropy) {
      result.sums.metric += w * l.value();
    } else {
      const auto first = y.begin() + static_cast<std::ptrdiff_t>(p * width);
      const auto best = std::max_element(first, first + O) - first;
      result.sums.metric += best == batch.label[p] ? w : 0;
    }
  }
  return result;
}

/// Gradients are of order 1: their errors are taken as they are.
double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double worst = a.size() == b.size() ? 0 : HUGE_VAL;
  for (std::size_t i = 0; i < b.size(); ++i) {
    const double error = std::abs(a[i] - b[i]);
    worst = std::isnan(error) ? HUGE_VAL : std::max(worst, error);
  }
  return worst;
}

/// The loss of one column of logits with label 0 and weight 1.
template <class S>
LossSums one_column(const std::vector<double>& logits, std::vector<double>* gradient = nullptr) {
  const int O = static_cast<int>(logits.size());
  const OwnedSeq<S> y(logits, 1, 1, O, round_up(O, lanes<S>), std::nan(""));
  Batch batch;
  batch.reset({.inputs = 1, .outputs = O, .length = 1, .loss = LossKind::cross_entropy}, 1);
  const LossSums sums =
      loss(LossKind::cross_entropy, y.view(), targets_of(batch), gradient != nullptr);
  if (gradient) *gradient = dense_copy<S>(y.view());
  return sums;
}

}  // namespace

TEMPLATE_TEST_CASE("loss: values, metrics and gradients are the textbook's", "[nn][loss]", float,
                   double) {
  using S = TestType;
  const GradualUnderflow before;
  const double bar = sizeof(S) == 4 ? 2e-6 : 1e-14;
  for (const LossKind kind :
       {LossKind::mse, LossKind::cross_entropy, LossKind::binary_cross_entropy}) {
    for (const Case& c : cases) {
      CAPTURE(static_cast<int>(kind), c.T, c.B, c.O);
      const Batch batch = batch_of(c, kind);
      const auto logits = float_noise(static_cast<std::size_t>(c.T * c.B * c.O), 2, 5);
      const Exact right = exact(kind, logits, batch, c.O);
      // The padding may hold anything before.
      const OwnedSeq<S> y(logits, c.T, c.B, c.O, round_up(c.O, lanes<S>), 77);

      const OwnedSeq<S> again(logits, c.T, c.B, c.O, round_up(c.O, lanes<S>), 77);
      const LossSums alone = loss(kind, y.view(), targets_of(batch), false);
      const LossSums sums = loss(kind, again.view(), targets_of(batch), true);
      CHECK(std::abs(sums.loss - right.sums.loss) <= bar * (1 + right.sums.loss));
      CHECK(sums.weight == right.sums.weight);
      CHECK(std::abs(sums.metric - right.sums.metric) <= bar * (1 + right.sums.metric));
      CHECK(alone.loss == sums.loss);
      CHECK(alone.weight == sums.weight);
      CHECK(alone.metric == sums.metric);
      CHECK(largest_difference(dense_copy<S>(again.view()), right.gradient) <= bar);
      std::size_t padding = 0;
      for (int t = 0; t < c.T; ++t) {
        for (int b = 0; b < c.B; ++b) {
          for (int f = c.O; f < again.view().ld; ++f) padding += again.view().at(t, b)[f] != 0;
        }
      }
      CHECK(padding == 0);
    }
  }
}

TEMPLATE_TEST_CASE("loss: positions of weight 0 are not looked at", "[nn][loss]", float, double) {
  using S = TestType;
  const LossKind kind =
      GENERATE(LossKind::mse, LossKind::cross_entropy, LossKind::binary_cross_entropy);
  const Case c{3, 4, 5};
  Batch batch = batch_of(c, kind);
  auto logits = float_noise(static_cast<std::size_t>(c.T * c.B * c.O), 2, 5);
  const Exact right = exact(kind, logits, batch, c.O);
  for (std::size_t p = 0; p < batch.weight.size(); ++p) {
    if (batch.weight[p] != 0) continue;
    for (std::size_t j = 0; j < 5; ++j) logits[5 * p + j] = std::nan("");
    if (!batch.label.empty()) batch.label[p] = -1;
  }
  const OwnedSeq<S> y(logits, c.T, c.B, c.O, round_up(c.O, lanes<S>), 0);
  const LossSums sums = loss(kind, y.view(), targets_of(batch), true);
  CHECK(sums.loss == Approx(right.sums.loss));
  CHECK(sums.weight == right.sums.weight);
  CHECK(largest_difference(dense_copy<S>(y.view()), right.gradient) <= 2e-6);
}

TEMPLATE_TEST_CASE("loss: equal logits cost ln C, but for the last bit", "[nn][loss]", float,
                   double) {
  for (const int C : {1, 2, 10, 16, 17, 100, 1000}) {
    for (const double level : {0.0, 1.0, -3.5, 1e4}) {
      const std::vector<double> logits(static_cast<std::size_t>(C), level);
      CHECK(one_column<TestType>(logits).loss ==
            Approx(std::log(static_cast<double>(C))).epsilon(3e-16));
    }
  }
}

TEMPLATE_TEST_CASE("loss: huge logits stay finite, value and gradient", "[nn][loss]", float,
                   double) {
  std::vector<double> gradient;
  LossSums sums = one_column<TestType>({1e4, -1e4, 0}, &gradient);
  CHECK(sums.loss == 0);
  CHECK(sums.metric == 1);
  CHECK(gradient[0] == Approx(0).margin(1e-7));
  CHECK(gradient[1] == Approx(0).margin(1e-30));
  sums = one_column<TestType>({-1e4, 1e4, 0}, &gradient);
  CHECK(sums.loss == Approx(2e4));
  CHECK(sums.metric == 0);
  CHECK(gradient[0] == Approx(-1));
  CHECK(gradient[1] == Approx(1));
  CHECK(gradient[2] == Approx(0).margin(1e-30));
  const double large = static_cast<double>(std::numeric_limits<TestType>::max());
  CHECK(one_column<TestType>({large / 2, -large / 2}).loss == 0);
}

TEMPLATE_TEST_CASE("loss: what is not a number does not vanish", "[nn][loss]", float, double) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const int C : {2, 16, 40}) {
    for (int bad = 0; bad < C; ++bad) {
      std::vector<double> logits(static_cast<std::size_t>(C), 1.0);
      logits[static_cast<std::size_t>(bad)] = nan;
      CAPTURE(C, bad);
      CHECK(std::isnan(one_column<TestType>(logits).loss));
      logits[static_cast<std::size_t>(bad)] = infinity;
      CHECK_FALSE(std::isfinite(one_column<TestType>(logits).loss));
    }
  }
  Batch batch = batch_of({1, 1, 3}, LossKind::mse);
  const OwnedSeq<TestType> y({1, nan, 1}, 1, 1, 3, lanes<TestType>, 0);
  CHECK(std::isnan(loss(LossKind::mse, y.view(), targets_of(batch), false).loss));
  CHECK(std::isnan(sequence_accuracy({.loss = nan, .sequences = 2, .right_sequences = 1})));
  CHECK(sequence_accuracy({.loss = 1, .sequences = 2, .right_sequences = 1}) == 0.5);
}

TEMPLATE_TEST_CASE("loss: misses are counted by example, and whole examples", "[nn][loss]", float,
                   double) {
  using S = TestType;
  for (const Case& c : cases) {
    CAPTURE(c.T, c.B, c.O);
    const Batch batch = batch_of(c, LossKind::cross_entropy);
    const auto logits = float_noise(static_cast<std::size_t>(c.T * c.B * c.O), 2, 5);
    const auto B = static_cast<std::size_t>(c.B), O = static_cast<std::size_t>(c.O);
    std::vector<int> right(B, 0), misses(B, 99);
    for (std::size_t p = 0; p < batch.label.size(); ++p) {
      const auto first = logits.begin() + static_cast<std::ptrdiff_t>(p * O);
      const auto best = std::max_element(first, first + c.O) - first;
      right[p % B] += batch.weight[p] != 0 && best != batch.label[p];
    }
    const OwnedSeq<S> y(logits, c.T, c.B, c.O, round_up(c.O, lanes<S>), 77);
    const Targets targets = targets_of(batch, misses.data());
    const LossSums sums = loss(LossKind::cross_entropy, y.view(), targets, true);
    CHECK(misses == right);
    CHECK(sums.sequences == c.B);
    const auto whole = static_cast<double>(std::count(right.begin(), right.end(), 0));
    CHECK(sums.right_sequences == whole);
    CHECK(sequence_accuracy(sums) == sums.right_sequences / c.B);
  }
}

TEMPLATE_TEST_CASE("loss: of equally likely classes the first is predicted", "[nn][loss]", float,
                   double) {
  using S = TestType;
  for (const int C : {2, 10, 17, 100}) {
    for (const int first : {0, 1, C / 2}) {
      for (int k = 0; k < 2 * C; ++k) {
        const int label = k / 2;
        CAPTURE(C, first, label);
        std::vector<double> logits(static_cast<std::size_t>(C), 1.5);
        std::fill_n(logits.begin(), first, -1.0);
        const OwnedSeq<S> y(logits, 1, 1, C, round_up(C, lanes<S>), 77);
        const std::int32_t wanted = label;
        const float weight = 1;
        int misses = 99;
        const LossSums sums =
            loss(LossKind::cross_entropy, y.view(),
                 {.label = &wanted, .weight = &weight, .misses = &misses}, k % 2 == 0);
        CHECK(sums.metric == (label == first ? 1 : 0));
        CHECK(misses == (label == first ? 0 : 1));
      }
    }
  }
}

TEST_CASE("LossSums: add up", "[nn][loss]") {
  LossSums sums{1, 2, 3, 4, 5};
  sums += {10, 20, 30, 40, 50};
  CHECK(sums.sequences == 44);
  CHECK(sums.right_sequences == 55);
  CHECK(sums.loss == 11);
  CHECK(sums.weight == 22);
  CHECK(sums.metric == 33);
}

TEST_CASE("loss: binary cross-entropy of logits that exp cannot hold", "[nn][loss]") {
  Batch batch;
  batch.reset({.inputs = 1, .outputs = 2, .length = 1, .loss = LossKind::binary_cross_entropy}, 1);
  batch.y = {1, 0};
  for (const double size : {1.0, 90.0, 1e4}) {
    CAPTURE(size);
    const OwnedSeq<float> wrong({-size, size}, 1, 1, 2, round_up(2, lanes<float>), 0);
    const LossSums sums =
        loss(LossKind::binary_cross_entropy, wrong.view(), targets_of(batch), true);
    CHECK(sums.loss == Approx(2 * (size + std::log1p(std::exp(-size)))).epsilon(1e-12));
    const double p = 1 / (1 + std::exp(-size));
    CHECK(largest_difference(dense_copy<float>(wrong.view()), {-p, p}) <= 1e-7);
    const OwnedSeq<float> right({size, -size}, 1, 1, 2, round_up(2, lanes<float>), 0);
    CHECK(loss(LossKind::binary_cross_entropy, right.view(), targets_of(batch), false).loss ==
          Approx(2 * std::log1p(std::exp(-size))).margin(1e-300));
  }
}
