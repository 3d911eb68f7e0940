#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "data/corrector.hpp"
#include "data/typos.hpp"
#include "data/word_list.hpp"

namespace rnnlab {

/// What a way to correct leaves right: of the mistyped words, and of all.
struct CorrectionCount {
  std::int64_t typos_right = 0, words_right = 0;
};

/// A text whose words are mistyped, to be put right.
class SpellingTest {
 public:
  /// Mistypes a `share` of the words (data/typos.hpp), the same ones for the same seed. Throws
  /// Error(data) naming `where` and the line for a text that is not UTF-8.
  SpellingTest(std::string_view text, const std::string& where, const WordList&, double share,
               std::uint64_t seed);

  std::int64_t words() const { return words_; }
  std::int64_t typos() const { return typos_; }
  /// Of the text as it is mistyped.
  CorrectionCount uncorrected() const { return {0, words_ - typos_}; }
  /// Of what the corrector makes of it, line by line; of the lines before it is stopped.
  CorrectionCount corrected(Corrector&, const std::function<bool()>& stopped = {}) const;

 private:
  struct Line {
    std::string right, where;
    MistypedLine wrong;
  };
  std::vector<Line> lines_;
  std::int64_t words_ = 0, typos_ = 0;
};

}  // namespace rnnlab
