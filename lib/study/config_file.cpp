#include "study/config_file.hpp"

#include <algorithm>
#include <array>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>

#include "base/error.hpp"
#include "base/text.hpp"

namespace rnnlab {
namespace {

// Boost's reader ends a value at '#', which is a character like any other here.
constexpr char number_sign = '\x01';

/// A file made fit for Boost's reader, and the line of each of its `key = value`.
struct Cleaned {
  std::string text;
  std::vector<std::size_t> lines;
};

Cleaned clean(std::string_view text, const std::string& name) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  Cleaned cleaned;
  bool in_section = false;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string line{trim(text.substr(0, end))};
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line[0] == '#' || line[0] == ';') continue;

    const std::string where = name + ":" + std::to_string(number);
    const bool section = line.size() > 2 && line.front() == '[' && line.back() == ']';
    const std::size_t equals = line.find('=');
    if (line.find(number_sign) != std::string::npos || line.find('\0') != std::string::npos ||
        (!section && (equals == std::string::npos || equals == 0)))
      throw Error(Exit::usage, "neither [section] nor key = value: " + shown(line), where,
                  "mend the line, or start it with # to make it a comment");
    if (!section && !in_section && line.find('.') > equals)
      throw Error(Exit::usage, "key outside any section: " + shown(line), where,
                  "put a line such as [model] or [train] above it, or name its section: model." +
                      shown(trim(std::string_view(line).substr(0, equals))));
    if (section) in_section = true;
    if (!section) cleaned.lines.push_back(number);
    std::replace(line.begin(), line.end(), '#', number_sign);
    cleaned.text += line + "\n";
  }
  return cleaned;
}

}  // namespace

std::string read_text(const std::filesystem::path& file) {
  constexpr std::uintmax_t largest = 256u << 20;
  const auto refuse = [&](const std::string& why) {
    throw Error(Exit::usage, "cannot read " + shown(file.string()), why,
                "check the path; it is taken from the current folder");
  };
  std::error_code error;
  if (!std::filesystem::exists(file, error)) refuse("no such file");
  if (std::filesystem::is_directory(file, error)) refuse("it is a folder");
  if (std::filesystem::is_regular_file(file, error) &&
      std::filesystem::file_size(file, error) > largest)
    refuse("too large for a text file");
  std::ifstream stream(file, std::ios::binary);
  if (!stream) refuse(std::strerror(errno));
  std::string text;
  for (std::array<char, 1 << 16> piece; text.size() <= largest && stream;) {
    stream.read(piece.data(), piece.size());
    text.append(piece.data(), static_cast<std::size_t>(stream.gcount()));
  }
  if (text.size() > largest) refuse("too large for a text file");
  return text;
}

std::vector<Setting> parse_settings(std::string_view text, const std::string& name) {
  namespace po = boost::program_options;
  const Cleaned cleaned = clean(text, name);
  std::istringstream stream(cleaned.text);
  const auto parsed = po::parse_config_file(stream, po::options_description{}, true);

  std::vector<Setting> settings;
  std::map<std::string, std::size_t> first_line;
  for (std::size_t i = 0; i < parsed.options.size(); ++i) {
    const std::size_t line = cleaned.lines.at(i);
    Setting setting{parsed.options[i].string_key, parsed.options[i].value.at(0),
                    name + ":" + std::to_string(line)};
    std::replace(setting.key.begin(), setting.key.end(), number_sign, '#');
    std::replace(setting.value.begin(), setting.value.end(), number_sign, '#');
    const auto [before, is_new] = first_line.emplace(setting.key, line);
    if (!is_new)
      throw Error(Exit::usage, shown(setting.key) + " is set twice", setting.where,
                  "it was set at line " + std::to_string(before->second) + " before: keep one");
    settings.push_back(std::move(setting));
  }
  return settings;
}

std::vector<Setting> read_settings(const std::filesystem::path& file) {
  return parse_settings(read_text(file), file.string());
}

}  // namespace rnnlab
