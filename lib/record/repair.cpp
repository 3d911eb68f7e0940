#include "record/repair.hpp"

#include <cstdio>
#include <filesystem>

#include "base/error.hpp"
#include "record/hdf5.hpp"
#include "record/run_reader.hpp"

namespace rnnlab {
namespace {

// Cuts what grows in a group, and in those below it, to the rows that its `step` has.
void cut_series(const hdf5::File& file, const std::string& group) {
  const auto names = file.children(group.empty() ? "/" : group);
  hsize_t complete = H5S_UNLIMITED;
  for (const std::string& name : names)
    if (name == "step") complete = file.shape(file.open_dataset(hdf5::join(group, name))).at(0);
  for (const std::string& name : names) {
    const std::string path = hdf5::join(group, name);
    if (file.kind(path) == H5I_GROUP) {
      cut_series(file, path);
      continue;
    }
    const hdf5::Dataset dataset = file.open_dataset(path);
    if (!file.grows(dataset)) continue;
    auto extent = file.shape(dataset);
    if (extent[0] <= complete) continue;
    extent[0] = complete;
    file.check(H5Dset_extent(dataset.id(), extent.data()), "cut", path);
  }
}

}  // namespace

bool repair_run_file(const std::string& path) {
  const std::string outcome = RunReader(path).outcome();  // refuses what is no run file
  if (outcome != "running" && hdf5::File::is_closed(path)) return false;

  RunReader(path).check();  // nothing that is not there becomes a number
  const std::string copy = hdf5::unstarted_name(path);
  std::error_code error;
  std::filesystem::copy_file(path, copy, std::filesystem::copy_options::overwrite_existing, error);
  if (error)
    throw Error(Exit::write, "cannot copy the file: " + error.message(), path,
                "check that the folder can be written and has space left");
  try {
    hdf5::File file = hdf5::File::open_unclosed(copy);
    cut_series(file, "");
    if (outcome == "running") file.write_outcome(file.open_dataset("outcome"), "interrupted");
    file.close();
    std::filesystem::rename(copy, path);
  } catch (...) {
    std::remove(copy.c_str());
    throw;
  }
  return true;
}

}  // namespace rnnlab
