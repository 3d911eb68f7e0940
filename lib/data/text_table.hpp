#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rnnlab {

/// A row of a table of texts, and where it stands.
struct TextRow {
  std::vector<std::string_view> cells;
  std::size_t file;  // of TextTable::files
  std::int64_t line;
};

/// Texts that belong together, in the columns of tab-separated files (.tsv or .txt, .gz or not):
///
///   train.tsv, valid.tsv (or val., dev.) and test.tsv   of a folder or archive: its parts
///   one file                                            its rows are dealt out
///
/// A file's first row that names the columns, in upper or lower case, is no row of texts. Rows
/// whose first text is the same, such as an article that is asked about twice, are dealt into one
/// part, drawn from the seed.
struct TextTable {
  std::array<std::vector<TextRow>, 3> parts;        // training, validation and test
  std::vector<std::string> files;                   // as messages name them
  std::vector<std::unique_ptr<std::string>> bytes;  // that the cells point into
  std::string sha256;                               // of the files

  std::string where(const TextRow&) const;
};

struct TextTableOptions {
  std::string path;
  std::vector<std::string> columns;  // what they are called: document, summary
  std::uint64_t seed = 0;
  double valid_share = 0.1, test_share = 0.1;  // of the different first texts
};

/// Throws Error(data), naming file and line, for a row of more or fewer columns, an empty text, a
/// row of more than 16 mebibytes, what is no UTF-8, a part without rows.
TextTable read_text_table(const TextTableOptions&);

}  // namespace rnnlab
