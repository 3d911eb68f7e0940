#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/text_vocabulary.hpp"
#include "data/word_list.hpp"
#include "decode/continuations.hpp"

namespace rnnlab {

struct CorrectorOptions {
  double edit_cost = 9;        // nats that an edit takes from a candidate's score
  std::size_t reranked = 100;  // candidates, the likeliest by the word list, that the model reads
  std::size_t horizon = 24;    // symbols of the line behind a candidate that are read with it
};

/// Spelling correction of words that are in no list (the noisy channel: Kernighan, Church and Gale
/// 1990). For a word w the candidates c are those of the list within edit distance 2, and the one
/// with the highest score takes w's place, in w's case:
///
///   by the list      score(c) = ln share(c) − cost · distance(w, c)
///   by the model     score(c) = ln P(c, what follows | the text before) − cost · distance(w, c)
///
/// A word without candidates stays. The text before is that of the lines before as well, as they
/// were corrected; characters or words that the model has no symbol for are
/// left out of it, and what follows ends there. Where the model cannot write a candidate in w's
/// case, it reads it in lower case.
class Corrector {
 public:
  /// By the list alone.
  Corrector(const WordList& words, const CorrectorOptions& options)
      : words_(words), options_(options) {}
  /// By a language model. REQUIRES: list, vocabulary and model outlive it; the model has read
  /// nothing.
  Corrector(const WordList&, const CorrectorOptions&, const TextVocabulary&, Continuations&);

  /// A line without its end, corrected. Throws Error(data), naming `where` it is from, if it is not
  /// UTF-8.
  std::string operator()(std::string_view line, const std::string& where);

 private:
  std::string best(std::string_view word, std::string_view rest);
  void by_model(std::vector<WordList::Candidate>&, std::vector<double>& scores,
                std::string_view rest);
  void read(std::string_view text);

  const WordList& words_;
  CorrectorOptions options_;
  const TextVocabulary* vocabulary_ = nullptr;
  Continuations* model_ = nullptr;
};

}  // namespace rnnlab
