#include "digit_words.hpp"

#include <algorithm>
#include <map>

#include "data/utf8.hpp"

namespace rnnlab {
namespace {

using Words = std::array<const char*, Digits::classes>;
constexpr Words english{"zero", "one", "two",   "three", "four",
                        "five", "six", "seven", "eight", "nine"};
constexpr Words chinese{"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"};

}  // namespace

DigitWords::DigitWords(const std::string& language) {
  std::map<std::int32_t, std::int32_t> symbol;
  for (std::size_t c = 0; c < word.size(); ++c) {
    word[c] = decode_utf8((language == "zh" ? chinese : english)[c]).code_points;
    for (const std::int32_t letter : word[c]) symbol[letter] = 0;
  }
  for (auto& [letter, number] : symbol) {
    number = static_cast<std::int32_t>(symbols.size());
    symbols.push_back(encode_utf8(letter));
  }
  for (auto& letters : word) {
    for (std::int32_t& letter : letters) letter = symbol[letter];
    letters.push_back(end_symbol);
  }
}

std::size_t DigitWords::longest() const {
  std::size_t most = 0;
  for (const auto& letters : word) most = std::max(most, letters.size());
  return most;
}

}  // namespace rnnlab
