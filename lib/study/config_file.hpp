#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "study/setting.hpp"

namespace rnnlab {

/// The settings of an INI file in their order, each with its `file:line`. Keys are `section.name`;
/// values are the text after the first `=`, trimmed and otherwise untouched, `#` and quotes too.
/// A line that starts with `#` or `;` is a comment. A byte-order mark and CRLF are tolerated.
/// Throws Error(usage) for a file that cannot be read, a line that is neither a section nor
/// `key = value`, a key outside any section, a key that is set twice.
std::vector<Setting> read_settings(const std::filesystem::path& file);

/// The same for text already in memory; `name` stands for the file in messages.
std::vector<Setting> parse_settings(std::string_view text, const std::string& name);

/// The bytes of a file. Throws Error(usage) where there is none that can be read.
std::string read_text(const std::filesystem::path& file);

}  // namespace rnnlab
