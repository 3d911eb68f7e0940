#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace rnnlab {

/// The symbols of a text: each one is a Unicode code point, and the classes of a language model.
class Vocabulary {
 public:
  /// The code points that occur at least `min_count` times in `training`, in the order of their
  /// numbers. Last, and only if anything in `text` maps to it, stands U+FFFD: for every other code
  /// point, itself included. `text` is all that will be encoded, `training` among it.
  Vocabulary(std::span<const std::int32_t> training, std::span<const std::int32_t> text,
             std::int64_t min_count);

  /// From symbols() of another. Throws Error(data) unless every text is one character, none twice.
  explicit Vocabulary(std::vector<std::string> symbols);

  int size() const { return static_cast<int>(symbols_.size()); }
  /// The text of each symbol, in UTF-8.
  const std::vector<std::string>& symbols() const { return symbols_; }

  /// −1: there is no such symbol, and no U+FFFD.
  std::int32_t id(std::int32_t code_point) const;

  /// The symbol of each code point, in the same memory. REQUIRES: code points of the text that the
  /// vocabulary was made for.
  std::vector<std::int32_t> encode(std::vector<std::int32_t> code_points) const;

  /// The symbols of any text. Throws Error(code) naming `where` it is from, if it is not valid
  /// UTF-8 or has characters that are no symbol while there is no U+FFFD.
  std::vector<std::int32_t> encode(std::string_view text, const std::string& where,
                                   Exit code = Exit::usage) const;

 private:
  void add(std::int32_t code_point);

  std::vector<std::string> symbols_;
  std::vector<std::int32_t> id_;  // by code point; shorter than Unicode
  std::int32_t unknown_ = -1;     // U+FFFD's
};

}  // namespace rnnlab
