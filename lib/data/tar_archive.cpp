#include <archive.h>
#include <archive_entry.h>
#include <cerrno>
#include <exception>
#include <map>
#include <new>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "data/gzip.hpp"

namespace rnnlab {
namespace {

/// The regular files of a packed tar stream, one after the other. libarchive reads the headers; its
/// own gzip does not check the sums.
class TarReader {
 public:
  TarReader(std::string_view packed, const std::string& where)
      : where_(where), gzip_(packed, where), archive_(archive_read_new(), archive_read_free) {
    if (!archive_) throw std::bad_alloc();
    archive_read_support_format_tar(archive_.get());
    archive_read_support_format_empty(archive_.get());
    checked(archive_read_open(archive_.get(), this, nullptr, next_piece, nullptr));
  }

  /// The name of the next one; nothing: there is none.
  std::optional<std::string> next_file() {
    while (checked(archive_read_next_header(archive_.get(), &entry_)) != ARCHIVE_EOF) {
      if (archive_entry_filetype(entry_) != AE_IFREG || archive_entry_hardlink(entry_)) continue;
      // A name that is no UTF-8 is what its bytes are.
      const char* name = archive_entry_pathname_utf8(entry_);
      if (!name) name = archive_entry_pathname(entry_);
      return name ? std::string(name) : std::string();
    }
    return {};
  }

  /// To the end of the gzip file, whose sums stand there.
  void finish() {
    while (!gzip_.next().empty()) continue;
  }

  /// The bytes of the file that next_file() went to.
  void read(const Sink& sink) {
    la_int64_t position = 0, offset = 0;
    const void* piece = nullptr;
    std::size_t size = 0;
    while (checked(archive_read_data_block(archive_.get(), &piece, &size, &offset)) !=
           ARCHIVE_EOF) {
      if (offset != position) break;  // a hole: its bytes are not there
      position += static_cast<la_int64_t>(size);
      if (!sink({static_cast<const char*>(piece), size})) return;
    }
    if (position != archive_entry_size(entry_)) refuse("the tar archive stores a file in parts");
  }

 private:
  static la_ssize_t next_piece(archive* stream, void* self, const void** piece) {
    auto& reader = *static_cast<TarReader*>(self);
    try {
      const std::string_view next = reader.gzip_.next();
      *piece = next.data();
      return static_cast<la_ssize_t>(next.size());
    } catch (...) {  // which libarchive's code could not let through
      reader.error_ = std::current_exception();
      archive_set_error(stream, EIO, "no more bytes");
      return ARCHIVE_FATAL;
    }
  }

  int checked(int code) {
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
    if (code < ARCHIVE_WARN) {
      const char* const why = archive_error_string(archive_.get());
      refuse("the tar archive is damaged" + (why ? ": " + std::string(why) : ""));
    }
    return code;
  }

  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(Exit::data, what, where_, "fetch it again");
  }

  std::string where_;
  GzipReader gzip_;
  std::unique_ptr<archive, int (*)(archive*)> archive_;
  archive_entry* entry_ = nullptr;
  std::exception_ptr error_;
};

class TarGzArchive final : public Archive {
 public:
  explicit TarGzArchive(const std::string& path) : path_(path) {
    const std::string packed = file_bytes(path);
    TarReader reader(packed, path);
    for (std::size_t number = 0; const auto name = reader.next_file(); ++number) {
      const std::string plain = name->starts_with("./") ? name->substr(2) : *name;
      if (!plain.empty()) numbers_[plain] = number;
    }
    reader.finish();
  }

  std::vector<std::string> files() const override {
    std::vector<std::string> names;
    for (const auto& [name, number] : numbers_) names.push_back(name);
    return names;
  }

  std::string bytes(const std::string& file, const std::string& where) const override {
    return collected([&](const Sink& sink) {
      const std::string packed = file_bytes(path_);
      TarReader reader(packed, where);
      for (std::size_t i = 0; i <= numbers_.at(file); ++i)
        if (!reader.next_file())
          throw Error(Exit::data, "the tar archive has changed", where, "start again");
      reader.read(sink);
    });
  }

 private:
  std::string path_;
  std::map<std::string, std::size_t> numbers_;
};

}  // namespace

std::unique_ptr<Archive> open_tar_gz(const std::string& path) {
  return std::make_unique<TarGzArchive>(path);
}

}  // namespace rnnlab
