#pragma once

#include <filesystem>

namespace rnnlab {

/// Keeps other rnnlab processes out of a folder for as long as this object, or its process, lives:
/// an advisory lock on the folder itself. A file system without locks lets everybody in.
class FolderLock {
 public:
  /// Throws Error(usage) if another process holds the folder, and does not let go of it within a
  /// moment; Error(write) if it cannot be opened.
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int descriptor_;
};

/// Whether a process holds a folder right now. Who wants to lock it at this very moment notices no
/// more than a delay.
bool is_held(const std::filesystem::path& folder);

}  // namespace rnnlab
