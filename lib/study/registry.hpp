#pragma once

#include <string_view>
#include <vector>

#include "base/listing.hpp"
#include "data/task.hpp"
#include "nn/models/models.hpp"

namespace rnnlab {

/// Everything that a configuration can name: references to THE lists, which outlive it.
struct Registry {
  const std::vector<TaskEntry>& tasks;
  const std::vector<ModelPreset>& models;
  const std::vector<Listing>& cells;
  const std::vector<Listing>& optimizers;
  const std::vector<Listing>& instruments;

  /// Null where there is none of that name.
  const TaskEntry* task(std::string_view name) const;
  const ModelPreset* model(std::string_view name) const;
};

/// The given tasks beside the library's own lists.
Registry make_registry(const std::vector<TaskEntry>& tasks);

/// The names of a list, in its order.
template <class Entry>
std::vector<std::string> names_of(const std::vector<Entry>& entries) {
  std::vector<std::string> names;
  for (const Entry& entry : entries) names.push_back(entry.name);
  return names;
}

}  // namespace rnnlab
