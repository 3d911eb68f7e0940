#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "data/idx.hpp"
#include "data/task.hpp"

namespace rnnlab {

/// Options that every task of MNIST has.
struct DigitOptions {
  std::string path;
  std::string normalise = "unit";
  std::int64_t train_examples = 0;
  std::int64_t valid_examples = 5000;
  std::int64_t test_examples = 0;

  void describe(OptionVisitor&);
  /// The first of them alone.
  void describe_path(OptionVisitor&);
};

/// The images of MNIST, or of another set in its files, and what is done with them: the last
/// `valid_examples` of the training files are for validation, of what is left the first
/// `train_examples` for training, of the test files the first `test_examples` for the test (0:
/// all). A point p = 0 … 255 is shown as
///
///   unit      p / 255
///   standard  (p / 255 − 0.1307) / 0.3081, MNIST's mean and deviation (Bai, Kolter, Koltun 2018)
class Digits {
 public:
  static constexpr int classes = IdxImages::classes;
  struct Image {
    std::span<const std::uint8_t> points;  // row by row
    int label;
  };

  /// Throws Error(data) where there is no path and none in the cache, the files cannot be read, the
  /// two sets' images are of different sizes, or nothing is left to train on.
  explicit Digits(const DigitOptions&);

  int rows() const { return train_.rows(); }
  int columns() const { return train_.columns(); }
  std::int64_t examples(Stream) const;
  /// Beyond the last example they begin anew.
  Image image(Stream, std::uint64_t example) const;
  float shown(std::uint8_t point) const { return shown_[point]; }
  std::string sha256() const;

  /// Of the classes, in the training part.
  const std::array<double, classes>& shares() const { return shares_; }
  /// −Σ p ln p of the shares.
  double entropy() const;
  /// Of each image of the test: the class whose mean image over the training part is nearest.
  std::vector<int> nearest_means() const;

 private:
  IdxImages train_, test_;
  std::size_t train_count_, valid_count_, test_count_;
  std::array<float, 256> shown_{};
  std::array<double, classes> shares_{};
};

}  // namespace rnnlab
