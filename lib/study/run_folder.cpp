#include "study/run_folder.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "record/run_reader.hpp"
#include "study/config_file.hpp"
#include "study/run_digest.hpp"
#include "study/text_file.hpp"

namespace rnnlab {
namespace {

namespace fs = std::filesystem;

/// Nothing there but what a sweep, or a death before the first file was in place, can leave.
bool holds_no_run(const fs::path& folder) {
  if (!fs::is_directory(folder)) return false;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const fs::path name = entry.path().filename();
    if (name != "log.txt" && name != "status.json" && name != "status.json.tmp" &&
        name != "config.ini.tmp")
      return false;
  }
  return true;
}

bool has_ended(const fs::path& run_file, const Config& config) {
  if (!fs::exists(run_file)) return false;
  check_run_file(run_file.parent_path());
  try {
    const RunReader reader(run_file.string());
    // Another hash: of a shorter run, which is being extended.
    const Attributes attributes = reader.attributes();
    const std::pair<std::string, Attribute> hash{"config_hash", config.hash()};
    if (std::find(attributes.begin(), attributes.end(), hash) == attributes.end()) return false;
    const std::string outcome = reader.outcome();
    return outcome == "completed" || outcome == "diverged";
  } catch (const Error&) {
    return false;  // a damaged file is trained anew
  }
}

/// What tells one run from another; the same data may go by another name.
std::string heading(const Config& config) {
  return "# " + config.id() + " " + config.hash() + "\n";
}

}  // namespace

std::string config_file_text(const Config& config) { return heading(config) + config.text(); }

FolderState folder_state(const fs::path& folder, const Config& config) {
  if (is_vacant(folder) || holds_no_run(folder)) return FolderState::vacant;
  const fs::path file = folder / "config.ini";
  if (!fs::is_directory(folder) || !fs::exists(file))
    throw Error(Exit::usage, "not an empty folder and not a run", shown(folder.string()),
                "choose another --run.dir");
  const std::string text = read_text(file);
  if (!text.starts_with(heading(config))) {
    const std::string id =
        text.starts_with("# ") ? text.substr(2, text.find_first_of(" \n", 2) - 2) : "unknown";
    throw Error(Exit::usage, "the folder holds another run, " + shown(id), shown(folder.string()),
                "choose another --run.dir for " + config.id());
  }
  return has_ended(folder / "run.h5", config) ? FolderState::finished : FolderState::unfinished;
}

}  // namespace rnnlab
