#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <sys/resource.h>
#include <sys/stat.h>

#include "command.hpp"
#include "mount.hpp"
#include "record/run_reader.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace fs = std::filesystem;

namespace {

/// A run that fills a small disk at once.
const std::string filling = " --quiet --record.every 1 --train.eval_every 100" + endless;

/// Calls by a process of its own, which a test cannot see into: they are written down beside.
class Calls {
 public:
  explicit Calls(const Workplace& here) : here_(here) {}

  void call(const std::string& name, const std::string& line) const {
    const Ended ended = here_.call(line);
    write_file(here_.path(name + ".code"), std::to_string(ended.code));
    write_file(here_.path(name + ".err"), ended.err);
  }
  Ended operator[](const std::string& name) const {
    return {std::stoi(text_of(here_.path(name + ".code"))), "", text_of(here_.path(name + ".err"))};
  }

 private:
  const Workplace& here_;
};

void check_told(const Ended& ended, const std::string& reason) {
  INFO(ended.err);
  CHECK(ended.code == 5);
  CHECK(ended.one_line_error());
  CHECK_THAT(ended.err, Contains(reason));
}

bool skipped(int code) {
  if (code == cannot_mount) WARN("skipped: no right to mount");
  return code == cannot_mount;
}

/// Every file of a run that was cut off is whole, and the run can be begun anew.
void check_left(const Workplace& here, const std::string& folder, const std::string& state) {
  const RunReader run(here.path(folder + "/run.h5").string());
  CHECK(run.outcome() == "running");
  for (const std::string& path : run.datasets())
    if (path != "config" && path != "outcome") CHECK_NOTHROW(run.values(path));
  const auto status = nlohmann::json::parse(text_of(here.path(folder + "/status.json")));
  CHECK(status.at("state") == state);
  const std::string config = text_of(here.path(folder + "/config.ini"));
  CHECK(config.substr(config.find('\n') + 1) == run.config());
  CHECK(std::distance(fs::directory_iterator(here.path(folder)), {}) == 3);
}

void check_begun_anew(const Workplace& here, const std::string& folder) {
  CHECK(here.call("run --run.dir " + folder + " --train.max_seconds 0.1" + filling).code == 0);
  CHECK(RunReader(here.path(folder + "/run.h5").string()).outcome() == "completed");
}

}  // namespace

TEST_CASE("a full disk is exit 5 and costs nothing that was written before") {
  const Workplace here;
  const Calls calls(here);
  fs::create_directory(here.path("disk"));
  Child child([&] {
    if (!mount_memory(here.path("disk"), 0, "size=600k")) return cannot_mount;
    calls.call("done", "run --quiet --run.dir disk/done" + tiny);
    fs::copy(here.path("disk/done"), here.path("done"));
    calls.call("filling", "run --run.dir disk/a" + filling);
    fs::copy(here.path("disk/a"), here.path("a"));
    calls.call("again", "run --run.dir disk/a" + filling);
    calls.call("other", "run --run.dir disk/b" + filling);
    calls.call("sweep", "sweep --train.seed 0..1 --sweep.dir disk/s" + filling);
    fs::copy(here.path("disk"), here.path("after"), fs::copy_options::recursive);
    return 0;
  });
  const int code = child.wait();
  if (skipped(code)) return;
  REQUIRE(code == 0);

  CHECK(calls["done"].code == 0);
  for (const char* name : {"filling", "again", "other", "sweep"}) {
    INFO(name);
    check_told(calls[name], "No space left on device");
  }
  for (const char* name : {"done", "a"})
    for (const char* file : {"run.h5", "config.ini", "status.json"})
      CHECK(text_of(here.path(std::string("after/") + name + "/" + file)) ==
            text_of(here.path(std::string(name) + "/" + file)));
  CHECK(std::distance(fs::directory_iterator(here.path("after")), {}) == 2);

  check_left(here, "a", "running");  // there was no space to say more
  CHECK_THAT(here.call("status a").out, Contains("1 lost"));
  check_begun_anew(here, "a");
}

TEST_CASE("a disk that a sweep fills: what is complete stays, the rest is resumed elsewhere") {
  const Workplace here;
  const Calls calls(here);
  fs::create_directory(here.path("disk"));
  const std::string grid =
      "sweep --quiet --train.seed 0..2 --sweep.jobs 1 --sweep.dir disk/s --task.length 8"
      " --task.valid_examples 8 --task.test_examples 8 --model.hidden 4 --train.batch 4"
      " --train.steps 600 --train.eval_every 100 --record.every 1";
  Child child([&] {
    if (!mount_memory(here.path("disk"), 0, "size=1m")) return cannot_mount;
    calls.call("sweep", grid);
    fs::copy(here.path("disk/s"), here.path("s"), fs::copy_options::recursive);
    return 0;
  });
  const int code = child.wait();
  if (skipped(code)) return;
  REQUIRE(code == 0);

  check_told(calls["sweep"], "No space left on device");
  const auto outcomes = [&] {
    std::map<std::string, int> counts;
    for (const auto& folder : fs::directory_iterator(here.path("s/runs")))
      if (fs::exists(folder.path() / "run.h5"))
        ++counts[RunReader((folder.path() / "run.h5").string()).outcome()];
    return counts;
  };
  CHECK(outcomes()["completed"] >= 1);
  CHECK(outcomes()["completed"] < 3);
  CHECK(here.call("resume s").code == 0);
  CHECK(outcomes() == std::map<std::string, int>{{"completed", 3}});
}

TEST_CASE("a limit on file sizes is told like a full disk") {
  const Workplace here;
  const Calls calls(here);
  Child child([&] {
    const rlimit limit{100 << 10, 100 << 10};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 1;
    calls.call("run", "run --run.dir a" + filling);
    return 0;
  });
  REQUIRE(child.wait() == 0);
  check_told(calls["run"], "File too large");
  check_left(here, "a", "failed");
  check_begun_anew(here, "a");
}

TEST_CASE("a folder that cannot be written is exit 5, and nothing is left behind") {
  const Workplace here;
  const Calls calls(here);
  const std::vector<std::pair<std::string, std::string>> verbs{
      {"run", "run --run.dir "},
      {"sweep", "sweep --train.seed 0..1 --sweep.dir "},
      {"study", "study quickstart --smoke --study.dir "}};
  const auto call_all = [&](const std::string& folder) {
    for (const auto& [name, line] : verbs)
      calls.call(name, line + folder + (name == "study" ? "" : tiny));
  };
  const auto check_all = [&](const std::string& reason) {
    for (const auto& [name, line] : verbs) {
      INFO(name);
      check_told(calls[name], reason);
    }
  };

  SECTION("below a file") {
    write_file(here.path("file"), "mine");
    call_all("file/new");
    check_all("Not a directory");
    CHECK(text_of(here.path("file")) == "mine");
  }
  SECTION("on a file system that is read only") {
    fs::create_directory(here.path("disk"));
    Child child([&] {
      if (!mount_memory(here.path("disk"), MS_RDONLY, "")) return cannot_mount;
      call_all("disk/new");
      return fs::is_empty(here.path("disk")) ? 0 : 1;
    });
    const int code = child.wait();
    if (skipped(code)) return;
    CHECK(code == 0);
    check_all("Read-only file system");
  }
  SECTION("without the right to") {
    fs::create_directory(here.path("closed"));
    REQUIRE(chmod(here.path("closed").c_str(), 0555) == 0);
    REQUIRE(chmod(here.path("").c_str(), 0777) == 0);
    constexpr int cannot_execute = 78;
    Child child([&] {
      if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) return 1;
      if (access(program.c_str(), X_OK) != 0) return cannot_execute;
      call_all("closed/new");
      return 0;
    });
    const int code = child.wait();
    if (code == cannot_execute) {
      WARN("skipped: only root may reach the program");
      return;
    }
    REQUIRE(code == 0);
    check_all("Permission denied");
    CHECK(fs::is_empty(here.path("closed")));
  }
}

TEST_CASE("a full disk behind stdout does not cost the run") {
  const Workplace here;
  const std::string command = "cd " + here.path("").string() + "; " + program +
                              " run --quiet --run.dir a" + tiny +
                              " > /dev/full 2> err; echo $? > code";
  REQUIRE(std::system(command.c_str()) == 0);
  CHECK(text_of(here.path("code")) == "5\n");
  CHECK_THAT(text_of(here.path("err")),
             Catch::StartsWith("rnnlab: error: cannot write the results"));
  CHECK(RunReader(here.path("a/run.h5").string()).outcome() == "completed");
}
