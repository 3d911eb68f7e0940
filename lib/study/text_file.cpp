#include "study/text_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <unistd.h>

#include "base/error.hpp"
#include "study/setting.hpp"

namespace rnnlab {

void replace_text(const std::filesystem::path& file, const std::string& text, bool durable) {
  const std::string temporary = file.string() + ".tmp";
  std::FILE* stream = std::fopen(temporary.c_str(), "wb");
  bool good = stream != nullptr;
  good = good && std::fwrite(text.data(), 1, text.size(), stream) == text.size();
  good = good && std::fflush(stream) == 0;
  good = good && (!durable || ::fsync(::fileno(stream)) == 0);
  int error = errno;
  if (stream && std::fclose(stream) != 0 && good) {
    good = false;
    error = errno;
  }
  if (good && std::rename(temporary.c_str(), file.c_str()) != 0) {
    good = false;
    error = errno;
  }
  if (good) return;
  std::remove(temporary.c_str());
  throw Error(Exit::write, std::string("cannot write: ") + std::strerror(error),
              shown(file.string()), "check the folder, its permissions and the free space");
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!std::filesystem::is_directory(folder))
    throw Error(Exit::write,
                "cannot make the folder: " + (error ? error.message() : "a file has its name"),
                shown(folder.string()), "choose another place");
}

bool is_vacant(const std::filesystem::path& folder, const std::string& first) {
  std::error_code error;
  if (!std::filesystem::exists(folder, error)) return true;
  if (!std::filesystem::is_directory(folder, error)) return false;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (first.empty() || entry.path().filename() != first + ".tmp") return false;
  return !error;
}

NewFolder::NewFolder(const std::filesystem::path& folder)
    : folder_(std::filesystem::absolute(folder).lexically_normal()) {
  if (!folder_.has_filename()) folder_ = folder_.parent_path();
  for (std::filesystem::path above = folder_; !std::filesystem::exists(above);
       above = above.parent_path())
    ++made_;
  make_folder(folder_);
}

NewFolder::~NewFolder() {
  if (kept_) return;
  std::error_code error;
  for (; made_ > 0; --made_, folder_ = folder_.parent_path())
    std::filesystem::remove(folder_, error);
}

}  // namespace rnnlab
