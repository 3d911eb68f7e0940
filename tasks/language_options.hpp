#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "data/language_corpus.hpp"
#include "data/language_model_task.hpp"
#include "data/task.hpp"

namespace rnnlab {

/// The options of every language model's task.
struct LanguageOptions {
  std::string path;
  std::int64_t length = 100;
  std::string sampling = "consecutive";
  double valid_share = 0.1;
  double test_share = 0;
  DataOptions data;  // the text says how many there are

  /// `unit`: what a text is read by, in the plural. `optional`: a text is not needed.
  void describe(OptionVisitor&, const std::string& unit, bool optional = false);
};

/// Where the targets of training, validation and test begin and end among the symbols.
struct LanguageParts {
  std::array<std::size_t, 3> begin{}, end{};
};

/// Throws Error(usage) where the shares leave nothing to train on.
void check(const LanguageOptions&);

/// The parts of texts that together have `ends.back()` symbols, the first of which stands before
/// the first target: one text, cut by the shares, or two or three. `unit`: as above. Throws
/// Error(data) where one is too short.
LanguageParts parts_of(const LanguageOptions&, std::span<const std::size_t> ends,
                       const std::string& unit);

/// What the options and the parts say of a text, which is that of `symbols` and `ids`.
LanguageData language_data(const LanguageOptions&, const LanguageParts&, TextUnit,
                           std::vector<std::string> symbols, std::vector<std::int32_t> ids,
                           std::string sha256);

/// The same of a corpus by character. Characters that the training part has less often than
/// `min_count` times are U+FFFD. Takes no more memory than parse_text_corpus. Throws Error(data)
/// where the corpus is too short, or not UTF-8.
LanguageData character_data(const LanguageOptions&, LanguageCorpus, std::int64_t min_count);

}  // namespace rnnlab
