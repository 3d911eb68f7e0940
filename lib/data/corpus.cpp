#include "data/corpus.hpp"

#include <algorithm>
#include <filesystem>

#include "base/error.hpp"
#include "data/archive.hpp"
#include "data/gzip.hpp"
#include "data/utf8.hpp"

namespace rnnlab {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse(const std::string& what, const std::string& where,
                         const std::string& next) {
  throw Error(Exit::data, what, where, next);
}

}  // namespace

Corpus::Corpus(const std::string& path) : path_(path) {
  const std::string next = "give a corpus' folder, file or archive, as it was downloaded";
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status))
    refuse("cannot read the corpus: " + (error ? error.message() : "no such file"), path, next);
  if (fs::is_directory(status)) {
    folder_ = true;
    for (fs::recursive_directory_iterator at(path, error), end; !error && at != end;
         at.increment(error)) {
      if (at->is_regular_file(error))
        files_.push_back(at->path().lexically_relative(path).string());
    }
    if (error) refuse("cannot read the folder: " + error.message(), path, next);
    if (files_.empty()) refuse("the folder is empty", path, next);
  } else if (!fs::is_regular_file(status)) {
    refuse("it is no regular file", path, next);
  } else if (const bool zip = path.ends_with(".zip");
             zip || path.ends_with(".tar.gz") || path.ends_with(".tgz")) {
    archive_ = zip ? open_zip(path) : open_tar_gz(path);
    files_ = archive_->files();
    if (files_.empty()) refuse("the archive is empty", path, next);
  } else {
    files_ = {fs::path(path).filename().string()};
  }
  std::sort(files_.begin(), files_.end());
}

Corpus::~Corpus() = default;

std::optional<std::string> Corpus::find(std::string_view name) const {
  const std::string packed = std::string(name) + ".gz";
  std::optional<std::string> found;
  const auto depth = [](const std::string& file) {
    return std::count(file.begin(), file.end(), '/');
  };
  for (const std::string& file : files_) {
    const std::string own = fs::path(file).filename().string();
    if ((own == name || own == packed) && (!found || depth(file) < depth(*found))) found = file;
  }
  return found;
}

std::string Corpus::where(const std::string& file) const {
  return folder_ || archive_ ? path_ + "/" + file : path_;
}

std::string Corpus::bytes(const std::string& file) const {
  const std::string name = where(file);
  std::string bytes = archive_ ? archive_->bytes(file, name) : file_bytes(name);
  if (!file.ends_with(".gz")) return bytes;
  return collected([&](const Sink& sink) { inflate_gzip(bytes, name, sink); });
}

std::string line_name(const std::string& where, std::int64_t number) {
  return where + ":" + std::to_string(number);
}

std::vector<TextLine> text_lines(std::string_view bytes, const std::string& where) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  std::vector<TextLine> lines;
  lines.reserve(static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\n')) + 1);
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    std::string_view line = bytes.substr(0, end);
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const auto number = std::ssize(lines) + 1;
    if (valid_utf8(line) < line.size())
      refuse("invalid UTF-8", line_name(where, number),
             "convert the text to UTF-8, such as with iconv");
    lines.push_back({line, number});
  }
  return lines;
}

}  // namespace rnnlab
