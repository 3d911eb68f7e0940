#include <sys/stat.h>

#include "record/hdf5.hpp"

namespace rnnlab::hdf5 {
namespace {

hsize_t bytes_on_disk(const File& file) {
  void* descriptor = nullptr;
  struct stat about {};
  file.check(H5Fget_vfd_handle(file.id(), H5P_DEFAULT, &descriptor), "read", "the file");
  file.check(::fstat(*static_cast<int*>(descriptor), &about), "read", "the file");
  return static_cast<hsize_t>(about.st_size);
}

}  // namespace

void File::expect_stored(const Dataset& dataset, hsize_t first, hsize_t rows) const {
  const hsize_t end = bytes_on_disk(*this);
  const auto expect = [&](haddr_t address, hsize_t size) {
    if (address == HADDR_UNDEF || address + size <= end) return;
    failed_ = true;
    throw Error(code_, dataset.path + " is not all there: the file was cut short", path_,
                "run it again, or name another run");
  };
  const Handle plan(check(H5Dget_create_plist(dataset.id()), "read", dataset.path));
  if (H5Pget_layout(plan.id()) != H5D_CHUNKED) {
    expect(H5Dget_offset(dataset.id()), H5Dget_storage_size(dataset.id()));
    return;
  }
  auto dims = shape(dataset);
  std::vector<hsize_t> chunk(dims.size()), at(dims.size(), 0);
  H5Pget_chunk(plan.id(), static_cast<int>(chunk.size()), chunk.data());
  dims[0] = first + rows;
  const hsize_t begin = first - first % chunk[0];
  at[0] = begin;
  while (at[0] < dims[0]) {
    unsigned filters = 0;
    haddr_t address = HADDR_UNDEF;
    hsize_t size = 0;
    check(H5Dget_chunk_info_by_coord(dataset.id(), at.data(), &filters, &address, &size), "read",
          dataset.path);
    expect(address, size);
    // The next one, last axis fastest.
    for (std::size_t axis = dims.size(); axis-- > 0;) {
      at[axis] += chunk[axis];
      if (at[axis] < dims[axis] || axis == 0) break;
      at[axis] = 0;
    }
  }
}

}  // namespace rnnlab::hdf5
