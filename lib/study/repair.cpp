#include "study/repair.hpp"

#include "base/error.hpp"
#include "record/repair.hpp"
#include "study/folder_lock.hpp"
#include "study/setting.hpp"

namespace rnnlab {

bool repair_log(std::filesystem::path place) {
  if (std::filesystem::is_directory(place)) place /= "run.h5";
  if (!std::filesystem::exists(place))
    throw Error(Exit::usage, "there is no such file", shown(place.string()), "give a run's run.h5");
  const FolderLock lock(std::filesystem::absolute(place).parent_path());
  return repair_run_file(place.string());
}

}  // namespace rnnlab
