#include "faults/damage.hpp"

#include <cmath>
#include <cstring>
#include <map>

#include "faults/crash_site.hpp"
#include "faults/trial.hpp"
#include "record/checkpoint.hpp"
#include "study/config_file.hpp"
#include "study/run_metrics.hpp"
#include "tasks.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

namespace fs = std::filesystem;

const std::string settings =
    "--task.length 16 --task.valid_examples 16 --task.test_examples 16 --model.hidden 6"
    " --train.batch 4 --train.steps 500 --train.eval_every 50 --record.every 5"
    " --run.checkpoint_every 40";

/// What there is to read of a run.
struct Readings {
  Status status;
  std::map<std::string, double> metrics;
  State newest, previous;
};

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

bool same(const State& a, const State& b) {
  return a.all().size() == b.all().size() &&
         std::equal(a.all().begin(), a.all().end(), b.all().begin(), [](auto& x, auto& y) {
           const auto bytes = [](const auto& values) {
             return std::visit(
                 [](const auto& v) {
                   return std::string(reinterpret_cast<const char*>(v.data()),
                                      v.size() * sizeof(v[0]));
                 },
                 values);
           };
           return x.first == y.first && x.second.index() == y.second.index() &&
                  bytes(x.second) == bytes(y.second);
         });
}

bool same(const Status& a, const Status& b) {
  return a.state == b.state && a.id == b.id && a.step == b.step && a.steps == b.steps &&
         same(a.loss, b.loss) && same(a.metric, b.metric) && same(a.seconds, b.seconds) &&
         same(a.eta_seconds, b.eta_seconds) && a.message == b.message && a.pid == b.pid &&
         a.host == b.host && a.run_sha256 == b.run_sha256;
}

std::map<std::string, double> metrics_of(const fs::path& folder, const Config& config) {
  const RunMetrics reader(folder, config);
  std::map<std::string, double> metrics;
  for (const std::string& path : reader.summary_paths()) metrics[path] = reader.value(path);
  metrics["slope"] = reader.value("gradients/hidden/slope");
  metrics["outcome"] = reader.outcome() == "completed";
  return metrics;
}

enum Answer { right = 0, told = 1, wrong = 2 };

/// Reads everything of a folder in which something is damaged.
int answer(const fs::path& folder, const Config& config, const Readings& expected) {
  Answer answer = right;
  const auto status = read_status(folder);
  if (!status || !(same(*status, expected.status) || status->state == "unknown")) return wrong;
  if (status->state == "unknown") answer = told;
  if (const auto found = read_checkpoint(folder, [&](const std::string&) { answer = told; });
      !found || !(answer == told || same(found->state, expected.newest)) ||
      !(same(found->state, expected.newest) || same(found->state, expected.previous)))
    return wrong;
  if (!status->finished()) return answer;
  try {
    const auto metrics = metrics_of(folder, config);
    for (const auto& [path, value] : expected.metrics)
      if (!same(metrics.at(path), value)) return wrong;
  } catch (const Error&) {
    answer = told;
  }
  return answer;
}

/// The same in a process of its own: libhdf5 may crash.
int answer_apart(const fs::path& folder, const Config& config, const Readings& expected) {
  return Child([&] {
           ::alarm(60);
           tell_crashes_in_hdf5();
           return answer(folder, config, expected);
         })
      .wait();
}

void count(int answer, Tally& tally) {
  ++tally.injected;
  const bool good = answer == right || answer == told, crashed = answer == crashed_in_hdf5;
  tally.hdf5_crashes += crashed;
  tally.wrong_answers += !good && !crashed;
  CHECK((good || crashed));
}

const std::vector<std::string> files{"run.h5", "checkpoint.h5", "checkpoint.previous.h5",
                                     "status.json"};

}  // namespace

TEST_CASE(
    "flipped bits and lost ends of a finished run's files: a clear error or the right answer") {
  Chance chance;
  INFO("RNNLAB_FAULTS_SEED=" << chance.seed());
  const Trial trial(settings);
  const fs::path folder = trial.here.path("whole");
  const Config config = resolve(make_registry(task_list()), read_settings(folder / "config.ini"));
  Readings expected{
      *read_status(folder), metrics_of(folder, config), read_checkpoint(folder, {})->state, {}};
  fs::rename(folder / "checkpoint.h5", folder / "aside");
  expected.previous = read_checkpoint(folder, {})->state;
  fs::rename(folder / "aside", folder / "checkpoint.h5");
  REQUIRE(answer_apart(folder, config, expected) == right);

  for (const std::string& name : files) {
    const fs::path file = folder / name;
    const std::string whole = text_of(file);
    Tally flips("a bit flipped, finished run: in-process readers", name);
    for (int i = injections(40, 2500); i > 0; --i) {
      const std::size_t bit = chance.below(8 * whole.size());
      INFO(name << ", bit " << bit);
      flip(file, bit);
      count(answer_apart(folder, config, expected), flips);
      flip(file, bit);
    }
    flips.check();
    Tally cuts("a file cut short, finished run: in-process readers", name);
    for (int i = injections(6, 250); i > 0; --i) {
      const std::size_t size = chance.below(whole.size());
      INFO(name << ", cut to " << size);
      fs::resize_file(file, size);
      count(answer_apart(folder, config, expected), cuts);
      write_file(file, whole);
    }
    cuts.check();
  }
}

TEST_CASE("damaged files of a run that was killed: resume ends it to the same bytes") {
  Chance chance;
  INFO("RNNLAB_FAULTS_SEED=" << chance.seed());
  const Trial trial(settings);
  trial.leave_half_finished("half", "checkpoint.previous.h5");
  for (const std::string& name : files) {
    const std::string whole = text_of(trial.here.path("half/" + name));
    Tally tally("a bit flipped or the end cut off, run killed halfway: resume", name);
    for (int i = injections(2, 400); i > 0; --i) {
      fs::remove_all(trial.here.path("a"));
      fs::copy(trial.here.path("half"), trial.here.path("a"));
      const std::size_t bit = chance.below(8 * whole.size());
      const bool cut = chance.below(4) == 0;
      INFO(name << (cut ? ", cut to " : ", bit ") << (cut ? bit / 8 : bit));
      if (cut) {
        fs::resize_file(trial.here.path("a/" + name), bit / 8);
      } else {
        flip(trial.here.path("a/" + name), bit);
      }
      ++tally.injected;
      const Ended ended = trial.here.call(trial.command("a"));
      INFO(ended.code << "\n" << ended.err);
      if (ended.code < 0) {
        ++tally.hdf5_crashes;
        fs::remove(trial.here.path("a/run.h5"));
      }
      trial.finish("a", tally);
    }
    tally.check();
  }
}

TEST_CASE("the damaged log of a run that was killed: what can be read of it is right") {
  Chance chance;
  INFO("RNNLAB_FAULTS_SEED=" << chance.seed());
  const Trial trial(settings);
  trial.leave_half_finished("half", "checkpoint.previous.h5");
  const fs::path file = trial.here.path("half/run.h5");
  const std::string whole = text_of(file);
  std::map<std::string, std::vector<double>> expected;
  {
    const RunReader reader(file.string());
    for (const std::string& path : reader.datasets())
      if (path.find('/') != std::string::npos) expected[path] = reader.values(path).values;
  }
  const auto read = [&] {
    tell_crashes_in_hdf5();
    for (const auto& [path, values] : expected) {
      try {
        const auto found = RunReader(file.string()).values(path).values;
        if (!std::equal(found.begin(), found.end(), values.begin(), values.end(),
                        [](double a, double b) { return same(a, b); }))
          return static_cast<int>(wrong);
      } catch (const Error&) {
        return static_cast<int>(told);  // each takes a second: its writer could be at work
      }
    }
    return static_cast<int>(right);
  };
  REQUIRE(Child(read).wait() == right);
  Tally tally("a bit flipped or the end cut off, run killed halfway: every number of its log",
              "run.h5");
  for (int i = injections(3, 150); i > 0; --i) {
    const std::size_t bit = chance.below(8 * whole.size());
    const bool cut = chance.below(2) == 0;
    INFO((cut ? "cut to " : "bit ") << (cut ? bit / 8 : bit));
    cut ? fs::resize_file(file, bit / 8) : flip(file, bit);
    count(Child(read).wait(), tally);
    write_file(file, whole);
  }
  tally.check();
}

TEST_CASE("a damaged finished run: status, compare and resume say so or are right") {
  Chance chance;
  INFO("RNNLAB_FAULTS_SEED=" << chance.seed());
  const Trial trial(settings);
  const std::vector<std::string> lines{
      "status whole --format json",
      "compare whole --by model.hidden --metric test/mse --format json", "resume whole --quiet"};
  std::vector<std::string> expected;
  for (const std::string& line : lines) expected.push_back(trial.here.call(line).out);
  for (const std::string& name : files) {
    const fs::path file = trial.here.path("whole/" + name);
    const std::string whole = text_of(file);
    const std::string status = text_of(trial.here.path("whole/status.json"));
    Tally tally("a bit flipped, finished run: status, compare, resume", name);
    for (int i = injections(2, 100); i > 0; --i) {
      const std::size_t bit = chance.below(8 * whole.size());
      flip(file, bit);
      ++tally.injected;
      for (std::size_t k = 0; k < lines.size(); ++k) {
        const Ended ended = trial.here.call(lines[k]);
        INFO(name << ", bit " << bit << ", " << lines[k] << ": " << ended.code << "\n"
                  << ended.out << ended.err);
        const bool is_right = ended.code == 0 && ended.out == expected[k];
        const auto contains = [&](const char* text) {
          return ended.code == 0 && ended.out.find(text) != std::string::npos;
        };
        const bool unknown = contains(k == 0 ? "\"unknown\"" : "\"n\": 0,") && k < 2;
        // What a finished run says of itself beyond its log is gone with its status.
        const bool complete =
            name == "status.json" && k == 2 && contains(": complete after 500 of 500");
        const bool says = ended.code == 4 && ended.one_line_error();
        tally.wrong_answers += !(is_right || unknown || complete || says);
        CHECK((is_right || unknown || complete || says));
      }
      write_file(file, whole);
      write_file(trial.here.path("whole/status.json"), status);
    }
    tally.check();
  }
}

TEST_CASE("a finished run's file that was changed is refused until repair has accepted it") {
  const Trial trial("--train.steps 20 --task.length 8 --model.hidden 4");
  const std::string folder = "whole", file = trial.here.path("whole/run.h5").string();
  std::string bytes = text_of(file);
  const auto at = bytes.find("global L2 norm");
  REQUIRE(at != std::string::npos);
  bytes[at] = 'G';  // a text, which no checksum of HDF5's covers
  write_file(file, bytes);
  for (const char* line : {"resume whole", "compare whole --by model.hidden --metric test/mse"}) {
    const Ended ended = trial.here.call(line);
    INFO(line << "\n" << ended.out << ended.err);
    CHECK(ended.code == 4);
    CHECK(ended.one_line_error());
    CHECK_THAT(ended.err, Catch::Contains("not as the run left it") && Catch::Contains("repair"));
  }
  CHECK_THAT(trial.here.call("repair whole/run.h5").out, Catch::Contains("accepted"));
  CHECK_THAT(trial.here.call("repair whole/run.h5").out, Catch::Contains("nothing to repair"));
  CHECK_THAT(trial.here.call("resume whole").out, Catch::Contains("complete"));
}
