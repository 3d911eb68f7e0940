#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/options.hpp"
#include "study/registry.hpp"
#include "study/setting.hpp"

namespace rnnlab {

enum class ValueKind { boolean, integer, number, text };

/// One dotted key and all that is known of it.
struct KeySpec {
  std::string key;  // `model.hidden`
  OptionInfo info;
  ValueKind kind = ValueKind::text;
  std::string fallback;  // the default, in canonical spelling

  /// True for the keys that a run's id is made of.
  bool identity() const;
  /// "1 .. 4096 units", "one of a, b, c", "true or false", …
  std::string range() const;
};

/// The keys of a configuration for one task, sections model, task, train, run, record, in the order
/// in which a canonical text has them.
class Schema {
 public:
  Schema(const Registry&, const TaskEntry&);

  const std::vector<KeySpec>& keys() const { return keys_; }
  const KeySpec* find(std::string_view key) const;
  /// Throws the unknown-key error, which names the nearest key.
  const KeySpec& at(const Setting&) const;
  std::vector<std::string> names() const;

 private:
  void add(KeySpec);

  std::vector<KeySpec> keys_;
  std::map<std::string, std::size_t, std::less<>> index_;
};

/// The keys under `section` that one `describe` function visits.
std::vector<KeySpec> described(const std::string& section,
                               const std::function<void(OptionVisitor&)>& describe);

/// The value in its one canonical spelling: numbers as short as they read back, list words in the
/// order of the choices. Throws Error with key, value, place and range for anything else.
std::string canonical(const KeySpec&, const Setting&);

/// The unknown-key error for a key that is not among `known`.
[[noreturn]] void throw_unknown_key(const Setting&, const std::vector<std::string>& known);

}  // namespace rnnlab
