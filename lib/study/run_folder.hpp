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

/// The file config.ini of a run: the id in a comment, then Config::text().
std::string config_file_text(const Config&);

/// Throws Error(usage) for a folder that holds anything else, and touches nothing.
FolderState folder_state(const std::filesystem::path& folder, const Config&);

/// Makes a folder, and takes back what it made unless told to keep it.
class NewFolder {
 public:
  explicit NewFolder(const std::filesystem::path& folder);
  ~NewFolder();
  NewFolder(const NewFolder&) = delete;
  NewFolder& operator=(const NewFolder&) = delete;

  void keep() { kept_ = true; }

 private:
  std::filesystem::path folder_;
  int made_ = 0;  // this many folders, from `folder_` upwards
  bool kept_ = false;
};

}  // namespace rnnlab
