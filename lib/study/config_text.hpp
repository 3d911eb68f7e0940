#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/task.hpp"

namespace rnnlab {

/// A configuration as Config::full_text() writes it, line by line: what many runs of a sweep have
/// in common is stored once, and each by what it changes.
class ConfigText {
 public:
  explicit ConfigText(const std::string& text);

  /// Whether the other one has the same keys in the same order.
  bool has_keys_of(const ConfigText&) const;
  /// The dotted keys whose values differ in the other one, which has the same keys, and its values.
  Settings changes_to(const ConfigText&) const;
  /// The text with other values; nothing if there is no such key.
  std::optional<std::string> with(const Settings& changes) const;

 private:
  struct Line {
    std::string key;    // dotted; empty for a heading or an empty line
    std::string text;   // the line as it is, without a value
    std::string value;  // of a key
  };
  std::vector<Line> lines_;
};

}  // namespace rnnlab
