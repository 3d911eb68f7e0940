#include "corpora/part_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"

namespace rnnlab {

namespace fs = std::filesystem;

namespace {

void make_folders(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (fs::is_directory(folder)) return;
  throw Error(Exit::write,
              "cannot make the folder: " + (error ? error.message() : "a file is there"),
              folder.string(), "set XDG_CACHE_HOME to a folder that can be written");
}

}  // namespace

PartFile::PartFile(const fs::path& path, const fs::path& top) : path_(path), top_(top) {
  make_folders(path.parent_path());
  for (;;) {
    file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (file_ < 0) refuse(errno);
    if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
      ::close(file_);
      throw Error(Exit::write, "another process is fetching it", path.string(), "wait for its end");
    }
    if (is_at_path()) return;
    ::close(file_);  // it was finished by another process in the meantime
  }
}

PartFile::~PartFile() {
  std::error_code error;
  if (is_at_path() && fs::file_size(path_, error) == 0) fs::remove(path_, error);
  ::close(file_);
  fs::path folder = path_.parent_path();
  while (folder != top_ && fs::remove(folder, error)) folder = folder.parent_path();  // empty ones
}

bool PartFile::is_at_path() const {
  struct stat own {
  }, there{};
  return ::fstat(file_, &own) == 0 && ::stat(path_.c_str(), &there) == 0 &&
         own.st_ino == there.st_ino && own.st_dev == there.st_dev;
}

std::int64_t PartFile::size() const {
  struct stat own {};
  if (::fstat(file_, &own) != 0) refuse(errno);
  return own.st_size;
}

void PartFile::clear() const {
  if (::ftruncate(file_, 0) != 0) refuse(errno);
}

void PartFile::move_to(const fs::path& target) {
  make_folders(target.parent_path());
  if (::fsync(file_) != 0 || std::rename(path_.c_str(), target.c_str()) != 0) refuse(errno);
}

void PartFile::refuse(int error) const {
  throw Error(Exit::write, std::string("cannot write: ") + std::strerror(error), path_.string(),
              "check the folder, its permissions and the free space");
}

}  // namespace rnnlab
