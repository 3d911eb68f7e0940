#include "file.hpp"

#include <algorithm>
#include <cmath>

#include "data/error_rate.hpp"
#include "file_parts.hpp"

namespace rnnlab {
namespace {

/// Examples of the user's own, from the arrays of a file: .npz, .h5 or .hdf5.
///
///   inputs  [N, T, I]  numbers      2.1 0.3   1.7 0.2   (T = 2 steps of I = 2 numbers)
///   targets [N, O]     values       0.5                 (O = 1, asked for at the last step)
///
///   inputs  [N, T]     symbols      3 0 2 1             (T = 4)
///   targets [N, T]     classes      0 0 1 1             (one for every step)
///   targets [N, U]     sequences    2 1 2               (with target_lengths [N])
///
/// Integers are symbols and classes, floating point is values; [N] classes and [N, O] values are
/// asked for at an example's last step, [N, T] and [N, T, O] at every one. With `target_lengths`
/// [N] targets are sequences, of classes from 1 on (0 is their end). `lengths` [N] says after how
/// many steps an example ends, `weights`, [N, T] (or [N]) how much a target counts. Validation and
/// test are arrays of their own (inputs_valid, targets_valid, …), or named by `split` [N] (0
/// training, 1 validation, 2 test), or shares of the examples, drawn from task.seed.
class FileTask final : public Task {
 public:
  struct Options {
    std::string path;
    std::int64_t seed = 0;
    Shares shares;
    DataOptions data;  // the file says how many there are

    void describe(OptionVisitor& v) {
      v.visit({.name = "path",
               .help = "a .npz, .h5 or .hdf5 file with the arrays inputs and targets",
               .file = true},
              path);
      v.visit({.name = "seed",
               .help = "which examples are for validation and test, where the file does not say",
               .min = 0,
               .max = 9007199254740991.0},
              seed);
      shares.describe(v);
    }
  };

  explicit FileTask(const Options& o) : files_(o.path, o.seed, o.shares) {
    take_facts();
    judge_constant();
  }

  Facts facts() const override { return facts_; }
  std::int64_t examples(Stream split) const override {
    return std::ssize(files_.part(split).which);
  }

  void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
    const std::size_t B = examples.size();
    out.reset(facts_, static_cast<int>(B));
    const FileParts::Part& from = files_.part(key.stream);
    const FileExamples& e = *from.examples;
    for (std::size_t b = 0; b < B; ++b) {
      const std::size_t n = from.which[examples[b] % from.which.size()];
      const auto length = static_cast<std::size_t>(e.length[n]);
      out.length[b] = e.length[n];
      for (std::size_t t = 0; t < length; ++t) {
        const std::size_t to = t * B + b, at = n * e.steps + t;
        if (facts_.symbols) {
          out.symbol[to] = e.symbol[at];
        } else {
          std::copy_n(&e.x[at * e.width], e.width, &out.x[to * e.width]);
        }
      }
      if (e.target_steps > 0) out.target_steps[b] = e.target_length[n];
      const std::size_t rows = facts_.readout == Readout::last ? 1 : out.weight.size() / B;
      for (std::size_t r = 0; r < rows; ++r) {
        const std::size_t to = r * B + b, at = n * e.rows() + r;
        const float weight = e.weight_at(n, r);
        out.weight[to] = weight;
        if (weight == 0) continue;
        if (e.outputs == 0) {
          out.label[to] = e.label[at];
        } else {
          std::copy_n(&e.y[at * e.outputs], e.outputs, &out.y[to * e.outputs]);
        }
      }
    }
  }

  std::string data_sha256() const override { return files_.sha256(); }
  std::vector<Baseline> baselines() const override { return {baseline_}; }
  std::vector<TestMetric> test_metrics() const override {
    if (facts_.readout != Readout::sequence) return {};
    return error_rate_metrics("label_error_rate",
                              "edits of greedy decoding, by the labels of the test targets");
  }
  std::unique_ptr<Scorer> scorer(Stream) const override {
    return facts_.readout == Readout::sequence ? error_rate_scorer() : nullptr;
  }

 private:
  void take_facts() {
    const FileExamples& train = *files_.sets().front();
    facts_ = {.inputs = static_cast<int>(train.width),
              .symbols = train.width == 0,
              .outputs = static_cast<int>(train.outputs),
              .loss = train.outputs == 0 ? LossKind::cross_entropy : LossKind::mse,
              .readout = train.readout,
              .solved = train.outputs == 0 ? 1.0 : 0.0,
              .chance = "always the mean of the training targets"};
    if (train.outputs == 0) facts_.chance = "always the shares of the training part's classes";
    for (const FileExamples* e : files_.sets()) {
      const auto longest = *std::max_element(e->length.begin(), e->length.end());
      facts_.length = std::max(facts_.length, longest);
      for (const std::int32_t own : e->target_length)
        facts_.target_length = std::max(facts_.target_length, own);
      if (facts_.symbols) facts_.inputs = std::max(facts_.inputs, e->largest_symbol + 1);
      if (e->outputs == 0) facts_.outputs = std::max(facts_.outputs, e->largest_label + 1);
    }
    if (facts_.loss == LossKind::cross_entropy && facts_.outputs < 2) {
      files_.refuse("array 'targets' has one class only", "store at least two classes");
    }
  }

  /// Calls f(examples, place of the target, weight) for the scored targets of a split.
  static void for_targets(const FileParts::Part& part, auto&& f) {
    const FileExamples& e = *part.examples;
    for (const std::uint32_t n : part.which) {
      for (std::size_t r = 0; r < e.rows(); ++r) {
        const float weight = e.weight_at(n, r);
        if (weight > 0) f(e, n * e.rows() + r, static_cast<double>(weight));
      }
    }
  }

  /// The best constant of the training part: its own loss there, and its metric on the test part.
  void judge_constant() {
    const auto O = static_cast<std::size_t>(facts_.outputs);
    std::vector<double> sum(O, 0.0);  // then the mean, or each class' share
    double weights = 0;
    const bool classes = facts_.loss == LossKind::cross_entropy;
    for_targets(files_.part(Stream::train), [&](const FileExamples& e, std::size_t at, double w) {
      weights += w;
      if (classes) {
        sum[static_cast<std::size_t>(e.label[at])] += w;
        return;
      }
      for (std::size_t i = 0; i < O; ++i) sum[i] += w * static_cast<double>(e.y[at * O + i]);
    });
    for (double& s : sum) s /= weights;
    facts_.chance_loss = 0;
    if (classes) {
      for (const double share : sum) facts_.chance_loss -= share > 0 ? share * std::log(share) : 0;
    } else {
      facts_.chance_loss = error_of(sum, files_.part(Stream::train));
    }
    if (!classes) {
      baseline_ = {"mean of the training targets", error_of(sum, files_.part(Stream::test))};
      return;
    }
    const auto majority = std::max_element(sum.begin(), sum.end()) - sum.begin();
    double right = 0, all = 0;
    for_targets(files_.part(Stream::test), [&](const FileExamples& e, std::size_t at, double w) {
      all += w;
      if (e.label[at] == majority) right += w;
    });
    baseline_ = {"most frequent class", right / all};
  }

  static double error_of(const std::vector<double>& constant, const FileParts::Part& part) {
    const std::size_t O = constant.size();
    double error = 0, all = 0;
    for_targets(part, [&](const FileExamples& e, std::size_t at, double w) {
      all += w;
      for (std::size_t i = 0; i < O; ++i) {
        const double d = static_cast<double>(e.y[at * O + i]) - constant[i];
        error += w * d * d / static_cast<double>(O);
      }
    });
    return error / all;
  }

  FileParts files_;
  Facts facts_;
  Baseline baseline_;
};

}  // namespace

TaskEntry file_entry() {
  return task_entry<FileTask>(
      "file", "your own arrays: sequences and their targets, from NumPy or HDF5",
      "x  2.1 0.3 | 1.7 0.2 (inputs [N, T, I])     y  0.5 (targets [N, O], floating point)\n"
      "x  3 0 2 1 (inputs [N, T], symbols)         y  0 0 1 1 (targets [N, T], classes)\n"
      "(written by: import numpy as np\n"
      "             x = np.random.rand(1000, 20, 2)\n"
      "             np.savez(\"mine.npz\", inputs=x, targets=x.sum(axis=1))\n"
      " and, where they are wanted, lengths [N], weights [N, T], split [N] of 0, 1, 2;\n"
      " target_lengths [N]: targets [N, U] are sequences of classes from 1 on)",
      {});
}

}  // namespace rnnlab
