#pragma once

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/rng.hpp"

namespace rnnlab::test {

/// How many inputs: those of an ordinary test, or as RNNLAB_FUZZ says.
inline std::uint64_t inputs(bool many) {
  const char* const given = std::getenv("RNNLAB_FUZZ");
  return !many ? 2'000 : given ? std::strtoull(given, nullptr, 10) : 1'000'000;
}

/// The bytes with one to four things done to them: a bit turned, a byte replaced by one that
/// matters, a piece taken out, doubled or zeroed, an end cut off.
inline std::string mutated(std::string bytes, Rng& rng) {
  using namespace std::string_view_literals;
  constexpr std::string_view telling = "\0\xFF\n\r\x80\xEF\xBB\xBF\x1F\x8BPK 79xL"sv;
  const auto any = [&](std::size_t n) { return rng.below(static_cast<std::uint32_t>(n)); };
  for (std::uint32_t i = 1 + any(4); i > 0 && !bytes.empty(); --i) {
    const std::size_t at = any(bytes.size());
    const std::size_t size = std::min<std::size_t>(1 + any(40), bytes.size() - at);
    switch (any(6)) {
      case 0: bytes[at] = static_cast<char>(bytes[at] ^ (1 << any(8))); break;
      case 1: bytes[at] = telling[any(telling.size())]; break;
      case 2: bytes.erase(at, size); break;
      case 3: bytes.insert(at, bytes.substr(at, size)); break;
      case 4: std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), size, '\0'); break;
      default: bytes.resize(at);
    }
  }
  return bytes;
}

}  // namespace rnnlab::test
