#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace rnnlab {

/// What summaries are compared by: runs of letters and digits, in lower case; a Chinese or Japanese
/// character is a run of its own. REQUIRES: valid UTF-8.
std::vector<std::string> rouge_tokens(std::string_view text);

/// ROUGE (Lin: ROUGE: A Package for Automatic Evaluation of Summaries, 2004) of one summary
/// against one reference: the F-measure 2 P R / (P + R), 0 where nothing is shared, of
///
///   ROUGE-n   shared n-grams, each as often as it is in both; P of the summary's, R of the
///             reference's
///   ROUGE-L   their longest common subsequence; P by the summary's tokens, R by the reference's
///
/// without stemming and stop words: as Google's rouge_score has it where all letters are ASCII's,
/// the only ones that it knows.
struct RougeScores {
  double one = 0, two = 0, longest = 0;  // 0 … 1
};
RougeScores rouge(const std::vector<std::string>& summary,
                  const std::vector<std::string>& reference);

/// The mean over summaries.
class Rouge {
 public:
  void add(std::string_view summary, std::string_view reference);
  RougeScores mean() const;  // 0 of none

 private:
  RougeScores sum_;
  double count_ = 0;
};

}  // namespace rnnlab
