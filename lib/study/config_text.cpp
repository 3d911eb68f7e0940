#include "study/config_text.hpp"

#include <algorithm>
#include <string_view>

namespace rnnlab {

ConfigText::ConfigText(const std::string& text) {
  std::string section;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t equals = line.find(" =");
    if (line.starts_with("[") || equals == line.npos) {
      if (line.starts_with("[")) section = std::string(line.substr(1, line.find(']') - 1)) + ".";
      lines_.push_back({"", std::string(line), ""});
      continue;
    }
    const std::string_view value = line.substr(std::min(equals + 3, line.size()));
    lines_.push_back({section + std::string(line.substr(0, equals)),
                      std::string(line.substr(0, equals)), std::string(value)});
  }
}

bool ConfigText::has_keys_of(const ConfigText& other) const {
  return std::equal(
      lines_.begin(), lines_.end(), other.lines_.begin(), other.lines_.end(),
      [](const Line& a, const Line& b) { return a.key == b.key && a.text == b.text; });
}

Settings ConfigText::changes_to(const ConfigText& other) const {
  Settings changes;
  for (std::size_t i = 0; i < lines_.size(); ++i)
    if (lines_[i].value != other.lines_[i].value)
      changes.emplace_back(lines_[i].key, other.lines_[i].value);
  return changes;
}

std::optional<std::string> ConfigText::with(const Settings& changes) const {
  std::string text;
  std::size_t used = 0;
  for (const Line& line : lines_) {
    text += line.text;
    if (!line.key.empty()) {
      const std::string* value = &line.value;
      for (const auto& [key, changed] : changes) {
        if (key != line.key) continue;
        value = &changed;
        ++used;
      }
      text += value->empty() ? " =" : " = " + *value;
    }
    text += '\n';
  }
  if (used != changes.size()) return std::nullopt;
  return text;
}

}  // namespace rnnlab
