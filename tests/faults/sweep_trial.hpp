#pragma once

#include <map>
#include <string>

#include "faults/trial.hpp"

namespace rnnlab::test {

/// A folder with a sweep that nothing happened to, `whole`, which others are held against.
class SweepTrial {
 public:
  explicit SweepTrial(const std::string& settings)
      : settings_("sweep --quiet --sweep.jobs 2 " + settings + " --sweep.dir ") {
    const auto begun = std::chrono::steady_clock::now();
    const Ended ended = here.call(settings_ + "whole");
    INFO(settings_ << "\n" << ended.err);
    REQUIRE(ended.code == 0);
    seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  }

  double seconds() const { return seconds_; }

  /// The command that begins a sweep, or goes on with what there is of it.
  std::string command(const std::string& folder) const {
    return here.has(folder + "/manifest.json") ? "resume " + folder + " --quiet"
                                               : settings_ + folder;
  }

  /// Brings what there is to its end, and counts what is not as if nothing had happened.
  void finish(const std::string& folder, Tally& tally) const {
    const Ended ended = here.call(command(folder));
    INFO(ended.code << "\n" << ended.err);
    CHECK(ended.code == 0);
    for (const auto& run : std::filesystem::directory_iterator(here.path("whole/runs"))) {
      const auto other = here.path(folder + "/runs") / run.path().filename();
      const auto status = read_status(other);
      if (!status || status->state != "completed") {
        ++tally.lost_runs;
        FAIL_CHECK(other << " is "
                         << (status ? status->state + ": " + status->message : "not there"));
        continue;
      }
      tally.different_bytes +=
          differing_bytes((run.path() / "run.h5").string(), (other / "run.h5").string());
    }
  }

  /// How many runs of a sweep are in each state.
  std::map<std::string, int> states(const std::string& folder) const {
    std::map<std::string, int> counts;
    for (const auto& run : std::filesystem::directory_iterator(here.path(folder + "/runs")))
      if (const auto status = read_status(run.path())) ++counts[status->state];
    return counts;
  }

  const Workplace here;

 private:
  std::string settings_;
  double seconds_ = 0;
};

}  // namespace rnnlab::test
