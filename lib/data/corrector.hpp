#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/word_list.hpp"

namespace rnnlab {

struct CorrectorOptions {
  double edit_cost = 9;        // nats that an edit takes from a candidate's score
  std::size_t reranked = 100;  // candidates, the likeliest by the word list, that a model reads
  std::size_t horizon = 24;    // symbols of the line behind a candidate that are read with it
};

/// Spelling correction of words that are in no list (the noisy channel: Kernighan, Church and Gale
/// 1990). For a word w the candidates c are those of the list within edit distance 2, and the one
/// with the highest score takes w's place, in w's case:
///
///   score(c) = ln share(c) − cost · distance(w, c)
///
/// A word without candidates stays.
class Corrector {
 public:
  /// REQUIRES: the list outlives it.
  Corrector(const WordList& words, const CorrectorOptions& options)
      : options_(options), words_(words) {}
  virtual ~Corrector() = default;

  /// A line without its end, corrected. Throws Error(data), naming `where` it is from, if it is not
  /// UTF-8.
  std::string operator()(std::string_view line, const std::string& where);

 protected:
  double cost(const WordList::Candidate& c) const {
    return options_.edit_cost * static_cast<double>(c.distance);
  }
  const CorrectorOptions options_;

 private:
  /// What stands before the next word, as it was corrected; a line's end.
  virtual void read(std::string_view) {}
  virtual void end_line() {}
  /// Puts the best of the candidates first, which come best first by the list; `rest` of the line
  /// follows. Leaves out those that it cannot judge.
  virtual void choose(std::vector<WordList::Candidate>&, std::string_view /*rest*/) {}

  std::string best(std::string_view word, std::string_view rest);

  const WordList& words_;
};

}  // namespace rnnlab
