#pragma once

#include <cstdint>
#include <filesystem>

namespace rnnlab {

/// A file that is still coming, open at its end, and this process' alone. Throws Error(write) for
/// whatever the file system refuses, and where another process has it.
class PartFile {
 public:
  /// Opens what there is of it, or begins it and the folders above.
  PartFile(const std::filesystem::path& path, const std::filesystem::path& top);
  /// Leaves it for another time; an empty one goes, and empty folders above it, up to `top`.
  ~PartFile();
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  int descriptor() const { return file_; }
  const std::filesystem::path& path() const { return path_; }
  std::int64_t size() const;
  void clear() const;
  /// It is whole: stored for good, and given its own name in one step.
  void move_to(const std::filesystem::path& target);

 private:
  bool is_at_path() const;
  [[noreturn]] void refuse(int error) const;

  std::filesystem::path path_, top_;
  int file_ = -1;
};

}  // namespace rnnlab
