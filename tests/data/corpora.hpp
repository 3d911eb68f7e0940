#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

namespace rnnlab::test {

/// A file below the folder RNNLAB_TEST_DATA; nothing where there is no such folder or file.
inline std::optional<std::filesystem::path> corpus(const std::string& name) {
  const char* folder = std::getenv("RNNLAB_TEST_DATA");
  if (!folder || !std::filesystem::exists(std::filesystem::path(folder) / name)) return {};
  return std::filesystem::path(folder) / name;
}

}  // namespace rnnlab::test
