#include "study/run_end.hpp"

#include <cstring>
#include <fstream>
#include <limits>
#include <signal.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "study/run_metrics.hpp"

namespace rnnlab {
namespace {

namespace fs = std::filesystem;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr const char* out_of_memory = "out of memory";

/// The last error that a process wrote to its log, from `begin` on; empty if there is none.
std::string last_error(const fs::path& log, std::uintmax_t begin) {
  constexpr std::string_view prefix = "rnnlab: error: ";
  std::ifstream stream(log, std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(begin));
  std::string error;
  for (std::string line; std::getline(stream, line);)
    if (line.starts_with(prefix)) error = line.substr(prefix.size());
  return error;
}

bool ended_with(const LocalEnd& end, Exit code) {
  return end.signal == 0 && !end.held && end.exit_code == static_cast<int>(code);
}

void write_if_possible(const fs::path& folder, const Status& status) {
  try {
    write_status(folder, status);
  } catch (const Error&) {
    // Advisory; what is wrong with the disk shows elsewhere.
  }
}

/// Of a finished run whose status.json was lost or damaged.
Status status_of_finished(const Registry& registry, const fs::path& folder,
                          const ManifestRun& run) {
  const Config config = frozen_config(registry, run);
  const RunMetrics metrics(folder, config);
  const std::int64_t steps = config.train().steps;
  return {.state = metrics.outcome(),
          .id = run.id,
          .step = steps,
          .steps = steps,
          .loss = metrics.value("train/loss"),
          .metric = metrics.value("test/" + metrics.yardstick().metric),
          .seconds = metrics.value("train/seconds"),
          .eta_seconds = 0};
}

bool is_out_of_memory(const std::string& error) {
  return error.starts_with(out_of_memory) ||
         error.find("memory allocation failed") != std::string::npos;  // as HDF5 puts it
}

std::string reason(const LocalEnd& end, const fs::path& log, const LocalLimits& limits) {
  const std::string limit = limits.max_memory_mb > 0
                                ? "sweep.max_memory_mb = " + std::to_string(limits.max_memory_mb)
                                : "";
  if (end.signal == SIGKILL)
    return "ended by a signal: Killed, by hand or because the machine ran out of memory";
  if (end.signal != 0)  // not every library notices when it gets no memory
    return std::string("ended by a signal: ") + ::strsignal(end.signal) +
           (limit.empty() ? "" : ", perhaps for want of memory: " + limit);
  const std::string error = last_error(log, end.log_begin);
  if (error.empty())
    return "ended with exit code " + std::to_string(end.exit_code) + "; see its log.txt";
  if (!limit.empty() && is_out_of_memory(error))
    return std::string(out_of_memory) + ", " + limit +
           "; allow more, or take a smaller batch, length or model";
  return error;
}

}  // namespace

Status status_after(const Registry& registry, const fs::path& sweep_folder, const ManifestRun& run,
                    const LocalEnd& end, const LocalLimits& limits) {
  const fs::path folder = run_folder(sweep_folder, run);
  Status status = read_status(folder).value_or(Status{.state = "failed", .id = run.id});
  if (end.held) {
    status.state = "interrupted";
    status.message = "another process is working in its folder";
    return status;
  }
  // Whatever its process met afterwards: a run says so when it begins, and when it has ended.
  std::error_code error;
  const bool ended = ended_with(end, Exit::done) || ended_with(end, Exit::diverged);
  if (status.finished() && (ended || end.too_long || fs::exists(folder / "run.h5", error)))
    return status;
  if (ended) {
    status = status_of_finished(registry, folder, run);
  } else if (end.too_long) {
    status.state = "interrupted";
    status.message = "longer than sweep.max_seconds = " + format_short(limits.max_seconds) +
                     "; goes on from its checkpoint when it is resumed";
  } else if (ended_with(end, Exit::interrupted)) {
    status.state = "interrupted";
    return status;
  } else {
    status.state = "failed";
    status.message = reason(end, folder / "log.txt", limits);
  }
  if (!status.finished()) status.eta_seconds = nan;
  write_if_possible(folder, status);
  return status;
}

bool is_worth_another_try(const LocalEnd& end, const Status& status, const LocalLimits& limits) {
  if (status.state != "failed") return false;
  const bool too_little_memory =
      limits.max_memory_mb > 0 && status.message.starts_with(out_of_memory);
  return end.signal != 0 || (ended_with(end, Exit::bug) && !too_little_memory);
}

Exit exit_after(const LocalEnd& end, const Status& status) {
  if (status.finished()) return Exit::done;
  if (status.state == "interrupted") return Exit::interrupted;
  return ended_with(end, Exit::write) && !is_out_of_memory(status.message) ? Exit::write
                                                                           : Exit::bug;
}

}  // namespace rnnlab
