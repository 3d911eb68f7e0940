#include <hdf5_hl.h>

#include "record/hdf5.hpp"

namespace rnnlab::hdf5 {
namespace {

constexpr std::size_t increment = std::size_t{1} << 20;  // by which a file in memory grows

}  // namespace

File File::create_in_memory(const std::string& path) {
  prepare();
  File file(path, Exit::write);
  const Handle access(H5Pcreate(H5P_FILE_ACCESS));
  H5Pset_fapl_core(access.id(), increment, false);
  // The older format does not mind where in a file it begins.
  H5Pset_libver_bounds(access.id(), H5F_LIBVER_EARLIEST, H5F_LIBVER_V110);
  file.handle_ = Handle(
      file.check(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.id()), "create", path));
  return file;
}

File File::open_in_memory(const std::string& image, const std::string& path) {
  prepare();
  File file(path, Exit::data);
  // Copied by the library, which takes no pointer to what is constant.
  file.handle_ = Handle(file.check(
      H5LTopen_file_image(const_cast<char*>(image.data()), image.size(), 0), "read", path));
  return file;
}

void File::write_values(const std::string& path, hid_t type, const void* values,
                        hsize_t count) const {
  const Handle space(H5Screate_simple(1, &count, nullptr)), creation(H5Pcreate(H5P_DATASET_CREATE));
  H5Pset_obj_track_times(creation.id(), false);
  const Dataset made{path, Handle(check(H5Dcreate2(id(), path.c_str(), type, space.id(),
                                                   H5P_DEFAULT, creation.id(), H5P_DEFAULT),
                                        "create", path))};
  write(made, type, values);
}

std::string File::image() const {
  flush();
  const auto size = check(H5Fget_file_image(id(), nullptr, 0), "copy", "the file");
  std::string bytes(static_cast<std::size_t>(size), '\0');
  check(H5Fget_file_image(id(), bytes.data(), bytes.size()), "copy", "the file");
  return bytes;
}

}  // namespace rnnlab::hdf5
