#include "mnist.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include "digits.hpp"

namespace rnnlab {
namespace {

/// A handwritten digit, read a row of points at a step (`mnist-rows`) or a point at a step, row by
/// row (`mnist-pixels`: sequential MNIST, Le, Jaitly and Hinton 2015); its class is asked for at
/// the end.
///
///   mnist-rows    T = 28, I = 28    x  row 1 | row 2 | … | row 28    y  5
///   mnist-pixels  T = 784, I = 1    x  0 0 … 0.01 0.07 … 0 0         y  5
///
/// With `permutation` random (permuted MNIST) step t shows another point: the one at place
/// permuted({permutation_seed, Stream::order}, 0, 784, t), the same for all images.
template <bool by_point>
class Mnist final : public Task {
 public:
  struct Options {
    DigitOptions digits;
    std::string permutation = "none";
    std::int64_t permutation_seed = 0;
    DataOptions data;  // the files say how many there are

    void describe(OptionVisitor& v) {
      digits.describe(v);
      if (!by_point) return;
      v.visit({.name = "permutation",
               .help = "the order in which the points are read: row by row, or a random one that "
                       "is the same for all images",
               .choices = {"none", "random"}},
              permutation);
      v.visit({.name = "permutation_seed",
               .help = "which random order; independent of task.seed and train.seed",
               .min = 0,
               .max = 9007199254740991.0},
              permutation_seed);
    }
  };

  explicit Mnist(const Options& o) : digits_(o.digits) {
    const int points = digits_.rows() * digits_.columns();
    const bool permuted_order = o.permutation == "random";
    order_.resize(static_cast<std::size_t>(points));
    std::iota(order_.begin(), order_.end(), 0u);
    for (std::uint32_t& place : order_) {
      if (permuted_order)
        place = static_cast<std::uint32_t>(
            permuted({static_cast<std::uint64_t>(o.permutation_seed), Stream::order}, 0,
                     order_.size(), place));
    }
    facts_ = {.inputs = by_point ? 1 : digits_.columns(),
              .outputs = Digits::classes,
              .length = by_point ? points : digits_.rows(),
              .rows = by_point && !permuted_order ? digits_.rows() : 0,
              .columns = by_point && !permuted_order ? digits_.columns() : 0,
              .loss = LossKind::cross_entropy,
              .readout = Readout::last,
              .chance_loss = digits_.entropy(),
              .solved = 0.99,
              .chance = "always the shares of the training part's classes"};
  }

  Facts facts() const override { return facts_; }
  std::int64_t examples(Stream split) const override { return digits_.examples(split); }
  std::string data_sha256() const override { return digits_.sha256(); }

  void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
    const std::size_t B = examples.size();
    out.reset(facts_, static_cast<int>(B));
    // [T, B, I]: a row of points stays together, whose length is I.
    const auto I = static_cast<std::size_t>(facts_.inputs);
    for (std::size_t b = 0; b < B; ++b) {
      const Digits::Image image = digits_.image(key.stream, examples[b]);
      out.label[b] = image.label;
      for (std::size_t i = 0; i < order_.size(); ++i)
        out.x[(i / I * B + b) * I + i % I] = digits_.shown(image.points[order_[i]]);
    }
  }

  std::vector<Baseline> baselines() const override {
    const auto& shares = digits_.shares();
    const auto majority = std::max_element(shares.begin(), shares.end()) - shares.begin();
    const std::vector<int> nearest = digits_.nearest_means();
    double most = 0, means = 0;
    for (std::size_t n = 0; n < nearest.size(); ++n) {
      const int label = digits_.image(Stream::test, n).label;
      most += label == majority;
      means += label == nearest[n];
    }
    const auto count = static_cast<double>(nearest.size());
    return {{"most frequent class", most / count}, {"nearest class mean", means / count}};
  }

 private:
  Digits digits_;
  Facts facts_;
  std::vector<std::uint32_t> order_;  // [T · I]: the point that each input shows
};

}  // namespace

TaskEntry mnist_rows_entry() {
  return task_entry<Mnist<false>>("mnist-rows",
                                  "a handwritten digit of MNIST, read row by row: which one it is",
                                  "x  row 1 of 28 points | row 2 | ... | row 28     y  5\n"
                                  "x  row 1 of 28 points | row 2 | ... | row 28     y  0",
                                  {});
}

TaskEntry mnist_pixels_entry() {
  return task_entry<Mnist<true>>(
      "mnist-pixels",
      "sequential and permuted MNIST: a handwritten digit, read point by point in 784 steps",
      "x  0 0 0 ... 0.01 0.07 0.07 ... 0 0     y  5\n"
      "x  0 0 0 ... 0.2 0.62 0.99 ... 0 0      y  0",
      mnist_protocols());
}

}  // namespace rnnlab
