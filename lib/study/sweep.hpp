#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "study/engines/local.hpp"
#include "study/manifest.hpp"
#include "study/status.hpp"

namespace rnnlab {

/// The keys of section `sweep`: how a grid is run; no number of a result depends on them.
struct SweepOptions {
  std::string dir = "";
  std::int64_t jobs = 0;
  std::string engine = "local";

  void describe(OptionVisitor& v);
};

/// What a sweep has come to.
struct SweepProgress {
  std::size_t runs = 0;
  std::size_t ended = 0;  // those that were finished before included
  double done = 0;        // runs, unfinished ones by their share of steps
  double seconds = 0;
  double eta_seconds = 0;  // NaN while unknown
};

struct SweepWatcher {
  /// A run has ended; `completed`, `diverged`, `interrupted` or `failed`, in so many seconds.
  std::function<void(const ManifestRun&, const Status&, const SweepProgress&)> ended =
      [](const ManifestRun&, const Status&, const SweepProgress&) {};
  std::function<void(const SweepProgress&)> progress = [](const SweepProgress&) {
  };  // once a second
};

/// Freezes a manifest in a folder: makes the folder, or goes on with one that holds the same sweep.
/// Runs that the folder's manifest lacks are added if `extend`. Returns what is now frozen there.
/// Throws Error(usage) for a folder that holds anything else.
Manifest freeze(const std::filesystem::path& folder, const Manifest&, bool extend);

/// Runs what a folder's manifest holds and what is not finished yet, one process of `program` per
/// run, and writes summary.csv and summary.h5. A run that died has the state `failed` in its
/// status.json afterwards. Returns done if every run completed or diverged, else interrupted, write
/// or bug.
Exit run_sweep(const Registry&, const std::filesystem::path& folder,
               const std::filesystem::path& program, const SweepOptions&, const SweepWatcher&);

}  // namespace rnnlab
