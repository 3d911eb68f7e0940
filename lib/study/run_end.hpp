#pragma once

#include <filesystem>

#include "study/engines/local.hpp"
#include "study/manifest.hpp"
#include "study/status.hpp"

namespace rnnlab {

/// What a run of a sweep has come to, now that its process has ended. Where the process could not
/// write it itself (a signal, a crash, a damaged status.json of a finished run), status.json gets
/// it, if it can be written: a failed run's `message` is the last error of its log, or the signal.
Status status_after(const Registry&, const std::filesystem::path& sweep_folder, const ManifestRun&,
                    const LocalEnd&, const LocalLimits&);

/// Whether it may help to run it again: after a crash or a signal that nobody of the sweep sent;
/// not after bad options, bad data, a full disk, divergence, or too little memory for this run.
bool is_worth_another_try(const LocalEnd&, const Status&, const LocalLimits&);

}  // namespace rnnlab
