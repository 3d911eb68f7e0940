#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace rnnlab {

struct CorrectedLine {
  std::string line, corrected;
};

/// What one way to correct has put right.
struct CorrectionCount {
  std::string ranking;
  std::int64_t typos_right = 0;  // of the mistyped words
  std::int64_t words_right = 0;  // of all words
};

struct CorrectionReport {
  std::int64_t words = 0, typos = 0;
  std::vector<CorrectionCount> rankings;
};

/// A line for each ranking.
std::string correction_table(const CorrectionReport&);
/// {"words": N, "typos": N, "rankings": [{"ranking": "unigram", "typos_right": N, "accuracy": x,
/// "words_right": N, "word_accuracy": x}]}; shares of nothing are null.
std::string correction_json(const CorrectionReport&);
/// {"lines": [{"line": …, "corrected": …}]}
std::string corrected_json(const std::vector<CorrectedLine>&);

}  // namespace rnnlab
