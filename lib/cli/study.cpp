#include "study/study.hpp"

#include <iostream>
#include <optional>

#include "cli/progress.hpp"
#include "cli/verb.hpp"
#include "study/assign.hpp"
#include "study/freeze.hpp"
#include "study/grid.hpp"
#include "study/pieces.hpp"
#include "study/stop.hpp"
#include "study/summary.hpp"
#include "study/tune.hpp"

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

/// What is to be done, as far as it is known before anything is tuned.
struct Plan {
  StudyFile file;
  fs::path folder = {};
  SweepOptions sweep = {};
  std::vector<Setting> grid = {};
  std::optional<TunePlan> tuning = {};
  bool smoke = false;
};

/// The runs of a study: all that it plans, and those that it is to do now.
struct Runs {
  std::vector<GridPoint> planned;
  std::vector<GridPoint> now;
};

Runs runs_of(const Invocation& invocation, const Plan& plan, const MoreSettings& tuned) {
  std::vector<GridPoint> planned = expand(invocation.registry, plan.grid, tuned);
  std::vector<GridPoint> now =
      invocation.arguments.has("seeds")
          ? piece_of(invocation.registry, planned, plan.grid,
                     {"train.seed", invocation.arguments.get("seeds"), "--seeds"}, tuned)
          : std::vector<GridPoint>(planned);
  const Runs runs{std::move(planned), std::move(now)};
  for (const auto* points : {&runs.planned, &runs.now})
    if (plan.tuning) expect_fresh_seeds(*plan.tuning, *points);
  return runs;
}

Plan plan(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  const bool smoke = arguments.has("smoke"), full = arguments.has("full");
  if (arguments.words.size() != 1)
    throw Error(Exit::usage, "study takes one name or folder", "command line",
                "see rnnlab list studies");
  if (smoke && full)
    throw Error(Exit::usage, "--smoke and --full exclude each other", "command line", "keep one");

  Plan plan{.file = read_study(find_study(arguments.words.front(), invocation.roots)),
            .smoke = smoke};
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
  for (const Setting& setting : all)
    if (!setting.key.starts_with("study.") && !setting.key.starts_with("sweep."))
      plan.grid.push_back(setting);
  plan.tuning = take_tuning(invocation.registry, plan.grid);

  // All that can be refused is, before a run is begun.
  const Runs runs =
      runs_of(invocation, plan, plan.tuning ? first_settings(*plan.tuning) : MoreSettings());
  if (!smoke) check_claims(plan.file, runs.planned);
  expect_room(plan.folder);
  return plan;
}

Manifest frozen_as(const Plan& plan, const std::vector<GridPoint>& points) {
  Manifest manifest = make_manifest(points);
  manifest.study = plan.file.name;
  manifest.claims = plan.file.hash;
  return manifest;
}

/// What was tuned before, or is now; nothing if that was interrupted, or failed as `exit` says.
std::optional<Tuned> tune(const Invocation& invocation, const Plan& plan, Exit& exit) {
  const fs::path folder = plan.folder / "tune";
  if (auto tuned = read_tuned(plan.folder)) {
    if (tuned->sweep == plan.tuning->digest) return tuned;
    // Results that were kept without their runs, of an older program or study, bind nobody.
    const bool kept = !fs::exists(plan.folder / "manifest.json") && !fs::exists(folder);
    if (!kept)
      throw Error(Exit::usage, "the study was tuned in another way",
                  shown((plan.folder / "tuned.json").string()),
                  "choose another folder with --study.dir");
    fs::remove(plan.folder / "tuned.json");
  }
  if (fs::exists(plan.folder / "manifest.json") && !fs::exists(folder))
    throw Error(Exit::usage, "the study was begun without tuning", shown(plan.folder.string()),
                "choose another folder with --study.dir");
  freeze(folder, frozen_as(plan, plan.tuning->points), false);
  exit = run_frozen_sweep(invocation, folder, plan.sweep);
  if (exit != Exit::done) return std::nullopt;
  const Tuned tuned = choose(invocation.registry, *plan.tuning, folder);
  write_tuned(plan.folder, tuned);
  return tuned;
}

Exit study(const Invocation& invocation) {
  catch_stop_signals();  // before any data are read
  const Plan p = plan(invocation);
  MoreSettings more;
  if (p.tuning && p.smoke) more = first_settings(*p.tuning);
  if (p.tuning && !p.smoke) {
    Exit exit = Exit::done;
    const auto tuned = tune(invocation, p, exit);
    if (!tuned) {
      std::cout << (p.folder / "tune").string() << "\n";
      return exit;
    }
    more = chosen_settings(*p.tuning, *tuned);
  }
  const Runs runs = runs_of(invocation, p, more);
  expect_same_study(p.folder, runs.planned);
  std::vector<GridPoint> points = left_behind(p.folder, runs.planned, runs.now);
  for (const GridPoint& point : runs.now) points.push_back(point);
  Manifest wanted = frozen_as(p, points);
  if (const fs::path tuning = p.folder / "tune"; fs::exists(tuning / "manifest.json"))
    wanted.claims = read_manifest(tuning).claims;  // as they stood before the first run of all
  const Manifest manifest = freeze(p.folder, wanted, true);
  const Exit exit = run_frozen_sweep(invocation, p.folder, p.sweep);
  std::cout << p.file.title << "\n\n"
            << group_table(invocation.registry, p.folder, manifest) << "\n";
  bool differs = false;
  if (!p.smoke) {
    const StudyVerdict verdict = judge_study(invocation.registry, p.file, p.folder, runs.planned);
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
      "With --seeds it runs a piece: of the runs that the study plans those with these seeds, and\n"
      "every configuration with each seed that it does not plan. Pieces add up in the folder; "
      "claims\n"
      "are undecided until all that is planned has ended.\n\n"
      "A section [tune] of its file is a sweep that is run first, in DIR/tune, on seeds of its "
      "own;\n"
      "what was best on validation is set for the runs, and stands in DIR/tuned.json and in the\n"
      "verdict. Under --smoke nothing is tuned: the first setting is taken.\n\n"
      "Example\n"
      "  rnnlab study quickstart --smoke\n",
      {{"smoke", "", "the smallest version, in seconds, without a verdict"},
       {"full", "", "the largest version"},
       {"seeds", "A..B", "run these seeds alone, and add them to what is there"},
       {"force", "", "go on with what another build began, and record that"}},
      {"model", "task", "train", "run", "record", "sweep", "study"},
      study};
}

}  // namespace rnnlab
