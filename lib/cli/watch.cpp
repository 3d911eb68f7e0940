#include <algorithm>
#include <iostream>
#include <time.h>

#include "cli/live_view.hpp"
#include "cli/verb.hpp"
#include "study/folder_lock.hpp"
#include "study/status_report.hpp"
#include "study/stop.hpp"

namespace rnnlab {
namespace {

bool all_finished(const StatusReport& report) {
  return std::all_of(report.runs.begin(), report.runs.end(),
                     [](const Status& run) { return run.finished(); });
}

bool any_running(const StatusReport& report) {
  return std::any_of(report.runs.begin(), report.runs.end(),
                     [](const Status& run) { return run.state == "running"; });
}

/// In pieces, so that a signal that comes just before one ends it soon.
void wait_a_second() {
  constexpr timespec piece{0, 50'000'000};
  for (int i = 0; i < 20 && !stop_requested(); ++i) ::nanosleep(&piece, nullptr);
}

Exit watch(const Invocation& invocation) {
  const auto& words = invocation.arguments.words;
  if (words.size() != 1)
    throw Error(Exit::usage, "watch takes one folder", "command line", "give a run's or a sweep's");
  const std::filesystem::path folder = words.front();
  catch_stop_signals();
  StatusReport report = status_report(folder);
  bool idle = false;
  {
    ProgressLine line(invocation.quiet);
    while (!all_finished(report) && !idle && !stop_requested()) {
      show(line, report);
      wait_a_second();
      // In this order: who lets go of the folder has written before how far it came.
      const bool held = is_held(folder);
      report.refresh();
      idle = !held && !any_running(report);
    }
  }
  std::cout << summary_text(report) << "\n";
  if (all_finished(report)) return Exit::done;
  if (idle && !stop_requested())
    std::cout << "nobody works on it any more: rnnlab resume " << folder.string() << "\n";
  return Exit::interrupted;
}

}  // namespace

Verb watch_verb() {
  return {"watch",
          "DIR",
          "follows a run or a sweep that goes on",
          "The view that the sweep itself has, in any other terminal: counts, time left, and for "
          "each\n"
          "group of seeds what is done and the mean test metric; without a terminal a line now and "
          "then.\n"
          "Reads status.json only. Ends with exit code 0 when every run has completed or diverged; "
          "with 75\n"
          "when nobody works on the rest any more, or at Ctrl-C, which what is watched does not "
          "notice.\n\n"
          "Example\n"
          "  rnnlab watch results/quickstart\n",
          {},
          {},
          watch};
}

}  // namespace rnnlab
