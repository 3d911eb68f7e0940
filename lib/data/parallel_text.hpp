#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rnnlab {

/// A sentence and its translation, as the corpus has them, and where they stand: `fra.txt:17`.
struct SentencePair {
  std::string_view source, target;
  std::size_t file;  // of ParallelText::files
  std::int64_t line;
};

/// A corpus of sentences and their translations as it was downloaded.
///
///   tab-separated   one file: source and target, or target and source, and whatever third column
///                   (Tatoeba's attribution), which is left out: fra-eng.zip, fra.txt, mine.tsv
///   parallel files  a folder or archive with train.LANGUAGE, val.LANGUAGE (or valid., dev.) and
///                   TEST.LANGUAGE, or .gz of them, a sentence on each line (Multi30k)
struct ParallelText {
  /// Training, validation and test; of tab-separated files all pairs stand in the first.
  std::array<std::vector<SentencePair>, 3> parts;
  bool split = false;              // whether the corpus says which pair is in which part
  std::vector<std::string> files;  // as messages name them
  std::vector<std::unique_ptr<std::string>> bytes;  // that the pairs point into

  std::string where(const SentencePair&) const;
};

struct ParallelOptions {
  std::string path, source, target;  // languages, as they name files: en, fr, de, zh
  bool source_first = true;          // of the two columns
  std::string test;                  // of parallel files, the test's: test_2016_flickr
};

/// Throws Error(data), naming file and line, for everything that cannot be read as one of the two:
/// rows of one column or more than three, files of unequal lengths, an empty sentence or one of
/// more than a mebibyte, what is no UTF-8, an empty file.
ParallelText read_parallel_text(const ParallelOptions&);

}  // namespace rnnlab
