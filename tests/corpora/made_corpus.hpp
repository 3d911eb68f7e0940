#pragma once

#include <filesystem>
#include <string>

#include "base/rng.hpp"
#include "base/text.hpp"
#include "corpora/registry.hpp"
#include "files.hpp"

namespace rnnlab::test {

/// Bytes without a pattern.
inline std::string noise(std::size_t size, std::uint64_t seed = 0) {
  Rng rng({seed, Stream::test}, 0);
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>(rng.below(256));
  return bytes;
}

inline KnownFile known_file(const std::string& name, const std::string& bytes) {
  return {.name = name, .bytes = std::ssize(bytes), .sha256 = sha256(bytes)};
}

/// A corpus `made` of a file of 350,000 bytes and a small one in a folder, whose name has more than
/// ASCII in it; they lie in ROOT/made.
struct MadeCorpus {
  static constexpr const char* large = "large.bin";
  static constexpr const char* small = "deep/小 1.txt";

  explicit MadeCorpus(const std::filesystem::path& root) {
    std::filesystem::create_directories(root / "made/deep");
    write_file(root / "made" / large, large_bytes);
    write_file(root / "made" / small, small_bytes);
  }

  std::string large_bytes = noise(350'000), small_bytes = "one\ntwo\n";
  KnownCorpus corpus{.name = "made",
                     .summary = "made for a test",
                     .tasks = {},
                     .page = "here",
                     .licence = "none",
                     .files = {known_file(large, large_bytes), known_file(small, small_bytes)}};
};

}  // namespace rnnlab::test
