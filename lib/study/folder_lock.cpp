#include "study/folder_lock.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/error.hpp"
#include "study/setting.hpp"

namespace rnnlab {

FolderLock::FolderLock(const std::filesystem::path& folder)
    : descriptor_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  const std::string where = shown(folder.string());
  if (descriptor_ < 0)
    throw Error(Exit::write, std::string("cannot open the folder: ") + std::strerror(errno), where,
                "check the folder and its permissions");
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;
  ::close(descriptor_);
  throw Error(Exit::usage, "another process is working in this folder", where,
              "wait until it has ended, or choose another folder");
}

FolderLock::~FolderLock() { ::close(descriptor_); }

}  // namespace rnnlab
