#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "drawn.hpp"
#include "files.hpp"
#include "record/scratch.hpp"

namespace rnnlab::test {

using Lines = std::vector<std::string>;

/// Thirty names that begin and end as no other language's do; the first stands there three times.
inline Lines names_of(const std::string& first, const std::string& last) {
  Lines names;
  for (int i = 0; i < 30; ++i) {
    std::string middle;
    for (int k = 0; k < 1 + i % 4; ++k) middle += "aeiou"[(i / (k + 1) + k) % 5];
    names.push_back(first + middle + "rns"[i % 3] + last);
  }
  names.push_back(names.front());
  names.push_back(names.front());
  return names;
}

/// A folder with three lists of names.
struct NameFolder {
  Scratch scratch;
  std::map<std::string, Lines> lists{
      {"Czech", names_of("K", "ek")}, {"German", names_of("Sch", "er")}, {"Chinese", {}}};

  NameFolder() {
    for (int i = 0; i < 12; ++i) lists["Chinese"].push_back(i % 2 ? "李" : "王");
    for (int i = 0; i < 12; ++i)
      lists["Chinese"].push_back("张" + std::string(i % 2 ? "伟" : "丽") +
                                 std::string(static_cast<std::size_t>(i / 2), 'a'));
    for (const auto& [name, lines] : lists) {
      std::string text;
      for (const std::string& line : lines) text += line + "\n";
      write(name + ".txt", text);
    }
  }
  std::string path() const { return scratch.path(""); }
  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(scratch.path(name)).parent_path());
    write_file(scratch.path(name), text);
  }
  std::unique_ptr<Task> make(std::vector<std::pair<std::string, std::string>> settings = {}) const {
    settings.insert(settings.begin(), {"task.path", path()});
    return configured("names", settings).make_task();
  }
  std::string complaint() const {
    try {
      make();
      return {};
    } catch (const Error& error) {
      CHECK(error.code() == Exit::data);
      return error.what();
    }
  }
};

}  // namespace rnnlab::test
