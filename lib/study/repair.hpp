#pragma once

#include <filesystem>

namespace rnnlab {

/// Makes the log of a killed run readable by every HDF5 reader (record/repair.hpp): `place` is its
/// run.h5, or the folder with it. False: there was nothing to repair. Throws Error: usage if there
/// is no such file or another process is at work in its folder, data, write.
bool repair_log(std::filesystem::path place);

}  // namespace rnnlab
