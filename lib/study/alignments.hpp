#pragma once

#include <filesystem>
#include <vector>

#include "record/alignment_file.hpp"

namespace rnnlab {

/// Throws Error(usage) if a file stands at `path` that holds no alignments: it is not replaced.
void check_place_for_alignments(const std::filesystem::path& path);

}  // namespace rnnlab
