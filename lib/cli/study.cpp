#include "study/study.hpp"

#include <iostream>

#include "cli/progress.hpp"
#include "cli/verb.hpp"
#include "study/assign.hpp"
#include "study/freeze.hpp"
#include "study/grid.hpp"
#include "study/stop.hpp"
#include "study/summary.hpp"

namespace rnnlab {
namespace {

namespace fs = std::filesystem;

/// Figures and report.html; a study without them is still a study.
void make_report(const Invocation& invocation, const fs::path& folder) {
  ProgressLine line(invocation.quiet);
  const fs::path python = "/usr/bin/python3";  // Debian's own: the one that has h5py and matplotlib
  fs::path script;
  for (const fs::path& root : invocation.roots)
    if (script.empty() && fs::exists(root / "scripts/report.py"))
      script = root / "scripts/report.py";
  if (script.empty() || !fs::exists(python)) {
    line.line("no report: " + (script.empty() ? "scripts/report.py" : python.string()) +
              " was not found");
    return;
  }
  const fs::path log = folder / "report.log";
  LocalEnd end;
  run_local(
      python, {{0, {script.string(), folder.string()}, log}}, {}, stop_requested(),
      [&](const LocalEnd& e) {
        end = e;
        return false;
      },
      [](const std::vector<std::size_t>&) {});
  if (end.signal != 0 || end.exit_code != 0) line.line("no report: see " + log.string());
}

struct Plan {
  StudyFile file;
  fs::path folder = {};
  SweepOptions sweep = {};
  Manifest manifest = {};
  bool extend = false;
};

Plan plan(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  const bool smoke = arguments.has("smoke"), full = arguments.has("full");
  if (arguments.words.size() != 1)
    throw Error(Exit::usage, "study takes one name or folder", "command line",
                "see rnnlab list studies");
  if (smoke && full)
    throw Error(Exit::usage, "--smoke and --full exclude each other", "command line", "keep one");

  Plan plan{.file = read_study(find_study(arguments.words.front(), invocation.roots))};
  std::vector<Setting> all = plan.file.settings;
  const std::vector<Setting> none;
  for (const auto& layer :
       {smoke ? plan.file.smoke : none, full ? plan.file.full : none, arguments.settings})
    all.insert(all.end(), layer.begin(), layer.end());

  StudyOptions options;
  assign_section("study", all, [&](OptionVisitor& v) { options.describe(v); });
  assign_section("sweep", all, [&](OptionVisitor& v) { plan.sweep.describe(v); });
  const std::string kind = smoke ? "-smoke" : full ? "-full" : "";
  plan.folder =
      options.dir.empty() ? fs::path("results") / (plan.file.name + kind) : fs::path(options.dir);
  std::vector<Setting> grid;
  for (const Setting& setting : all)
    if (!setting.key.starts_with("study.") && !setting.key.starts_with("sweep."))
      grid.push_back(setting);

  std::vector<GridPoint> points = expand(invocation.registry, grid);
  if (!smoke) check_claims(plan.file, points);
  plan.manifest = make_manifest(points);
  if (arguments.has("seeds")) {
    grid.push_back({"train.seed", arguments.get("seeds"), "--seeds"});
    const Manifest more = make_manifest(expand(invocation.registry, grid));
    for (const ManifestRun& run : more.runs) {
      const auto& runs = plan.manifest.runs;
      if (std::none_of(runs.begin(), runs.end(), [&](const auto& r) { return r.id == run.id; }))
        plan.manifest.runs.push_back(run);
    }
    plan.extend = true;
  }
  plan.manifest.study = plan.file.name;
  plan.manifest.claims = plan.file.hash;
  return plan;
}

Exit study(const Invocation& invocation) {
  catch_stop_signals();  // before any data are read
  const Plan p = plan(invocation);
  const Manifest manifest = freeze(p.folder, p.manifest, p.extend);
  const Exit exit = run_frozen_sweep(invocation, p.folder, p.sweep);
  std::cout << p.file.title << "\n\n"
            << group_table(invocation.registry, p.folder, manifest) << "\n";
  bool differs = false;
  if (!invocation.arguments.has("smoke")) {
    const StudyVerdict verdict = judge_study(invocation.registry, p.file, p.folder);
    write_verdict(p.folder, verdict);
    std::cout << verdict_table(verdict) << "\n";
    differs = verdict.differs();
  }
  if (exit != Exit::interrupted) make_report(invocation, p.folder);
  std::cout << p.folder.string() << "\n";
  if (exit != Exit::done) return exit;
  return differs ? Exit::check_failed : Exit::done;
}

}  // namespace

Verb study_verb() {
  return {
      "study",
      "NAME|FOLDER [--study.dir DIR] [--section.key VALUES …]",
      "an experiment: its sweep, its claims, its report",
      "Runs the sweep of experiments/NAME/study.ini into results/NAME, judges its claims (PASS,\n"
      "DIFFERS, UNDECIDED; exit 1 if one differs), draws the figures and writes report.html.\n"
      "Started again, it runs only what is missing.\n\n"
      "Example\n"
      "  rnnlab study quickstart --smoke\n",
      {{"smoke", "", "the smallest version, in seconds, without a verdict"},
       {"full", "", "the largest version"},
       {"seeds", "A..B", "add runs with these seeds to what is there"},
       {"force", "", "go on with what another build began, and record that"}},
      {"model", "task", "train", "run", "record", "sweep", "study"},
      study};
}

}  // namespace rnnlab
