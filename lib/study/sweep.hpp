#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "base/error.hpp"
#include "study/engines/local.hpp"
#include "study/manifest.hpp"
#include "study/status_report.hpp"

namespace rnnlab {

/// The keys of section `sweep`: how a grid is run; no number of a result depends on them.
struct SweepOptions {
  std::string dir = "";
  std::int64_t jobs = 0;
  double max_seconds = 0;
  std::int64_t max_memory_mb = 0;
  std::int64_t retries = 1;
  std::string engine = "local";

  void describe(OptionVisitor& v);
  /// Processes at a time: `jobs`, or as many as there are cores.
  int at_once() const;
};

struct SweepWatcher {
  /// A run has ended: completed, diverged, interrupted or failed. Or it is to be run again, as its
  /// message says.
  std::function<void(const Status&, const StatusReport&)> ended = [](const Status&,
                                                                     const StatusReport&) {};
  std::function<void(const StatusReport&)> progress = [](const StatusReport&) {};  // once a second
};

/// Runs what a folder's manifest holds and what is not finished yet, one process of `program` per
/// run, and writes summary.csv. A run that died is run again, from its checkpoint, up to
/// `retries` times, and has the state `failed` in its status.json if that does not help; one that
/// took longer than `max_seconds` has left a checkpoint and is `interrupted`. Returns done if every
/// run completed or diverged, else interrupted, write or bug. Throws Error(usage) if another
/// process runs the sweep, or if another build began it and `force` is false.
Exit run_sweep(const Registry&, const std::filesystem::path& folder,
               const std::filesystem::path& program, const SweepOptions&, bool force,
               const SweepWatcher&);

}  // namespace rnnlab
