#pragma once

#include <filesystem>

namespace rnnlab {

/// Keeps other rnnlab processes out of a folder for as long as this object, or its process, lives:
/// an advisory lock on the folder itself. A file system without locks lets everybody in.
class FolderLock {
 public:
  /// Throws Error(usage) if another process holds the folder, Error(write) if it cannot be opened.
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int descriptor_;
};

}  // namespace rnnlab
