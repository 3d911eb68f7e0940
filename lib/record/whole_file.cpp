#include "record/whole_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>

namespace rnnlab::hdf5 {

void write_whole_file(const std::string& path, const std::string& schema,
                      const std::function<void(const File&)>& fill) {
  const std::string part = path + ".part";
  std::optional<File> file;
  try {
    file = File::create(part, false);
    file->start(false);
    file->set_attribute(file->id(), "schema", schema);
    file->set_attribute(file->id(), "schema_version", std::int64_t{1});
    fill(*file);
    file->close();
    if (std::rename(part.c_str(), path.c_str()) != 0)
      throw Error(Exit::write,
                  std::string("cannot put the file in its place: ") + std::strerror(errno), path,
                  "check the folder and its permissions");
  } catch (...) {
    if (file) file->abandon();
    std::error_code ignored;
    std::filesystem::remove(unstarted_name(part), ignored);
    std::filesystem::remove(part, ignored);
    throw;
  }
}

}  // namespace rnnlab::hdf5
