#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "cli/arguments.hpp"
#include "study/config.hpp"
#include "study/registry.hpp"

namespace rnnlab {

/// What every verb gets.
struct Invocation {
  Registry registry;
  Arguments arguments;
  std::string command_line;                  // as typed
  std::filesystem::path program;             // this executable
  std::vector<std::filesystem::path> roots;  // where experiments/ and scripts/ may be
  bool quiet = false;
};

/// One word of the command line and what it does.
struct Verb {
  std::string name;
  std::string usage;    // what follows the name
  std::string summary;  // one line
  std::string help;     // more of them, with an example
  std::vector<VerbOption> options;
  std::vector<std::string> sections;  // of dotted keys that it takes
  Exit (*run)(const Invocation&);
  bool lists = false;  // whether a key may have several values
};

Verb run_verb();
Verb sweep_verb();
Verb study_verb();
Verb resume_verb();
Verb status_verb();
Verb watch_verb();
Verb compare_verb();
Verb list_verb();
Verb data_verb();
Verb config_verb();
Verb gradcheck_verb();
Verb eval_verb();
Verb generate_verb();
Verb correct_verb();
Verb translate_verb();
Verb repair_verb();
Verb replay_verb();

/// THE list of verbs, in the order of the help.
std::vector<Verb> verbs();

/// The settings of all files that are named, then those of the command line.
std::vector<Setting> all_settings(const Invocation&);

/// Checks that `--format` is one of the choices, and gives it; the first is the default.
std::string format_of(const Arguments&, const std::vector<std::string>& choices);

/// Trains one run into a folder, with progress on stderr and the result on stdout. `shorter`: the
/// run that the folder holds and that is to become this one.
Exit train_into_folder(const Invocation&, const Config&, const std::filesystem::path& folder,
                       const Config* shorter = nullptr);

/// Runs a frozen sweep to its end, with progress on stderr; by another build than the one that
/// began it only under --force.
struct SweepOptions;
Exit run_frozen_sweep(const Invocation&, const std::filesystem::path& folder, const SweepOptions&);

}  // namespace rnnlab
