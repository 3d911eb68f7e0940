#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>

namespace rnnlab {

/// The file status.json of a run: what is going on, for people and for a sweep. Advisory: the run
/// file decides.
struct Status {
  // running, completed, diverged, interrupted, failed; read only: lost, unknown
  std::string state = "running";
  std::string id = {};
  std::int64_t step = 0;  // steps done
  std::int64_t steps = 0;
  double loss = std::numeric_limits<double>::quiet_NaN();
  double metric = std::numeric_limits<double>::quiet_NaN();  // latest, on validation or test data
  double seconds = 0;
  double eta_seconds = std::numeric_limits<double>::quiet_NaN();
  std::string message = {};
  std::int64_t pid = 0;
  std::string host = {};
  std::string run_sha256 = {};  // of run.h5, of a finished run

  /// A run that needs nothing more: completed or diverged.
  bool finished() const { return state == "completed" || state == "diverged"; }
};

/// Replaces the file in one step; a non-finite number is written as null. The file ends with a
/// digest of what stands before it. `durable`: it is on the disk then. Throws Error(Exit::write).
void write_status(const std::filesystem::path& run_folder, const Status&, bool durable = false);

/// What the file says; nothing if there is none. A `running` run of this host whose process is gone
/// has the state `lost`; a file that is damaged, or is not what was written, the state `unknown`.
std::optional<Status> read_status(const std::filesystem::path& run_folder);

/// This machine's name.
std::string host_name();

}  // namespace rnnlab
