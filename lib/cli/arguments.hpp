#pragma once

#include <map>
#include <string>
#include <vector>

#include "study/setting.hpp"

namespace rnnlab {

/// An option of one verb, beside the dotted keys: `--dry-run`, `--index K`.
struct VerbOption {
  std::string name;
  std::string value;  // what to call its value in the help; empty: a flag
  std::string help;
};

/// A command line after the verb, taken apart.
struct Arguments {
  std::vector<std::string> words;              // what belongs to no option
  std::vector<Setting> settings;               // dotted keys, from `command line`
  std::map<std::string, std::string> options;  // the verb's own

  bool has(const std::string& option) const { return options.count(option) > 0; }
  std::string get(const std::string& option, const std::string& otherwise = "") const;
};

/// The number that an option is, within its range. Throws Error(usage) for anything else.
double number_of(const Arguments&, const std::string& name, const std::string& fallback,
                 double least, double most, bool whole);

/// `--key value` and `--key=value`; nothing is guessed from a prefix, a negative number is a value.
/// Throws Error(usage) for anything unknown, given twice, or without its value. With `lists` a key
/// may have several values, `--key 1 2 3` where they are numbers, or `--key a --key b`, which
/// become one with commas between.
Arguments parse_arguments(const std::vector<std::string>& arguments,
                          const std::vector<VerbOption>& options,
                          const std::vector<std::string>& keys, bool lists = false);

}  // namespace rnnlab
