#include <array>
#include <zip.h>

#include "base/error.hpp"
#include "data/archive.hpp"

namespace rnnlab {
namespace {

constexpr const char* again = "fetch the archive again";

class ZipArchive final : public Archive {
 public:
  explicit ZipArchive(const std::string& path) {
    int code = 0;
    zip_.reset(zip_open(path.c_str(), ZIP_RDONLY, &code));
    if (!zip_)
      throw Error(Exit::data, "cannot read the archive: " + text_of(code), path,
                  "fetch it again, or unpack it and give the folder");
    zip_t* const checked = zip_open(path.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code);
    consistent_ = checked != nullptr;
    if (checked) zip_discard(checked);
  }

  std::vector<std::string> files() const override {
    std::vector<std::string> names;
    const zip_int64_t count = zip_get_num_entries(zip_.get(), 0);
    for (zip_int64_t i = 0; i < count; ++i) {
      const char* const name = zip_get_name(zip_.get(), static_cast<zip_uint64_t>(i), 0);
      if (name && *name && !std::string_view(name).ends_with('/')) names.emplace_back(name);
    }
    return names;
  }

  std::string bytes(const std::string& file, const std::string& where) const override {
    return collected([&](const Sink& sink) { read(file, where, sink); });
  }

 private:
  struct Discard {
    void operator()(zip_t* archive) const { zip_discard(archive); }
  };

  static std::string text_of(int code) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    const std::string text = zip_error_strerror(&error);
    zip_error_fini(&error);
    return text;
  }

  /// A file is known by its length and sum in the archive's list. Of an empty one both are 0, as
  /// where the list is damaged: then it must agree with what stands before each file.
  void check_empty(const std::string& file, const std::string& where) const {
    zip_stat_t found;
    if (consistent_ || zip_stat(zip_.get(), file.c_str(), 0, &found) != 0) return;
    if (found.size == 0 || found.comp_size == 0)
      throw Error(Exit::data, "it is empty, in an archive that contradicts itself", where, again);
  }

  void read(const std::string& file, const std::string& where, const Sink& sink) const {
    const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> member(
        zip_fopen(zip_.get(), file.c_str(), 0), zip_fclose);
    if (!member)
      throw Error(Exit::data, std::string("cannot read it: ") + zip_strerror(zip_.get()), where,
                  again);
    check_empty(file, where);
    std::array<char, 1 << 16> block;
    zip_int64_t got = 0;
    while ((got = zip_fread(member.get(), block.data(), block.size())) > 0)
      if (!sink({block.data(), static_cast<std::size_t>(got)})) return;
    if (got < 0)
      throw Error(Exit::data, std::string("damaged: ") + zip_file_strerror(member.get()), where,
                  again);
  }

  std::unique_ptr<zip_t, Discard> zip_;
  bool consistent_ = false;  // the list agrees with what stands before each file
};

}  // namespace

std::unique_ptr<Archive> open_zip(const std::string& path) {
  return std::make_unique<ZipArchive>(path);
}

}  // namespace rnnlab
