#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "digits.hpp"

namespace rnnlab {

/// The digits' names in symbols: `five` letter by letter, 五 as one.
struct DigitWords {
  static inline const std::vector<std::string> languages{"en", "zh"};

  /// REQUIRES: one of the languages.
  explicit DigitWords(const std::string& language);

  std::size_t longest() const;
  const std::vector<std::int32_t>& of(int label) const {
    return word[static_cast<std::size_t>(label)];
  }

  std::vector<std::string> symbols{"<end>"};                    // the letters by their code points
  std::array<std::vector<std::int32_t>, Digits::classes> word;  // the end included
};

}  // namespace rnnlab
