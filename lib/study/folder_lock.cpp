#include "study/folder_lock.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/error.hpp"
#include "study/setting.hpp"

namespace rnnlab {
namespace {

int open_folder(const std::filesystem::path& folder) {
  return ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder) : descriptor_(open_folder(folder)) {
  const std::string where = shown(folder.string());
  if (descriptor_ < 0)
    throw Error(Exit::write, std::string("cannot open the folder: ") + std::strerror(errno), where,
                "check the folder and its permissions");
  // is_held() takes the lock for an instant.
  constexpr timespec nap{0, 5'000'000};
  for (int tries = 0; tries < 40; ++tries) {
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;
    ::nanosleep(&nap, nullptr);
  }
  ::close(descriptor_);
  throw Error(Exit::usage, "another process is working in this folder", where,
              "wait until it has ended, or choose another folder");
}

FolderLock::~FolderLock() { ::close(descriptor_); }

bool is_held(const std::filesystem::path& folder) {
  const int descriptor = open_folder(folder);
  if (descriptor < 0) return false;
  const bool held = ::flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(descriptor);
  return held;
}

}  // namespace rnnlab
