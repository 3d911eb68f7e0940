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
  std::string state = "running";  // running, completed, diverged, interrupted, failed
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

  /// A run that needs nothing more: completed or diverged.
  bool finished() const { return state == "completed" || state == "diverged"; }
};

/// Replaces the file in one step; a non-finite number is written as null. Throws
/// Error(Exit::write).
void write_status(const std::filesystem::path& run_folder, const Status&);

/// What the file says; nothing if there is none or it is damaged. A `running` run of this host
/// whose process is gone has the state `lost`.
std::optional<Status> read_status(const std::filesystem::path& run_folder);

/// This machine's name.
std::string host_name();

}  // namespace rnnlab
