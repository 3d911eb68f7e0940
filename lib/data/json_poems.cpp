#include "data/json_poems.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace rnnlab {
namespace {

[[noreturn]] void refuse(const std::string& what, const std::string& where) {
  throw Error(Exit::data, what, where,
              "give a JSON list of poems, each with a list of strings \"paragraphs\"");
}

nlohmann::json parsed(std::string_view bytes, const std::string& name) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  // The parser takes it for the end, whatever follows.
  if (const std::size_t at = bytes.find('\0'); at != bytes.npos)
    refuse("not valid JSON: a NUL at byte " + std::to_string(at), name);
  try {
    return nlohmann::json::parse(bytes);
  } catch (const nlohmann::json::parse_error& error) {
    const auto before = bytes.substr(0, std::min(error.byte, bytes.size()));
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    refuse("not valid JSON: byte " + std::to_string(error.byte), name + ":" + std::to_string(line));
  }
}

}  // namespace

std::string poems_of_json(std::string_view bytes, const std::string& name) {
  const nlohmann::json poems = parsed(bytes, name);
  if (!poems.is_array()) refuse("not a list of poems", name);
  std::string text;
  std::size_t number = 0;
  for (const nlohmann::json& poem : poems) {
    const std::string where = name + ": poem " + std::to_string(++number);
    const auto found = poem.is_object() ? poem.find("paragraphs") : poem.end();
    if (!poem.is_object() || found == poem.end() || !found->is_array())
      refuse("no \"paragraphs\"", where);
    if (!text.empty() && !found->empty()) text += '\n';
    for (const nlohmann::json& paragraph : *found) {
      if (!paragraph.is_string()) refuse("a paragraph is not a string", where);
      text += paragraph.get_ref<const std::string&>();
      text += '\n';
    }
  }
  return text;
}

}  // namespace rnnlab
