#pragma once

#include <string>
#include <sys/mount.h>

#include "mount.hpp"

namespace rnnlab::test {

/// A disk in memory, seen by this process and the programs it starts, for as long as this lives.
class Disk {
 public:
  Disk(std::string folder, long pages)
      : folder_(std::move(folder)), is_there_(mount_memory(folder_, 0, size(pages).c_str())) {}
  ~Disk() {
    if (is_there_) ::umount2(folder_.c_str(), MNT_DETACH);
  }
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  /// False without the right to mount.
  explicit operator bool() const { return is_there_; }
  bool resize(long pages) const { return remount(0, size(pages)); }
  bool forbid_writing() const { return remount(MS_RDONLY, ""); }

 private:
  static std::string size(long pages) { return "size=" + std::to_string(4 * pages) + "k"; }
  bool remount(unsigned long flags, const std::string& options) const {
    return ::mount("none", folder_.c_str(), "tmpfs", MS_REMOUNT | flags, options.c_str()) == 0;
  }

  std::string folder_;
  bool is_there_;
};

}  // namespace rnnlab::test
