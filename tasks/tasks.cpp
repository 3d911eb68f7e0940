#include "tasks.hpp"

#include "adding.hpp"
#include "noise.hpp"

namespace rnnlab {

const std::vector<TaskEntry>& task_list() {
  static const std::vector<TaskEntry> list{adding_entry(), noise_entry()};
  return list;
}

}  // namespace rnnlab
