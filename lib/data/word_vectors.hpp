#pragma once

#include <string>
#include <vector>

#include "data/task.hpp"

namespace rnnlab {

/// Reads pretrained vectors in GloVe's text format (Pennington, Socher and Manning 2014), plain,
/// .gz, or as the one file of a .zip: each line a word and its D numbers with blanks between. A
/// first line of two whole numbers, how many words there are and D, is word2vec's. What `symbols`
/// has no word for is left out; of a word that comes twice the first counts. A word may have blanks
/// in it, as some of GloVe's have: the last D pieces are the numbers.
///
/// Throws Error(data) where no symbol has a vector, and, naming file and line, where a line has
/// fewer or more than D finite numbers, a word is not UTF-8, or lines are missing.
SymbolVectors read_word_vectors(const std::string& path, const std::vector<std::string>& symbols);

/// The same, of a text called `where`.
SymbolVectors parse_word_vectors(std::string_view text, const std::string& where,
                                 const std::vector<std::string>& symbols);

}  // namespace rnnlab
