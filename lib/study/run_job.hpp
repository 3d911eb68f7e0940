#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "base/error.hpp"
#include "study/config.hpp"
#include "study/status.hpp"
#include "study/yardstick.hpp"
#include "train/trainer.hpp"

namespace rnnlab {

/// One training run into one folder.
struct RunJob {
  const Config& config;
  std::filesystem::path folder;
  std::string command_line;                          // for the provenance
  std::function<void(const Progress&)> report = {};  // about once a second
  std::function<void(const std::string&)> say = {};  // a sentence about what is done, for people
  Profile* profile = nullptr;                        // filled if given
  bool force = false;  // go on from a checkpoint of another program, too
  /// What the folder may hold besides: a shorter run of the same course, which becomes this one.
  const Config* shorter = nullptr;
};

struct RunEnd {
  Exit exit = Exit::done;     // done, diverged or interrupted
  bool was_finished = false;  // before: nothing was trained
  Status status = {};
  double test_loss = 0;  // NaN if there is none
  double test_metric = 0;
  Yardstick yardstick = {};
};

/// Makes the folder with config.ini, status.json and run.h5, trains, and leaves the folder with the
/// run's outcome in both. An unfinished run of the same id goes on from its checkpoint, to the same
/// bytes as if nothing had happened (without one: from step 0); a finished one is left as it is.
/// Stops when stop_requested(). Throws Error: usage for any other folder, or for options that do
/// not fit together, after which nothing is left behind; data; write.
RunEnd run_job(const RunJob&);

}  // namespace rnnlab
