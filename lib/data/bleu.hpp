#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rnnlab {

/// Corpus BLEU-4 (Papineni, Roukos, Ward, Zhu: BLEU: a Method for Automatic Evaluation of Machine
/// Translation, ACL 2002) as sacreBLEU 2 computes it by default (Post, WMT 2018): case-sensitive,
/// on tokens of detokenised text, any number of references per sentence.
///
///   p_n = 100 Σ min(count of the n-gram, its largest count in one reference) / Σ count
///   BLEU = e^{min(0, 1 − r / c)} (p_1 p_2 p_3 p_4)^{1/4}
///
/// sums over all n-grams of all hypotheses; c their tokens, r those of the references closest in
/// length, the shorter one of two. In place of the k-th p_n that is 0, in the order of n, stands
/// 100 / (2^k Σ count) ("exp" smoothing: Chen and Cherry 2014, method 3). BLEU is 0 where no token
/// is right, and where no hypothesis has four.
class Bleu {
 public:
  using Tokens = std::vector<std::string> (*)(std::string_view);

  /// `tokens`: tokens_13a, or tokens_zh for Chinese.
  explicit Bleu(Tokens tokens) : tokens_(tokens) {}

  /// Adds a sentence. Empty references are passed over. REQUIRES: another one.
  void add(std::string_view hypothesis, const std::vector<std::string>& references);
  /// Adds the sentences of another.
  Bleu& operator+=(const Bleu&);

  /// 0 … 100; 0 of no sentences.
  double score() const;

  /// What the score is computed from, [n − 1], and the lengths in tokens.
  const std::array<std::int64_t, 4>& right() const { return right_; }
  const std::array<std::int64_t, 4>& total() const { return total_; }
  std::int64_t length() const { return length_; }
  std::int64_t reference_length() const { return reference_length_; }

 private:
  Tokens tokens_;
  std::array<std::int64_t, 4> right_{}, total_{};
  std::int64_t length_ = 0, reference_length_ = 0;
};

/// What sacreBLEU is told for a target language: 13a, or zh.
Bleu::Tokens bleu_tokens(std::string_view language);

}  // namespace rnnlab
