#include <cmath>
#include <iostream>
#include <stdlib.h>

#include "base/text.hpp"
#include "cli/progress.hpp"
#include "cli/verb.hpp"
#include "study/config_file.hpp"
#include "study/freeze.hpp"
#include "study/manifest.hpp"
#include "study/profile_report.hpp"
#include "study/run_job.hpp"
#include "study/run_metrics.hpp"
#include "study/stop.hpp"
#include "study/table.hpp"

namespace rnnlab {
namespace {

void print_result(const Config& config, const RunEnd& end, const std::filesystem::path& folder) {
  const Yardstick& yardstick = end.yardstick;
  std::cout << config.id() << ": "
            << (end.was_finished && end.exit == Exit::done ? "complete" : end.status.state)
            << " after " << end.status.step << " of " << end.status.steps << " steps";
  if (!end.was_finished) std::cout << ", " << duration(end.status.seconds);
  std::cout << "\n";
  if (!end.status.message.empty()) std::cout << "  " << end.status.message << "\n";
  if (!std::isnan(end.test_loss))
    std::cout << "  test/loss " << number_or_dash(end.test_loss) << "  test/" << yardstick.metric
              << " " << number_or_dash(end.test_metric) << "  (" << yardstick.reference << ")\n";
  if (!yardstick.own_metrics.empty() && !std::isnan(end.test_loss)) {
    const RunMetrics metrics(folder, config);
    std::cout << " ";
    for (const std::string& own : yardstick.own_metrics)
      std::cout << " test/" << own << " " << number_or_dash(metrics.value("test/" + own));
    std::cout << "\n";
  }
  std::cout << "  " << folder.string() << "\n";
}

std::function<void(const Progress&)> progress_on(ProgressLine& line) {
  return [&line](const Progress& p) {
    const double share = static_cast<double>(p.step) / static_cast<double>(p.steps);
    std::string text = "step " + std::to_string(p.step) + "/" + std::to_string(p.steps) +
                       "  loss " + format_short(p.loss);
    if (!std::isnan(p.metric))
      text += std::string("  valid/") + p.name + " " + format_short(p.metric);
    if (p.step > 0) text += "  " + duration(p.seconds / share - p.seconds) + " left";
    line.update(share, text);
  };
}

/// A folder of its own, gone with this object.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "rnnlab-XXXXXX").string();
    if (!::mkdtemp(name.data()))
      throw Error(Exit::write, "cannot make a folder", name, "check the free space, or set TMPDIR");
    path_ = name;
  }
  ~ScratchFolder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// The K-th run of a frozen manifest, with the command line's keys of section `run` on top.
std::pair<Config, std::filesystem::path> frozen_run(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  const std::filesystem::path sweep = arguments.get("from");
  const auto index = parse_int(arguments.get("index", "none"));
  if (!arguments.words.empty())
    throw Error(Exit::usage, "--from takes no configuration file", "command line",
                "the manifest holds the configuration");
  const Manifest manifest = read_manifest(sweep);
  const auto count = static_cast<std::int64_t>(manifest.runs.size());
  if (!index || *index < 0 || *index >= count)
    throw Error(Exit::usage, "--index " + shown(arguments.get("index")) + " is no run of the sweep",
                sweep.string(), "give 0 .. " + std::to_string(count - 1));
  const ManifestRun& frozen = manifest.runs[static_cast<std::size_t>(*index)];
  frozen_config(invocation.registry, frozen);
  if (!arguments.has("force")) expect_admitted(sweep, manifest);
  std::vector<Setting> settings = parse_settings(frozen.config, "manifest.json");
  for (const Setting& setting : arguments.settings) {
    if (!setting.key.starts_with("run.") || setting.key == "run.dir")
      throw Error(Exit::usage, "--from cannot be joined with --" + setting.key, "command line",
                  "a frozen run takes --run.threads only");
    settings.push_back(setting);
  }
  return {resolve(invocation.registry, settings), run_folder(sweep, frozen)};
}

Exit run(const Invocation& invocation) {
  catch_stop_signals();  // before any data are read
  const Arguments& arguments = invocation.arguments;
  if (arguments.has("index") && !arguments.has("from"))
    throw Error(Exit::usage, "--index without --from", "command line", "add --from SWEEPDIR");
  if (arguments.has("from")) {
    const auto [config, folder] = frozen_run(invocation);
    return train_into_folder(invocation, config, folder);
  }
  const Config config = resolve(invocation.registry, all_settings(invocation));
  std::filesystem::path folder = config.run().dir;
  if (folder.empty()) folder = std::filesystem::path("results/runs") / config.id();
  return train_into_folder(invocation, config, folder);
}

}  // namespace

Exit train_into_folder(const Invocation& invocation, const Config& config,
                       const std::filesystem::path& folder, const Config* shorter) {
  const std::string format = format_of(invocation.arguments, {"table", "json"});
  const bool profiled = invocation.arguments.has("profile");
  RunEnd end;
  Profile profile;
  {
    ProgressLine line(invocation.quiet);
    RunJob job{.config = config,
               .folder = folder,
               .command_line = invocation.command_line,
               .report = progress_on(line),
               .say = [&](const std::string& text) { line.line(text); },
               .profile = profiled ? &profile : nullptr,
               .force = invocation.arguments.has("force"),
               .shorter = shorter};
    end = run_job(job);
    if (profiled && end.was_finished) {
      line.line("the run is finished: measuring another one, which is not kept");
      const ScratchFolder scratch;
      job.folder = scratch.path();
      end.exit = run_job(job).exit;
    }
  }
  if (profiled && format == "json") {
    std::cout << profile_json(profile, peak_rss_mb());
    return end.exit;
  }
  if (profiled) std::cout << profile_table(profile, peak_rss_mb());
  print_result(config, end, folder);
  return end.exit;
}

Verb run_verb() {
  return {
      "run",
      "[CONFIG.ini …] [--section.key VALUE …]",
      "one training run",
      "Trains one model on one task into a folder: run.h5, config.ini, status.json. Values "
      "come from\n"
      "the defaults, the model's preset, the protocol, the files in their order and the "
      "command line;\n"
      "the later wins. Into an unfinished run of the same id: goes on from its checkpoint. Into "
      "a\n"
      "finished one: says so. Into anything else: touches nothing.\n\n"
      "Example\n"
      "  rnnlab run --model.name lstm --task.name adding --task.length 50 --train.steps 1000\n",
      {{"profile", "", "then print milliseconds per training step and peak memory"},
       {"format", "table|json", "of the profile"},
       {"from", "SWEEPDIR", "take the configuration from a frozen sweep"},
       {"index", "K", "… the K-th run of it, from 0"},
       {"force", "", "go on from a checkpoint of another build, and record that"}},
      {"model", "task", "train", "run", "record"},
      run};
}

}  // namespace rnnlab
