#pragma once

#include <filesystem>
#include <string>

#include "study/config.hpp"

namespace rnnlab {

/// What a folder is to a run that wants to go into it.
enum class FolderState {
  vacant,      // nothing there, or only a sweep's log
  unfinished,  // the same run, begun
  finished,    // the same run, completed or diverged
};

/// The file config.ini of a run: the id and the full hash in a comment, then Config::text().
std::string config_file_text(const Config&);

/// Throws Error(usage) for a folder that holds anything else, Error(data) for a finished run whose
/// file is not as the run left it, and touches nothing.
FolderState folder_state(const std::filesystem::path& folder, const Config&);

}  // namespace rnnlab
