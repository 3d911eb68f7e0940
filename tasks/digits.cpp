#include "digits.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "corpora/cache.hpp"
#include "data/corpus.hpp"

namespace rnnlab {
namespace {

Corpus corpus_of(const DigitOptions& o) {
  return Corpus(corpus_path(o.path, corpora_of("mnist-rows")));
}

std::size_t at_most(std::int64_t wanted, std::size_t there) {
  return wanted == 0 ? there : std::min(there, static_cast<std::size_t>(wanted));
}

}  // namespace

void DigitOptions::describe_path(OptionVisitor& v) {
  v.visit({.name = "path",
           .help = "the folder with train- and t10k-images-idx3-ubyte and -labels-idx1-ubyte, "
                   "packed by gzip or not",
           .file = true},
          path);
}

void DigitOptions::describe(OptionVisitor& v) {
  describe_path(v);
  v.visit({.name = "normalise",
           .help = "how a point is shown: from 0 to 1, or with MNIST's mean and deviation as 0 "
                   "and 1",
           .choices = {"unit", "standard"}},
          normalise);
  v.visit({.name = "train_examples",
           .help = "images to train on, the first ones; 0: all that are not for validation",
           .unit = "examples",
           .min = 0,
           .max = 1e9},
          train_examples);
  v.visit({.name = "valid_examples",
           .help = "images for validation, the last ones of the training files",
           .unit = "examples",
           .min = 1,
           .max = 1e9},
          valid_examples);
  v.visit({.name = "test_examples",
           .help = "images for the test, the first ones of the test files; 0: all",
           .unit = "examples",
           .min = 0,
           .max = 1e9},
          test_examples);
}

Digits::Digits(const DigitOptions& o)
    : train_(read_idx_images(corpus_of(o), "train")),
      test_(read_idx_images(corpus_of(o), "t10k")),
      valid_count_(static_cast<std::size_t>(o.valid_examples)),
      test_count_(at_most(o.test_examples, test_.count())) {
  if (test_.rows() != rows() || test_.columns() != columns())
    throw Error(Exit::data,
                "images to train on of " + std::to_string(rows()) + " x " +
                    std::to_string(columns()) + " points, to test on of " +
                    std::to_string(test_.rows()) + " x " + std::to_string(test_.columns()),
                o.path, "give one set's four files");
  if (train_.count() <= valid_count_)
    throw Error(Exit::data,
                "too few images to train on: " + std::to_string(train_.count()) +
                    ", of which the last " + std::to_string(valid_count_) + " are for validation",
                o.path, "give a smaller task.valid_examples");
  train_count_ = at_most(o.train_examples, train_.count() - valid_count_);
  for (std::size_t p = 0; p < shown_.size(); ++p) {
    const double unit = static_cast<double>(p) / 255;
    shown_[p] = static_cast<float>(o.normalise == "standard" ? (unit - 0.1307) / 0.3081 : unit);
  }
  for (std::size_t n = 0; n < train_count_; ++n)
    shares_[static_cast<std::size_t>(train_.label(n))] += 1.0 / static_cast<double>(train_count_);
}

std::int64_t Digits::examples(Stream split) const {
  return static_cast<std::int64_t>(split == Stream::test    ? test_count_
                                   : split == Stream::valid ? valid_count_
                                                            : train_count_);
}

Digits::Image Digits::image(Stream split, std::uint64_t example) const {
  const IdxImages& from = split == Stream::test ? test_ : train_;
  const auto first = split == Stream::valid ? train_.count() - valid_count_ : 0;
  const auto n = first + example % static_cast<std::uint64_t>(examples(split));
  return {from.image(n), from.label(n)};
}

std::string Digits::sha256() const { return rnnlab::sha256(train_.digest() + test_.digest()); }

double Digits::entropy() const {
  double nats = 0;
  for (const double p : shares_) nats -= p > 0 ? p * std::log(p) : 0;
  return nats;
}

std::vector<int> Digits::nearest_means() const {
  const std::size_t points = train_.points();
  std::array<std::vector<double>, classes> mean;
  std::array<double, classes> norm{};
  for (auto& m : mean) m.assign(points, 0.0);
  for (std::size_t n = 0; n < train_count_; ++n) {
    const auto image = train_.image(n);
    auto& sum = mean[static_cast<std::size_t>(train_.label(n))];
    for (std::size_t i = 0; i < points; ++i) sum[i] += image[i];
  }
  for (std::size_t c = 0; c < classes; ++c) {
    for (double& m : mean[c]) {
      if (shares_[c] > 0) m /= shares_[c] * static_cast<double>(train_count_);
      norm[c] += m * m;
    }
  }
  std::vector<int> nearest;
  for (std::size_t n = 0; n < test_count_; ++n) {
    const auto image = test_.image(n);
    // ‖x − m‖² less ‖x‖², which is the same for all classes.
    std::array<double, classes> distance = norm;
    for (std::size_t c = 0; c < classes; ++c) {
      double product = 0;
      for (std::size_t i = 0; i < points; ++i) product += mean[c][i] * image[i];
      distance[c] = shares_[c] > 0 ? norm[c] - 2 * product : HUGE_VAL;
    }
    nearest.push_back(
        static_cast<int>(std::min_element(distance.begin(), distance.end()) - distance.begin()));
  }
  return nearest;
}

}  // namespace rnnlab
