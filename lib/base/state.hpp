#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/error.hpp"

namespace rnnlab {

/// Named numbers that a run's future depends on: what is put in now and taken out by another
/// process, bit for bit.
class State {
 public:
  using Values = std::variant<std::vector<float>, std::vector<double>, std::vector<std::int64_t>>;

  template <class T>
  void put(const std::string& name, std::span<const T> values) {
    all_[name] = std::vector<T>(values.begin(), values.end());
  }
  /// Exactly as many values of this type as were put in; throws Error(data) if they were not.
  template <class T>
  void take(const std::string& name, std::span<T> to) const {
    const auto found = all_.find(name);
    const auto* values =
        found == all_.end() ? nullptr : std::get_if<std::vector<T>>(&found->second);
    if (!values || values->size() != to.size())
      throw Error(Exit::data, "the saved state has no fitting '" + name + "'", "",
                  "it belongs to another configuration: start again without it");
    std::copy(values->begin(), values->end(), to.begin());
  }

  bool has(const std::string& name) const { return all_.count(name) > 0; }
  void add(const std::string& name, Values values) { all_[name] = std::move(values); }
  const std::map<std::string, Values>& all() const { return all_; }

 private:
  std::map<std::string, Values> all_;
};

/// Numbers of rows by table: `metrics/train`: 12.
using RowCounts = std::map<std::string, std::int64_t>;

}  // namespace rnnlab
