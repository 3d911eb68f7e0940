#include <iostream>

#include "cli/verb.hpp"
#include "study/assign.hpp"
#include "study/config_file.hpp"
#include "study/stop.hpp"
#include "study/summary.hpp"
#include "study/sweep.hpp"

namespace rnnlab {
namespace {

namespace fs = std::filesystem;

Exit resume(const Invocation& invocation) {
  catch_stop_signals();  // before any data are read
  const auto& words = invocation.arguments.words;
  if (words.size() != 1)
    throw Error(Exit::usage, "resume takes one folder", "command line",
                "give a run's or a sweep's");
  const fs::path folder = words.front();
  if (fs::exists(folder / "manifest.json")) {
    for (const Setting& setting : invocation.arguments.settings)
      if (!setting.key.starts_with("sweep.") || setting.key == "sweep.dir")
        throw Error(Exit::usage, "a frozen sweep cannot be changed by --" + setting.key,
                    "command line", "leave it out");
    SweepOptions options;
    assign_section("sweep", invocation.arguments.settings,
                   [&](OptionVisitor& v) { options.describe(v); });
    const Manifest manifest = read_manifest(folder);
    const Exit exit = run_frozen_sweep(invocation, folder, options);
    std::cout << group_table(invocation.registry, folder, manifest) << folder.string() << "\n";
    return exit;
  }
  if (!fs::exists(folder / "config.ini"))
    throw Error(Exit::usage, "no run and no sweep", shown(folder.string()),
                "give a folder with a config.ini or a manifest.json");
  std::vector<Setting> settings = read_settings(folder / "config.ini");
  const Config present = resolve(invocation.registry, settings);
  for (const Setting& setting : invocation.arguments.settings) {
    if (setting.key != "train.steps" &&
        (!setting.key.starts_with("run.") || setting.key == "run.dir"))
      throw Error(Exit::usage, "resume cannot change --" + setting.key, "command line",
                  "a run goes on as it was begun; only --train.steps may grow");
    settings.push_back(setting);
  }
  const Config config = resolve(invocation.registry, settings);
  if (config.train().steps < present.train().steps)
    throw Error(Exit::usage, "the run has " + std::to_string(present.train().steps) + " steps",
                "train.steps", "give more, or leave it out");
  if (config.train().steps > present.train().steps && present.train().schedule != "constant")
    throw Error(Exit::usage,
                "the run's learning rate ends with its " + std::to_string(present.train().steps) +
                    " steps (train.schedule = " + present.train().schedule + ")",
                "train.steps", "begin a run of so many steps; only a constant rate goes on");
  if (config.hash() != present.hash() &&
      fs::exists(fs::canonical(folder).parent_path().parent_path() / "manifest.json"))
    throw Error(Exit::usage, "the run belongs to a sweep, whose runs are frozen",
                shown(folder.string()), "copy its folder, and extend the copy");
  return train_into_folder(invocation, config, folder,
                           config.hash() == present.hash() ? nullptr : &present);
}

}  // namespace

Verb resume_verb() {
  return {"resume",
          "DIR",
          "goes on with a run or a sweep",
          "Runs only what is missing, interrupted or failed: a run from its checkpoint, to the "
          "same bytes\n"
          "as if nothing had happened. With a larger --train.steps a finished run is extended in "
          "place.\n"
          "A sweep or a run that another build began is refused without --force. Finished: exit 0; "
          "diverged: 3.\n\n"
          "Example\n"
          "  rnnlab resume results/quickstart\n",
          {{"force", "", "go on with what another build began, and record that"}},
          {"sweep", "train", "run"},
          resume};
}

}  // namespace rnnlab
