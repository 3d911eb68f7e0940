#include "data/corpus.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <limits>
#include <zip.h>
#include <zlib.h>

#include "base/error.hpp"
#include "data/utf8.hpp"

namespace rnnlab {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse(const std::string& what, const std::string& where,
                         const std::string& next) {
  throw Error(Exit::data, what, where, next);
}

std::string file_bytes(const std::string& file) {
  const auto fail = [&] {
    refuse(std::string("cannot read the file: ") + std::strerror(errno), file,
           "check that it may be read");
  };
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(std::fopen(file.c_str(), "rb"),
                                                               std::fclose);
  if (!stream) fail();
  std::string bytes;
  std::error_code error;
  if (const auto size = fs::file_size(file, error); !error) bytes.reserve(size);
  std::array<char, 1 << 16> block;
  while (const std::size_t got = std::fread(block.data(), 1, block.size(), stream.get()))
    bytes.append(block.data(), got);
  if (std::ferror(stream.get())) fail();
  return bytes;
}

/// All members of a gzip file, one after the other; zlib checks their sums.
std::string inflated(std::string_view packed, const std::string& where) {
  const std::string next = "fetch it again";
  z_stream z{};
  if (inflateInit2(&z, 15 + 16) != Z_OK) throw std::bad_alloc();
  const std::unique_ptr<z_stream, int (*)(z_stream*)> closed(&z, inflateEnd);
  std::string bytes;
  std::array<char, 1 << 16> block;
  std::size_t taken = 0;
  for (;;) {
    if (z.avail_in == 0) {
      const auto most = std::min<std::size_t>(packed.size() - taken, 1u << 30);
      if (most == 0) refuse("the gzip file is cut off", where, next);
      // zlib reads through a pointer that older compilers could not make const.
      z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data() + taken));
      z.avail_in = static_cast<uInt>(most);
      taken += most;
    }
    z.next_out = reinterpret_cast<Bytef*>(block.data());
    z.avail_out = static_cast<uInt>(block.size());
    const int code = inflate(&z, Z_NO_FLUSH);
    bytes.append(block.data(), block.size() - z.avail_out);
    if (code == Z_STREAM_END) {
      if (z.avail_in == 0 && taken == packed.size()) return bytes;
      if (inflateReset(&z) != Z_OK) refuse("the gzip file is damaged", where, next);
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
      refuse("the gzip file is damaged" + std::string(z.msg ? ": " : "") + (z.msg ? z.msg : ""),
             where, next);
    }
  }
}

}  // namespace

class Corpus::Archive {
 public:
  explicit Archive(const std::string& path) : path_(path) {
    int code = 0;
    zip_.reset(zip_open(path.c_str(), ZIP_RDONLY, &code));
    if (zip_) return;
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    const std::string why = zip_error_strerror(&error);
    zip_error_fini(&error);
    refuse("cannot read the archive: " + why, path, "fetch it again");
  }

  std::vector<std::string> files() const {
    std::vector<std::string> names;
    const zip_int64_t count = zip_get_num_entries(zip_.get(), 0);
    for (zip_int64_t i = 0; i < count; ++i) {
      const char* const name = zip_get_name(zip_.get(), static_cast<zip_uint64_t>(i), 0);
      if (name && *name && !std::string_view(name).ends_with('/')) names.emplace_back(name);
    }
    return names;
  }

  std::string bytes(const std::string& file, const std::string& where) const {
    const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> member(
        zip_fopen(zip_.get(), file.c_str(), 0), zip_fclose);
    if (!member)
      refuse(std::string("cannot read it: ") + zip_strerror(zip_.get()), where,
             "fetch the archive again");
    std::string bytes;
    std::array<char, 1 << 16> block;
    zip_int64_t got = 0;
    while ((got = zip_fread(member.get(), block.data(), block.size())) > 0)
      bytes.append(block.data(), static_cast<std::size_t>(got));
    if (got < 0)
      refuse(std::string("damaged: ") + zip_file_strerror(member.get()), where,
             "fetch the archive again");
    return bytes;
  }

 private:
  struct Discard {
    void operator()(zip_t* archive) const { zip_discard(archive); }
  };
  std::string path_;
  std::unique_ptr<zip_t, Discard> zip_;
};

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
      if (at->is_regular_file(error)) files_.push_back(fs::relative(at->path(), path).string());
    }
    if (error) refuse("cannot read the folder: " + error.message(), path, next);
    if (files_.empty()) refuse("the folder is empty", path, next);
  } else if (!fs::is_regular_file(status)) {
    refuse("it is no regular file", path, next);
  } else if (path.ends_with(".zip")) {
    archive_ = std::make_unique<Archive>(path);
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
  return file.ends_with(".gz") ? inflated(bytes, name) : bytes;
}

std::string line_name(const std::string& where, std::int64_t number) {
  return where + ":" + std::to_string(number);
}

std::vector<TextLine> text_lines(std::string_view bytes, const std::string& where) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  std::vector<TextLine> lines;
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    std::string_view line = bytes.substr(0, end);
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const auto number = std::ssize(lines) + 1;
    if (decode_utf8(line).bytes < line.size())
      refuse("invalid UTF-8", line_name(where, number),
             "convert the text to UTF-8, such as with iconv");
    lines.push_back({line, number});
  }
  return lines;
}

}  // namespace rnnlab
