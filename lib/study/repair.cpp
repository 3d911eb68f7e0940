#include "study/repair.hpp"

#include "base/error.hpp"
#include "record/repair.hpp"
#include "record/run_reader.hpp"
#include "study/folder_lock.hpp"
#include "study/run_digest.hpp"
#include "study/setting.hpp"
#include "study/status.hpp"

namespace rnnlab {

Repaired repair_log(std::filesystem::path place) {
  if (std::filesystem::is_directory(place)) place /= "run.h5";
  if (!std::filesystem::exists(place))
    throw Error(Exit::usage, "there is no such file", shown(place.string()), "give a run's run.h5");
  const std::filesystem::path folder = std::filesystem::absolute(place).parent_path();
  const FolderLock lock(folder);
  const bool repaired = repair_run_file(place.string());
  auto status = read_status(folder);
  if (place.filename() == "run.h5" && status && status->finished() && !status->run_sha256.empty() &&
      file_digest(place) != status->run_sha256) {
    RunReader(place.string()).check();
    status->run_sha256 = file_digest(place);
    write_status(folder, *status, true);
    return Repaired::accepted;
  }
  return repaired ? Repaired::log : Repaired::nothing;
}

}  // namespace rnnlab
