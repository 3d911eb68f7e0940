#pragma once

#include <sched.h>
#include <string>
#include <sys/mount.h>

namespace rnnlab::test {

/// What a child process exits with that has no right to mount.
constexpr int cannot_mount = 77;

/// Lays a file system in memory, seen by this process and its children only, over a folder. False
/// without the right to.
inline bool mount_memory(const std::string& folder, unsigned long flags, const char* options) {
  return unshare(CLONE_NEWNS) == 0 &&
         mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         mount("none", folder.c_str(), "tmpfs", flags, options) == 0;
}

}  // namespace rnnlab::test
