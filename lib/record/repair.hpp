#pragma once

#include <string>

namespace rnnlab {

/// Makes the run file of a killed process a file that every HDF5 reader opens: takes away the marks
/// of an open writer, and cuts every series to the rows that are complete. A file whose writer did
/// not end it gets the outcome "interrupted". Works on a copy that takes the file's place when it
/// is on the disk. Returns false, and changes nothing, for a file that was closed properly. Throws
/// Error: data for one that cannot be read or that another process writes, write.
bool repair_run_file(const std::string& path);

}  // namespace rnnlab
