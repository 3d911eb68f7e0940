#pragma once

#include <functional>
#include <string>

#include "record/hdf5.hpp"

namespace rnnlab::hdf5 {

/// Writes an HDF5 file that is there as a whole or not at all: `fill` writes all of it, beside its
/// place, where it is put when it is on the disk; nothing is left beside it otherwise. The root has
/// the attributes `schema` and `schema_version`, 1. Throws Error(write), and what `fill` throws.
void write_whole_file(const std::string& path, const std::string& schema,
                      const std::function<void(const File&)>& fill);

}  // namespace rnnlab::hdf5
