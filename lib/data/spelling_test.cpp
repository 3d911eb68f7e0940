#include "data/spelling_test.hpp"

#include <algorithm>

#include "data/corpus.hpp"

namespace rnnlab {
namespace {

void count(CorrectionCount& to, const std::string& right, const std::string& corrected,
           const std::vector<std::size_t>& mistyped) {
  const auto places = word_places(right), found = word_places(corrected);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const bool same = i < found.size() && right.substr(places[i].begin, places[i].size) ==
                                              corrected.substr(found[i].begin, found[i].size);
    to.words_right += same;
    to.typos_right += same && std::binary_search(mistyped.begin(), mistyped.end(), i);
  }
}

}  // namespace

SpellingTest::SpellingTest(std::string_view text, const std::string& where, const WordList& words,
                           double share, std::uint64_t seed) {
  for (const TextLine& line : text_lines(text, where)) {
    lines_.push_back({std::string(line.text), line_name(where, line.number),
                      mistyped(line.text, words, share, {seed, Stream::generate},
                               static_cast<std::uint64_t>(line.number))});
    words_ += std::ssize(word_places(line.text));
    typos_ += std::ssize(lines_.back().wrong.words);
  }
}

CorrectionCount SpellingTest::corrected(Corrector& correct,
                                        const std::function<bool()>& stopped) const {
  CorrectionCount result;
  for (const Line& line : lines_) {
    if (stopped && stopped()) break;
    count(result, line.right, correct(line.wrong.text, line.where), line.wrong.words);
  }
  return result;
}

}  // namespace rnnlab
