#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rnnlab {

class Archive;

/// A corpus as it was downloaded: a folder, one file, or a .zip, .tar.gz or .tgz archive, whose
/// files are found by their names, which may be anything and are never written to. A file whose
/// name ends in .gz is read decompressed.
class Corpus {
 public:
  /// Throws Error(data) where there is nothing that can be read.
  explicit Corpus(const std::string& path);
  ~Corpus();

  /// Whether the path is that of one file, no folder and no archive.
  bool is_file() const { return !folder_ && !archive_; }
  /// All files below the path, sorted, `/` between folders; that of one file is its own name.
  const std::vector<std::string>& files() const { return files_; }
  /// The file of that name, or of that name and .gz, in whatever folder: the least deep, then the
  /// first. None: there is none.
  std::optional<std::string> find(std::string_view name) const;

  /// All of a file's bytes, in no more memory than they and what they are packed in. Throws
  /// Error(data), naming it, if it is damaged or cannot be read.
  std::string bytes(const std::string& file) const;
  /// What a message calls the file: its whole path.
  std::string where(const std::string& file) const;

 private:
  std::string path_;
  bool folder_ = false;
  std::unique_ptr<Archive> archive_;
  std::vector<std::string> files_;
};

/// The lines of a text: `number` from 1, without their ends (LF or CRLF). A byte order mark is left
/// out; a text that ends in a line end has no empty line after it.
struct TextLine {
  std::string_view text;
  std::int64_t number;
};

/// Throws Error(data) naming `where` and the line for what is not valid UTF-8. The lines point into
/// `bytes`.
std::vector<TextLine> text_lines(std::string_view bytes, const std::string& where);

/// `where`:NUMBER, as messages name a line.
std::string line_name(const std::string& where, std::int64_t number);

}  // namespace rnnlab
