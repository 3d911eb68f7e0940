#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "data/spelling_test.hpp"

namespace rnnlab {

struct CorrectedLine {
  std::string line, corrected;
};

struct CorrectionReport {
  std::int64_t words = 0, typos = 0;
  std::vector<std::pair<std::string, CorrectionCount>> rankings;  // by name
};

/// A line for each ranking.
std::string correction_table(const CorrectionReport&);
/// {"words": N, "typos": N, "rankings": [{"ranking": "unigram", "typos_right": N, "accuracy": x,
/// "words_right": N, "word_accuracy": x}]}; shares of nothing are null.
std::string correction_json(const CorrectionReport&);
/// {"lines": [{"line": …, "corrected": …}]}
std::string corrected_json(const std::vector<CorrectedLine>&);

}  // namespace rnnlab
