#pragma once

#include <array>
#include <string>
#include <vector>

namespace rnnlab {

/// A language model's texts as their files have them.
struct LanguageCorpus {
  struct Text {
    std::string bytes;
    std::string where;  // what messages call it
  };
  /// One text, which is yet to be cut, or those of training, validation and test. Where there is no
  /// file for the test, it is on the validation part: two texts.
  std::vector<Text> texts;
  std::string sha256;  // of the one file's bytes; of several files', of their digests
};

/// Reads a corpus (data/corpus.hpp):
///
///   wiki.train.tokens, ptb.train.txt, train.txt, … beside wiki.valid.tokens, … wiki.test.tokens
///           the parts that they are. The file of training may be named itself, or lie in the
///           folder or archive that is; the others have its name with `valid`, `val` or `dev`, and
///           `test`, in the place of `train`
///   any other file, or the only one of a folder or an archive
///           one text; of a .json the poems that it holds (data/json_poems.hpp)
///
/// Throws Error(data) for a path that is neither, or cannot be read.
LanguageCorpus read_language_corpus(const std::string& path);

/// The files beside one of training that are read with it, as the same corpus' other parts: none
/// where its name has no `train`.
std::vector<std::string> parts_beside(const std::string& file);

/// The whole text of one file, in whatever place.
LanguageCorpus::Text read_language_text(const std::string& path);

}  // namespace rnnlab
