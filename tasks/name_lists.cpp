#include "name_lists.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <unordered_map>

#include "base/error.hpp"
#include "base/text.hpp"
#include "data/corpus.hpp"
#include "data/utf8.hpp"

namespace rnnlab {
namespace {

constexpr std::size_t longest_name = 200;

/// The .txt files of the folder that has most of them.
std::vector<std::string> lists_of(const Corpus& corpus) {
  std::map<std::string, std::vector<std::string>> folders;
  for (const std::string& file : corpus.files()) {
    const std::filesystem::path path(file);
    if (path.extension() == ".txt" && !path.filename().string().starts_with('.'))
      folders[path.parent_path().string()].push_back(file);
  }
  std::vector<std::string> most;
  for (const auto& [folder, files] : folders) {
    if (files.size() > most.size()) most = files;
  }
  return most;
}

std::vector<std::int32_t> characters_of(std::string_view name, const std::string& where) {
  std::vector<std::int32_t> characters = decode_utf8(name).code_points;
  for (const std::int32_t c : characters) {
    if (c < 0x20 || c == 0x7F)
      throw Error(Exit::data, "a name with control character " + std::to_string(c) + " in it",
                  where, "give one name a line");
  }
  if (characters.size() > longest_name)
    throw Error(Exit::data,
                "a name of " + std::to_string(characters.size()) + " characters, more than " +
                    std::to_string(longest_name),
                where, "give one name a line");
  return characters;
}

}  // namespace

NameLists read_name_lists(const std::string& path) {
  const Corpus corpus(path);
  const std::vector<std::string> files = lists_of(corpus);
  if (files.size() < 2)
    throw Error(Exit::data, "there are no lists of names, .txt files side by side", path,
                "give a folder or archive with one for each class");
  NameLists lists;
  lists.text.push_back(NameLists::boundary);
  std::string digests;
  for (const std::string& file : files) {
    const std::string bytes = corpus.bytes(file), where = corpus.where(file);
    const auto cls = static_cast<std::uint32_t>(lists.classes.size());
    lists.classes.push_back(std::filesystem::path(file).stem().string());
    digests += lists.classes.back() + ' ' + sha256(bytes) + '\n';
    const std::size_t before = lists.names.size();
    std::unordered_map<std::string_view, std::uint32_t> first;
    for (const TextLine& line : text_lines(bytes, where)) {
      const std::string_view name = trim(line.text);
      if (name.empty()) continue;
      const auto number = static_cast<std::uint32_t>(lists.names.size());
      const auto characters = characters_of(name, line_name(where, line.number));
      lists.names.push_back({.cls = cls,
                             .copy_of = first.try_emplace(name, number).first->second,
                             .begin = static_cast<std::uint32_t>(lists.text.size() - 1),
                             .length = static_cast<std::uint32_t>(characters.size())});
      lists.text.insert(lists.text.end(), characters.begin(), characters.end());
      lists.text.push_back(NameLists::boundary);
    }
    if (lists.names.size() == before)
      throw Error(Exit::data, "there is no name", where, "give one a line");
  }
  lists.sha256 = sha256(digests);
  return lists;
}

}  // namespace rnnlab
