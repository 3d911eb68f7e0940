#include "study/registry.hpp"

#include "nn/cells/cells.hpp"
#include "nn/optim/optim.hpp"
#include "train/instruments/instruments.hpp"

namespace rnnlab {
namespace {

template <class Entry>
const Entry* find(const std::vector<Entry>& entries, std::string_view name) {
  for (const Entry& entry : entries)
    if (entry.name == name) return &entry;
  return nullptr;
}

}  // namespace

const TaskEntry* Registry::task(std::string_view name) const { return find(tasks, name); }
const ModelPreset* Registry::model(std::string_view name) const { return find(models, name); }

Registry make_registry(const std::vector<TaskEntry>& tasks) {
  return {tasks, model_presets(), cell_list(), optimizer_list(), instrument_list()};
}

}  // namespace rnnlab
