#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "corpora/registry.hpp"

namespace rnnlab {

/// What a file is, beside what it should be.
struct FileCheck {
  enum class State { right, differs, missing };
  State state;
  std::string why;  // in words, unless right
  std::string sha256;
  std::vector<Count> counts;
};

/// Reads the file of that name in a folder: its bytes, their SHA-256 where that is known, and what
/// is counted in it.
FileCheck check_file(const KnownFile&, const std::filesystem::path& folder);

/// `40000 lines`.
std::string in_words(const Count&);

}  // namespace rnnlab
