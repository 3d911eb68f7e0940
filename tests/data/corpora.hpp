#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

#include "corpora/cache.hpp"

namespace rnnlab::test {

/// A file or folder below RNNLAB_TEST_DATA, by default where corpora are fetched to; nothing where
/// there is none.
inline std::optional<std::filesystem::path> corpus(const std::string& name) {
  const char* given = std::getenv("RNNLAB_TEST_DATA");
  const std::filesystem::path folder = given ? std::filesystem::path(given) : data_cache();
  return std::filesystem::exists(folder / name) ? std::optional(folder / name) : std::nullopt;
}

}  // namespace rnnlab::test
