#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace rnnlab {

/// What a user can know of one option. The command line, the INI reader, `list --long`, the HDF5
/// attributes and the unknown-key error all read this and nothing else.
struct OptionInfo {
  std::string name;       // within its section: `hidden`
  std::string help;       // one sentence
  std::string unit = "";  // "units", "steps", "seconds", … or empty
  double min = -std::numeric_limits<double>::infinity();  // numbers only, both ends allowed
  double max = std::numeric_limits<double>::infinity();
  std::vector<std::string> choices = {};  // strings only; empty: any text
  bool list = false;                      // strings only: words of `choices` separated by spaces
  bool file = false;      // strings only: names a file, which enters the run id by its content
  bool optional = false;  // of a file: there is something to do without it
  bool changes_results = true;  // false: leaves every number as it is, not in the run id
};

/// Walks over the fields of an option struct. Every option struct has exactly one function
/// `void describe(OptionVisitor&)` that visits each of its fields once, in the order of the
/// documentation; a field holds its default until a visitor assigns another value.
class OptionVisitor {
 public:
  virtual ~OptionVisitor() = default;
  virtual void visit(const OptionInfo&, bool&) = 0;
  virtual void visit(const OptionInfo&, std::int64_t&) = 0;
  virtual void visit(const OptionInfo&, double&) = 0;
  virtual void visit(const OptionInfo&, std::string&) = 0;
};

}  // namespace rnnlab
