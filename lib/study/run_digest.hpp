#pragma once

#include <filesystem>
#include <string>

#include "base/error.hpp"

namespace rnnlab {

/// The SHA-256 of a file as it is now, lower-case hexadecimal. Throws Error(code) where it cannot
/// be read.
std::string file_digest(const std::filesystem::path& file, Exit code = Exit::data);

/// Throws Error(data) where run.h5 of a finished run is not, byte for byte, what the run left:
/// HDF5's own checksums cover neither attributes nor texts. A run without a digest in its
/// status.json passes.
void check_run_file(const std::filesystem::path& run_folder);

}  // namespace rnnlab
