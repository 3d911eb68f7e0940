#include "arfima.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/normal.hpp"
#include "lengths.hpp"
#include "settings.hpp"

namespace rnnlab {
namespace {

/// Series with long memory: ARFIMA(0, d, 0), Gaussian, stationary, of mean 0 and variance 1
/// (Granger and Joyeux 1980; Hosking 1981). At every step the next value is asked for; the first
/// `warmup` steps are not scored.
///
///   d = 0.4     x   0.9  1.3  0.2  0.7      y   1.3  0.2  0.7  1.1
///               x  -1.4 -0.8 -1.6  0.1      y  -0.8 -1.6  0.1 -0.5
///
/// Autocorrelations fall like a power of the lag, ρ_k = ∏_{i ≤ k} (i − 1 + d) / (i − d). Each value
/// is drawn given all before it, which is exact: the best prediction of x_n has the coefficients
/// φ_{n,j} = A_j b_{n−j} / b_n, j = 1 … n, with A_1 = d, A_{j+1} = A_j (j − d) / (j + 1), b_0 = 1,
/// b_{k+1} = b_k (k + 1 − d) / (k + 1), and the error v_n = ∏_{j ≤ n} (1 − d² / (j − d)²), which
/// falls to Γ(1 − d)² / Γ(1 − 2d): 0.483 for d = 0.4.
class Arfima final : public Task {
 public:
  struct Options {
    LengthOptions lengths;
    double d = 0.4;
    std::int64_t warmup = 0;
    DataOptions data;

    void describe(OptionVisitor& v) {
      lengths.describe(v);
      v.visit({.name = "d",
               .help = "order of integration: above 0 memory is long, at 0 there is none, below 0 "
                       "values alternate",
               .min = -0.49,
               .max = 0.49},
              d);
      v.visit({.name = "warmup",
               .help = "steps at the beginning that are not scored",
               .unit = "steps",
               .min = 0,
               .max = 4000},
              warmup);
      data.describe(v);
    }
  };

  explicit Arfima(const Options& o)
      : lengths_(o.lengths, static_cast<int>(o.warmup) + 1),
        d_(o.d),
        warmup_(static_cast<std::size_t>(o.warmup)) {
    if (lengths_.longest() >= most) {
      const bool test = o.lengths.length < most;
      throw Error(Exit::usage, "series of " + std::to_string(lengths_.longest()) + " steps",
                  test ? "task.test_length" : "task.length",
                  "give at most " + std::to_string(most - 1));
    }
    const auto T = static_cast<std::size_t>(lengths_.longest());
    double A = d_, b = 1, variance = 1;
    A_ = {0};
    for (std::size_t i = 0; i <= T; ++i) {
      const auto j = static_cast<double>(i) + 1;
      A_.push_back(static_cast<float>(A));
      b_.push_back(static_cast<float>(b));
      variance_.push_back(variance);
      deviation_.push_back(static_cast<float>(std::sqrt(variance)));
      A *= (j - d_) / (j + 1);
      b *= (j - d_) / j;
      variance *= 1 - d_ * d_ / ((j - d_) * (j - d_));
    }
    floor_ = floor();
  }

  Facts facts() const override { return facts(lengths_.longest()); }

  void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
    const auto B = examples.size();
    out.reset(facts(lengths_.longest(key.stream)), static_cast<int>(B));
    for (std::size_t b = 0; b < B; ++b) {
      Rng rng(key, examples[b]);
      const int length = lengths_.draw(key.stream, rng);
      const auto L = static_cast<std::size_t>(length);
      draw_series(rng, L, [&](std::size_t k, float value) {
        if (k < L) out.x[k * B + b] = value;
        if (k > 0) out.y[(k - 1) * B + b] = value;
      });
      for (std::size_t t = 0; t < static_cast<std::size_t>(out.T); ++t) {
        if (t < warmup_ || t >= L) out.weight[t * B + b] = 0;
      }
      out.length[b] = length;
    }
  }

  std::vector<Plateau> plateaus() const override {
    const double first = d_ / (1 - d_);  // autocorrelation
    std::vector<Plateau> all{{facts().chance, facts().chance_loss}};
    if (d_ != 0) {
      all.push_back({"the last value", 1 - first * first});
      all.push_back({"all values so far: what is left is new", floor_});
    }
    return all;
  }

 private:
  static constexpr int most = 4096;

  /// Calls f(k, x_k) for k = 0 … L. What has been drawn is added to the predictions of all that
  /// comes after it, which then need no history.
  template <class F>
  void draw_series(Rng& rng, std::size_t L, F&& f) const {
    constexpr std::size_t block = 128;
    float z[block];
    float prediction[most];
    std::fill_n(prediction, L + 1, 0.0f);
    for (std::size_t k = 0; k <= L; ++k) {
      if (k % block == 0) fill_normal(rng, z, block);
      const float value = prediction[k] / b_[k] + deviation_[k] * z[k % block];
      const float weighted = b_[k] * value;
      const float* const coefficient = A_.data() + 1;
      float* const later = prediction + k + 1;
      for (std::size_t i = 0; i < L - k; ++i) later[i] += coefficient[i] * weighted;
      f(k, value);
    }
  }

  /// The mean of v_{t+1} over the steps that are scored in validation and test.
  double floor() const {
    const int least = lengths_.least(Stream::test), longest = lengths_.longest(Stream::test);
    double sum = 0, steps = 0;
    for (int t = static_cast<int>(warmup_); t < longest; ++t) {
      const double going_on = std::min(longest - t, longest - least + 1);
      sum += going_on * variance_[static_cast<std::size_t>(t) + 1];
      steps += going_on;
    }
    return sum / steps;
  }

  /// No criterion where so little can be predicted that chance would meet it.
  double solved() const { return floor_ > 0.98 ? 0 : std::min(1.02 * floor_, (floor_ + 1) / 2); }

  Facts facts(int longest) const {
    return {.inputs = 1,
            .outputs = 1,
            .length = longest,
            .loss = LossKind::mse,
            .readout = Readout::every,
            .chance_loss = 1,
            .solved = solved(),
            .chance = "1: always answering 0"};
  }

  Lengths lengths_;
  double d_;
  std::size_t warmup_;
  std::vector<float> A_, b_, deviation_;  // deviation_[n] = √v_n
  std::vector<double> variance_;          // v_n
  double floor_ = 1;
};

Protocol zhao2020() {
  const Settings memory{{"model.memory_lags", "100"}};
  return {
      .name = "zhao2020",
      .source =
          "Zhao et al.: Do RNN and LSTM have Long Memory? (ICML 2020), one-step forecasts, "
          "and its published code, data set arfima",
      .settings = joined({{{"task.length", "2000"},
                           {"task.min_length", "0"},
                           {"task.test_length", "1200"},
                           {"task.test_min_length", "0"},
                           {"task.d", "0.4"},
                           {"task.warmup", "0"}},
                          split_sizes("1", "1", "20"),
                          {{"train.steps", "1000"}, {"train.batch", "1"}},
                          adam("0.01"),
                          clipping("0", "0"),
                          {{"train.reduction", "mean"},
                           {"train.eval_every", "1"},
                           {"model.hidden", "1"},
                           {"model.layers", "1"}}}),
      .per_model = {{"vanilla",
                     {{"model.activation", "tanh"},
                      {"model.init", "uniform"},
                      {"model.recurrent_init", "uniform"}}},
                    {"lstm",
                     {{"model.forget_bias", "0"},
                      {"model.init", "uniform"},
                      {"model.recurrent_init", "uniform"}}},
                    {"mrnn", memory},
                    {"mrnnf", memory},
                    {"mlstm", memory},
                    {"mlstmf", memory}},
      .deviates = {
          "a series of ARFIMA(0, 0.4, 0) with variance 1, drawn from task.seed (published: one "
          "given series, scaled to [0, 1] by its least and greatest value)",
          "validation and test are series of their own, 1 and 20 of 1200 steps (published: what "
          "follows in the same series, with the state carried on)",
          "the result is that of the last parameters (published: of the least validation loss; "
          "stops when the training loss has not fallen by 0.00001 for 100 steps)",
          "the mean squared error of unit variance (published: its root, in the series' unit)",
          "biases start at 0 (published: uniform, as the weights)",
          "models that are not in the paper (gru) get our initialisation"}};
}

}  // namespace

TaskEntry arfima_entry() {
  return task_entry<Arfima>("arfima", "a series with long memory: the next value, at every step",
                            "x   0.9  1.3  0.2  0.7     y   1.3  0.2  0.7  1.1\n"
                            "x  -1.4 -0.8 -1.6  0.1     y  -0.8 -1.6  0.1 -0.5",
                            {zhao2020()});
}

}  // namespace rnnlab
