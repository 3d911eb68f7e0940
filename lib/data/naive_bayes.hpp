#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace rnnlab {

/// Multinomial naive Bayes over the symbols of a text, each counted once a text (binarised, Wang
/// and Manning 2012), with N(c, f) texts of class c that have f, and F different ones in training:
///
///   log P(c | text) = log N(c) / N + Σ_f log (N(c, f) + 1) / (Σ_f' N(c, f') + F) + const
///
/// f: a symbol; with `pairs` also two that stand one behind the other. What training has not seen
/// counts for nothing. Of equals the first class.
class NaiveBayes {
 public:
  NaiveBayes(int classes, bool pairs);

  void learn(std::span<const std::int32_t> symbols, std::int32_t label);
  std::int32_t predict(std::span<const std::int32_t> symbols) const;
  /// log N(c)/N + Σ_f …, of each class.
  std::vector<double> scores(std::span<const std::int32_t> symbols) const;

 private:
  std::vector<std::uint64_t> features(std::span<const std::int32_t> symbols) const;

  std::size_t classes_;
  bool pairs_;
  std::unordered_map<std::uint64_t, std::uint32_t> place_;  // of a feature's counts
  std::vector<std::int32_t> count_;                         // [place, classes]
  std::vector<std::int64_t> total_, texts_;                 // [classes]
};

}  // namespace rnnlab
