#include "nn/losses/ctc.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "golden/golden.hpp"
#include "nn/losses/ctc_problem.hpp"
#include "reference/ctc.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using namespace rnnlab::reference;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double log_binomial(int n, int k) {
  return std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0);
}

}  // namespace

TEMPLATE_TEST_CASE("ctc: loss and gradient are the sum over all paths", "[nn][ctc]", float,
                   double) {
  using S = TestType;
  const double bar = sizeof(S) == 4 ? 1e-6 : 1e-12;
  std::size_t possible = 0;
  for (const int K : {2, 3}) {
    for (int T = 1; T <= 5; ++T) {
      for (const Labels& target : all_targets(K, 3)) {
        CAPTURE(T, K, target);
        const CtcProblem problem{K, {T}, {target}};
        const auto logits = float_noise(size(T, K), 1.5, possible);
        const CtcLoss exact = brute_force(softmax_of(logits, size(1, K)), target);
        const CtcResult ours = ctc_of<S>(problem.batch(), logits, K);
        CHECK(ours.sums.weight == T);
        CHECK(ours.padding == 0);
        CHECK(ctc_of<S>(problem.batch(), logits, K, false).sums.loss == ours.sums.loss);
        CHECK(too_long_target(problem.batch()).has_value() == (exact.loss == infinity));
        if (exact.loss == infinity) {
          CHECK(ours.sums.loss == infinity);
          for (const double g : ours.gradient) CHECK(std::isnan(g));
          continue;
        }
        ++possible;
        CHECK(ours.sums.loss == Approx(exact.loss).epsilon(1e-12));
        for (int t = 0; t < T; ++t) {
          for (int k = 0; k < K; ++k) {
            const double theirs = exact.gradient[size(1, t)][size(1, k)];
            CHECK(std::abs(ours.gradient[size(t, K) + size(1, k)] - theirs) <= bar);
          }
        }
      }
    }
  }
  CHECK(possible == 59);  // 14 of one label, 45 of two
}

TEST_CASE("ctc: the gradient is that of central differences", "[nn][ctc]") {
  const CtcProblem problem{5, {7, 4, 6, 3}, {{1, 1, 3}, {4, 2}, {}, {2, 2}}};
  const Batch batch = problem.batch();
  auto logits = float_noise(size(batch.T, batch.B, 5), 1, 3);
  const auto gradient = ctc_of<double>(batch, logits, 5).gradient;
  constexpr double h = 1e-5;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const double at = logits[i];
    logits[i] = at + h;
    const double above = ctc_of<double>(batch, logits, 5, false).sums.loss;
    logits[i] = at - h;
    const double below = ctc_of<double>(batch, logits, 5, false).sums.loss;
    logits[i] = at;
    CHECK(std::abs((above - below) / (2 * h) - gradient[i]) <= 1e-9);
  }
}

TEMPLATE_TEST_CASE("ctc: loss and gradient are PyTorch's", "[nn][ctc][golden]", float, double) {
  using S = TestType;
  const auto whole = [](const char* name) {
    const auto values = read_golden("ctc", name);
    return std::vector<int>(values.begin(), values.end());
  };
  const auto length = whole("length"), label = whole("label"), labels = whole("target_steps");
  const auto logits = read_golden("ctc", "logits"), loss = read_golden("ctc", "loss"),
             gradient = read_golden("ctc", "gradient");
  const std::size_t B = length.size();
  CtcProblem problem{6, length, {}};
  for (std::size_t b = 0; b < B; ++b) {
    problem.target.emplace_back();
    for (std::size_t u = 0; u < size(1, labels[b]); ++u)
      problem.target.back().push_back(label[u * B + b]);
  }
  const double bar = sizeof(S) == 4 ? 1e-6 : 1e-11;
  const CtcResult ours = ctc_of<S>(problem.batch(), logits, 6);
  double sum = 0, weight = 0;
  for (std::size_t b = 0; b < B; ++b) {
    sum += loss[b];
    weight += length[b];
    const CtcProblem alone{6, {length[b]}, {problem.target[b]}};
    std::vector<double> own;
    for (std::size_t t = 0; t < size(1, length[b]); ++t)
      own.insert(own.end(), &logits[(t * B + b) * 6], &logits[(t * B + b) * 6] + 6);
    CHECK(ctc_of<S>(alone.batch(), own, 6).sums.loss == Approx(loss[b]).epsilon(1e-12));
  }
  CHECK(ours.sums.loss == Approx(sum).epsilon(1e-12));
  CHECK(ours.sums.weight == weight);
  REQUIRE(gradient.size() == ours.gradient.size());
  for (std::size_t i = 0; i < gradient.size(); ++i)
    CHECK(std::abs(ours.gradient[i] - gradient[i]) <= bar);
}

TEST_CASE("ctc: long sequences are those of rescaled probabilities", "[nn][ctc]") {
  constexpr int T = 1000, K = 20;
  Rng rng({7, Stream::test}, 0);
  for (const double sure : {0.3, 3.0}) {
    Labels target;
    for (int u = 0; u < 180; ++u)
      target.push_back(u % 9 == 8 ? target.back()
                                  : static_cast<std::int32_t>(1 + rng.below(K - 1)));
    const CtcProblem problem{K, {T}, {target}};
    const auto logits = float_noise(size(T, K), sure, 8);
    const CtcLoss exact = rescaled(softmax_of(logits, size(1, K)), target);
    const CtcResult ours = ctc_of<double>(problem.batch(), logits, K);
    CHECK(exact.loss > 800);  // far beyond what a double holds as a probability
    CHECK(ours.sums.loss == Approx(exact.loss).epsilon(1e-12));
    double worst = 0;
    for (int t = 0; t < T; ++t) {
      for (int k = 0; k < K; ++k)
        worst = std::max(worst, std::abs(ours.gradient[size(t, K) + size(1, k)] -
                                         exact.gradient[size(1, t)][size(1, k)]));
    }
    CHECK(worst <= 1e-9);
  }
}

TEST_CASE("ctc: equal logits count the paths, which are a binomial coefficient", "[nn][ctc]") {
  // Of U labels, R of them equal to the one before, in T steps: (T + U − R choose 2U).
  for (const auto& [T, U] : {std::pair{1, 1}, {9, 4}, {60, 20}, {1000, 300}, {3000, 5}}) {
    for (const bool repeats : {false, true}) {
      Labels target;
      for (int u = 0; u < U; ++u) target.push_back(repeats ? 1 : 1 + u % 2);
      const int R = repeats ? U - 1 : 0;
      CAPTURE(T, U, R);
      const std::vector<double> logits(size(T, 3), 0.25);
      const CtcResult ours = ctc_of<float>(CtcProblem{3, {T}, {target}}.batch(), logits, 3);
      CHECK(
          ours.sums.loss ==
          Approx(T * std::log(3.0) - log_binomial(T + U - R, 2 * U)).epsilon(1e-10).margin(1e-10));
    }
  }
}

TEST_CASE("ctc: what a probability cannot hold stays finite", "[nn][ctc]") {
  // Three labels anywhere, each of probability e^−10000 against the blank's 1.
  std::vector<double> logits(size(20, 4), 0.0);
  for (std::size_t t = 0; t < 20; ++t) logits[4 * t] = 1e4;
  const CtcResult ours = ctc_of<float>(CtcProblem{4, {20}, {{1, 2, 3}}}.batch(), logits, 4);
  CHECK(ours.sums.loss == Approx(3e4 - log_binomial(20, 3)).epsilon(1e-12));
  double labels = 0;
  for (std::size_t i = 0; i < ours.gradient.size(); ++i)
    labels -= i % 4 == 0 ? 0 : ours.gradient[i];
  CHECK(labels == Approx(3));  // each is expected once
}

TEMPLATE_TEST_CASE("ctc: what is not a number does not vanish", "[nn][ctc]", float, double) {
  for (const double bad : {std::nan(""), infinity}) {
    for (std::size_t i = 0; i < 24; ++i) {
      auto logits = float_noise(24, 1, 4);
      logits[i] = bad;
      CAPTURE(i, bad);
      const CtcResult ours = ctc_of<TestType>(CtcProblem{4, {6}, {{1, 2}}}.batch(), logits, 4);
      CHECK_FALSE(std::isfinite(ours.sums.loss));
      CHECK(std::isnan(ours.gradient[0]));
      CHECK(ours.padding == 0);
    }
  }
}

TEMPLATE_TEST_CASE("ctc: a class of probability 0 is none of a path's", "[nn][ctc]", float,
                   double) {
  // The second step can only be blank.
  std::vector<double> logits(9, 0.0);
  logits[4] = logits[5] = -infinity;
  const CtcResult ours = ctc_of<TestType>(CtcProblem{3, {3}, {{1, 2}}}.batch(), logits, 3);
  CHECK(ours.sums.loss == Approx(2 * std::log(3.0)));
  for (const double g : ours.gradient) CHECK(std::isfinite(g));
  CHECK(ours.gradient[4] == Approx(0).margin(1e-30));
  // Halfway only label 3: whole runs of states cannot be gone on from.
  auto sure = float_noise(20, 1, 7);
  sure[8] = sure[9] = sure[10] = -infinity;
  const CtcLoss exact = brute_force(softmax_of(sure, 4), {1, 2, 3});
  const CtcResult halfway = ctc_of<TestType>(CtcProblem{4, {5}, {{1, 2, 3}}}.batch(), sure, 4);
  CHECK(halfway.sums.loss == Approx(exact.loss).epsilon(1e-12));
  for (std::size_t i = 0; i < 20; ++i)
    CHECK(halfway.gradient[i] == Approx(exact.gradient[i / 4][i % 4]).margin(1e-6));

  const CtcResult impossible =
      ctc_of<TestType>(CtcProblem{3, {2}, {{2, 1}}}.batch(), {0, 0, -infinity, 0, 0, 0}, 3);
  CHECK(impossible.sums.loss == infinity);
}

TEMPLATE_TEST_CASE("ctc: padding and the other examples change no bit", "[nn][ctc]", float,
                   double) {
  using S = TestType;
  constexpr int K = 5;
  const CtcProblem problem{K, {9, 1, 6, 4}, {{1, 2, 2, 4}, {3}, {}, {4, 4}}};
  const Batch batch = problem.batch(), wide = problem.batch(30, 40);
  const auto logits = float_noise(size(9, 4, K), 2, 5);
  auto padded = logits;
  padded.resize(size(39, 4, K), std::nan(""));
  for (int t = 0; t < 9; ++t) {
    for (int b = 0; b < 4; ++b) {
      for (std::size_t k = 0; k < K && t >= problem.length[size(1, b)]; ++k)
        padded[size(t, 4, K) + size(b, K) + k] = std::nan("");
    }
  }
  const CtcResult ours = ctc_of<S>(batch, logits, K), others = ctc_of<S>(wide, padded, K);
  CHECK(ours.sums.loss == others.sums.loss);
  CHECK(ours.sums.weight == 20);
  CHECK(others.sums.weight == 20);
  for (std::size_t i = 0; i < padded.size(); ++i)
    CHECK(others.gradient[i] == (i < logits.size() ? ours.gradient[i] : 0));

  CtcProblem turned{K, {}, {}};
  std::vector<double> in_turn(logits.size());
  const std::vector<std::size_t> order{2, 0, 3, 1};
  for (std::size_t b = 0; b < 4; ++b) {
    turned.length.push_back(problem.length[order[b]]);
    turned.target.push_back(problem.target[order[b]]);
    for (std::size_t t = 0; t < 9; ++t)
      std::copy_n(&logits[(t * 4 + order[b]) * K], K, &in_turn[(t * 4 + b) * K]);
  }
  const CtcResult permuted = ctc_of<S>(turned.batch(), in_turn, K);
  CHECK(permuted.sums.loss == Approx(ours.sums.loss).epsilon(1e-14));
  CHECK(permuted.sums.metric == ours.sums.metric);
  for (std::size_t b = 0; b < 4; ++b) {
    for (std::size_t t = 0; t < 9; ++t) {
      for (std::size_t k = 0; k < K; ++k)
        CHECK(permuted.gradient[(t * 4 + b) * K + k] == ours.gradient[(t * 4 + order[b]) * K + k]);
    }
  }
}

TEST_CASE("ctc: an example counts by its weight, with 0 not at all", "[nn][ctc]") {
  const CtcProblem both{4, {5, 3}, {{1, 2}, {3}}};
  const auto logits = float_noise(size(5, 2, 4), 1, 6);
  Batch batch = both.batch();
  for (std::size_t t = 0; t < 5; ++t) batch.weight[2 * t] = 0.5f;
  const CtcResult half = ctc_of<double>(batch, logits, 4);
  const CtcResult whole = ctc_of<double>(both.batch(), logits, 4);
  for (std::size_t t = 0; t < 5; ++t) {
    batch.weight[2 * t] = 0;
    for (std::size_t k = 0; k < 4; ++k)
      CHECK(half.gradient[8 * t + k] == Approx(whole.gradient[8 * t + k] / 2).margin(1e-16));
  }
  batch.label[0] = batch.target_steps[0] = 99;
  auto spoiled = logits;
  for (std::size_t t = 0; t < 5; ++t) spoiled[8 * t] = std::nan("");
  const CtcResult second = ctc_of<double>(batch, spoiled, 4);
  CHECK(whole.sums.loss - second.sums.loss == Approx(2 * (whole.sums.loss - half.sums.loss)));
  CHECK(half.sums.weight == 0.5 * 5 + 3);
  CHECK(second.sums.weight == 3);
  CHECK(whole.sums.labels == 3);
  CHECK(half.sums.labels == 2);
  CHECK(second.sums.labels == 1);
  CHECK(second.sums.sequences == 1);
  for (std::size_t t = 0; t < 5; ++t) {
    for (std::size_t k = 0; k < 4; ++k) CHECK(second.gradient[8 * t + k] == 0);
  }
}

TEST_CASE("ctc: the label error rate of best paths, by hand", "[nn][ctc]") {
  // Each step's likeliest class; of equals the first is taken.
  const std::vector<std::vector<int>> best{{0, 2, 2, 0, 2, 1}, {1, 1, 0, 3}, {0, 0}, {2, 3}};
  const std::vector<Labels> target{{2, 2, 1}, {1, 3, 3}, {1}, {}};  // 0, 1, 1 and 2 edits
  CtcProblem problem{4, {6, 4, 2, 2}, target};
  std::vector<double> logits(size(6, 4, 4), 0.0);
  for (std::size_t b = 0; b < 4; ++b) {
    for (std::size_t t = 0; t < best[b].size(); ++t) {
      const auto k = static_cast<std::size_t>(best[b][t]);
      logits[(t * 4 + b) * 4 + k] = 1;
      if (k < 3) logits[(t * 4 + b) * 4 + 3] = 1;
    }
  }
  const LossSums sums = ctc_of<float>(problem.batch(), logits, 4).sums;
  CHECK(sums.metric == 4);
  CHECK(sums.labels == 7);
  CHECK(sums.sequences == 4);
  CHECK(sums.right_sequences == 1);
  const Facts facts{.outputs = 4, .loss = LossKind::ctc, .readout = Readout::every};
  CHECK(quality(facts, sums) == 4.0 / 7);
  CHECK(sequence_accuracy(sums) == 0.25);
  CHECK(quality(facts, {.loss = 1, .weight = 5, .metric = 2}) == 2);
  CHECK(facts.metric_name() == std::string("label_error_rate"));
  CHECK(facts.lower_is_better());
  CHECK_FALSE(facts.values());
}

TEST_CASE("ctc: the label error rate of noise is that of its definition", "[nn][ctc]") {
  Rng rng({9, Stream::test}, 0);
  int different = 0;
  for (std::uint64_t n = 0; n < 50; ++n) {
    const int T = 2 + static_cast<int>(rng.below(7));
    Labels target;
    for (std::uint32_t u = rng.below(static_cast<std::uint32_t>(T / 2 + 1)); u > 0; --u)
      target.push_back(static_cast<std::int32_t>(1 + rng.below(2)));
    const auto logits = float_noise(size(T, 3), 1, 100 + n);
    std::vector<int> path;
    for (int t = 0; t < T; ++t) {
      const double* y = &logits[size(t, 3)];
      path.push_back(y[0] >= y[1] && y[0] >= y[2] ? 0 : y[1] >= y[2] ? 1 : 2);
    }
    const int edits = edits_between(said_by(path), target);
    different += edits > 0;
    const LossSums sums = ctc_of<float>(CtcProblem{3, {T}, {target}}.batch(), logits, 3).sums;
    CHECK(sums.metric == edits);
    CHECK(sums.right_sequences == (edits == 0));
  }
  CHECK(different > 20);
}

TEST_CASE("ctc: trimming a batch keeps all labels", "[nn][ctc]") {
  const CtcProblem problem{4, {3, 5}, {{}, {1, 2}}};
  Batch batch = problem.batch(4, 3);
  batch.trim(Readout::every);
  CHECK(batch.T == 5);
  CHECK(batch.rows() == 5);
  CHECK(batch.label == std::vector<std::int32_t>{0, 1, 0, 2});
  const CtcProblem empty{4, {3, 5}, {{}, {}}};
  Batch none = empty.batch(4, 3);
  none.trim(Readout::every);
  CHECK(none.label.size() == 2);
  CHECK(none.rows() == 5);
}
