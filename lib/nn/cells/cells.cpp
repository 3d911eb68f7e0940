#include "nn/cells/cells.hpp"

#include "nn/steps/variants.hpp"

namespace rnnlab {

const std::vector<Listing>& cell_list() {
  static const std::vector<Listing> list = [] {
    std::vector<Listing> all{
        {"none", "no recurrence: dense layers with model.activation on a window of the sequence"}};
    for_each_cell([&]<class Cell>(Cell) {
      if (all.back().name != Cell::name) all.push_back({Cell::name, Cell::summary});
    });
    for (const StepVariant& v : step_variants()) {
      if (v.summary) all.push_back({v.cell, v.summary});
    }
    return all;
  }();
  return list;
}

bool has_cell_state(const std::string& cell) {
  bool has = false;
  for_each_cell([&]<class Cell>(Cell) { has = has || (cell == Cell::name && Cell::carry > 1); });
  for (const StepVariant& v : step_variants()) {
    has = has || (v.summary && cell == v.cell && v.cell_state);
  }
  return has;
}

}  // namespace rnnlab
