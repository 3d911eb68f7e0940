#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/tokeniser.hpp"

namespace rnnlab {

/// Whether symbols can follow each other in a line without blanks: each text is one character, but
/// those in angle brackets.
bool one_character_each(std::span<const std::string> symbols);

/// How symbols with texts of their own are read and written in a line: one after the other where
/// each is one character, else with spaces between; or, of a language, as its tokeniser cuts
/// sentences and puts them together, what is no symbol read as U+FFFD.
class SymbolText {
 public:
  /// From the texts of all symbols. `unwritten`: of the first so many none stands in a line. Throws
  /// Error(data) for a text that is empty, not UTF-8, has a blank in it, or is there twice.
  explicit SymbolText(std::vector<std::string> symbols, std::size_t unwritten = 0,
                      std::optional<Tokeniser> tokeniser = {});

  int size() const { return static_cast<int>(symbols_.size()); }
  const std::vector<std::string>& symbols() const { return symbols_; }
  bool spaced() const { return spaced_; }

  /// The symbols of a line, none if it is empty. Throws Error(data) naming `where` it is from if it
  /// is not UTF-8, or has something in it that is no symbol.
  std::vector<std::int32_t> read(std::string_view line, const std::string& where) const;
  std::string write(std::span<const std::int32_t> symbols) const;

 private:
  std::vector<std::string> symbols_;
  std::unordered_map<std::string, std::int32_t> numbers_;
  bool spaced_ = false;
  std::optional<Tokeniser> tokeniser_;
};

}  // namespace rnnlab
