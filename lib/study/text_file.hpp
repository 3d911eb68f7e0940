#pragma once

#include <filesystem>
#include <string>

namespace rnnlab {

/// Replaces a file by new text in one step: a reader sees the old or the new, never a part; with
/// `durable`, after a power failure too. Throws Error(Exit::write) where it cannot be written;
/// nothing is left beside it then.
void replace_text(const std::filesystem::path& file, const std::string& text, bool durable = true);

/// Makes a folder and those above it. Throws Error(Exit::write) where that is not possible.
void make_folder(const std::filesystem::path& folder);

/// True for a folder with nothing in it, and for one that does not exist. A death within
/// replace_text() of its file `first` leaves nothing either.
bool is_vacant(const std::filesystem::path& folder, const std::string& first = "");

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
