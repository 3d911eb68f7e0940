#pragma once

#include <filesystem>

namespace rnnlab {

enum class Repaired {
  nothing,   // there was nothing to repair
  log,       // the log of a killed run: every HDF5 reader opens it now
  accepted,  // that of a finished run, changed since: every value can be read, so it counts again
};

/// Makes the log of a killed run readable by every HDF5 reader (record/repair.hpp), and accepts
/// that of a finished run as it is: `place` is its run.h5, or the folder with it. Throws Error:
/// usage if there is no such file or another process is at work in its folder, data for a file
/// that is damaged, write.
Repaired repair_log(std::filesystem::path place);

}  // namespace rnnlab
