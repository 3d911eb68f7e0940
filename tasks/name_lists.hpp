#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace rnnlab {

/// Lists of names, a class each, by code point.
///
/// A corpus' `.txt` files, those of the folder that has most of them (an archive may hold others
/// beside): a file is a class, called as the file without `.txt`, a line a name, without the blanks
/// around it. Empty lines and hidden files are passed over.
struct NameLists {
  static constexpr std::int32_t boundary = '\n';
  struct Name {
    std::uint32_t cls;      // of `classes`
    std::uint32_t copy_of;  // the class' first name that is the same: itself, or an earlier one
    std::uint32_t begin;    // in `text`, of the boundary before it
    std::uint32_t length;   // characters
  };

  std::vector<std::string> classes;  // sorted
  std::vector<Name> names;           // class by class, in the order of the lines
  std::vector<std::int32_t> text;    // boundary, name, boundary, name, …, boundary
  std::string sha256;                // of the classes and their files'
};

/// Throws Error(data) where there are not two such files, one has no name, is not UTF-8, or has a
/// line with a control character or of more than 200 characters; then naming file and line.
NameLists read_name_lists(const std::string& path);

}  // namespace rnnlab
