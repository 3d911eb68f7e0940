#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "data/corpus.hpp"

namespace rnnlab {

/// A text and its class.
struct LabelledText {
  std::string text;
  std::int32_t label = 0;
};

/// Texts of known classes, as a corpus has them.
struct LabelledTexts {
  std::vector<std::string> classes;               // 0 and 1 are named negative and positive
  std::array<std::vector<LabelledText>, 3> part;  // training, validation, test
  bool has_test = false;  // else all texts are in the first part, or, with `has_valid`, …
  bool has_valid = false;
  std::string sha256;  // of the files that were read
};

/// Which corpora of labelled texts are known by name, `auto` (whatever is there) first.
std::vector<std::string> labelled_text_corpora();

/// Reads labelled texts, told apart by the files' names and first lines:
///
///   stsa.binary.{train,dev,test}   a line is `1 some words`: SST-2, and its split
///   rt-polarity.{pos,neg}          a line is a text
///   {train,dev[,test]}.tsv         GLUE: a header with the columns `sentence` and `label`; a test
///                                  file without labels is left out, and then dev is the test part
///   one file                       any of these lines, or CSV or TSV with a header of the columns
///                                  label, and review, sentence or text
///
/// `which` of labelled_text_corpora() picks one out of a folder of several: `waimai` is
/// waimai_10k.csv, `hotel` ChnSentiCorp_htl_all.csv. Labels are the classes' names; whole numbers
/// are in their order, all others in the order of their bytes.
///
/// Throws Error(data), naming file and line, for what is no such corpus, a line without label, a
/// label that training does not have, a corpus of one class or without texts.
LabelledTexts read_labelled_texts(const Corpus&, const std::string& which);

}  // namespace rnnlab
