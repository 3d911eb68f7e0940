#include "data/vocabulary.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "data/utf8.hpp"

namespace rnnlab {
namespace {

constexpr std::int32_t replacement_character = 0xFFFD;

/// How often each code point occurs, up to the largest one.
std::vector<std::int64_t> counts_of(std::span<const std::int32_t> text) {
  std::vector<std::int64_t> counts;
  for (const std::int32_t code_point : text) {
    const auto index = static_cast<std::size_t>(code_point);
    if (index >= counts.size()) counts.resize(index + 1);
    ++counts[index];
  }
  return counts;
}

}  // namespace

Vocabulary::Vocabulary(std::span<const std::int32_t> training, std::span<const std::int32_t> text,
                       std::int64_t min_count) {
  const std::vector<std::int64_t> counts = counts_of(training);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto code_point = static_cast<std::int32_t>(i);
    if (counts[i] >= std::max<std::int64_t>(min_count, 1) && code_point != replacement_character) {
      add(code_point);
    }
  }
  const auto unknown = [&](std::int32_t code_point) { return id(code_point) < 0; };
  if (std::any_of(text.begin(), text.end(), unknown)) add(replacement_character);
}

Vocabulary::Vocabulary(std::vector<std::string> symbols) {
  for (const std::string& symbol : symbols) {
    const DecodedUtf8 decoded = decode_utf8(symbol);
    const bool one = decoded.code_points.size() == 1 && decoded.bytes == symbol.size();
    const bool known = one && static_cast<std::size_t>(decoded.code_points[0]) < id_.size() &&
                       id_[static_cast<std::size_t>(decoded.code_points[0])] >= 0;
    if (!one || known) {
      throw Error(Exit::data,
                  "symbol " + std::to_string(symbols_.size()) +
                      (known ? " is there twice" : " is not one character"),
                  "vocabulary", "train again");
    }
    add(decoded.code_points[0]);
  }
}

void Vocabulary::add(std::int32_t code_point) {
  const auto index = static_cast<std::size_t>(code_point);
  if (index >= id_.size()) id_.resize(index + 1, -1);
  id_[index] = size();
  if (code_point == replacement_character) unknown_ = size();
  symbols_.push_back(encode_utf8(code_point));
}

std::int32_t Vocabulary::id(std::int32_t code_point) const {
  const auto index = static_cast<std::size_t>(code_point);
  return index < id_.size() && id_[index] >= 0 ? id_[index] : unknown_;
}

std::vector<std::int32_t> Vocabulary::encode(std::vector<std::int32_t> code_points) const {
  for (std::int32_t& symbol : code_points) {
    symbol = id(symbol);
    RNNLAB_CHECK_LE(0, symbol);
  }
  return code_points;
}

std::vector<std::int32_t> Vocabulary::encode(std::string_view text, const std::string& where,
                                             Exit code) const {
  DecodedUtf8 decoded = decode_utf8(text);
  if (decoded.bytes < text.size()) {
    throw Error(code, "invalid UTF-8 at byte " + std::to_string(decoded.bytes + 1), where,
                "give text in UTF-8");
  }
  for (std::int32_t& symbol : decoded.code_points) {
    const std::int32_t code_point = symbol;
    symbol = id(code_point);
    if (symbol < 0) {
      throw Error(code, "the model does not know '" + encode_utf8(code_point) + "'", where,
                  "use characters of the text that it was trained on");
    }
  }
  return std::move(decoded.code_points);
}

}  // namespace rnnlab
