#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "command.hpp"
#include "corpora/cache.hpp"
#include "corpora/server.hpp"
#include "data/corpora.hpp"
#include "environment.hpp"
#include "record/run_reader.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace fs = std::filesystem;

namespace {

/// A workplace with a cache of its own, which is empty.
struct Desk {
  Workplace here;
  Environment cache{"XDG_CACHE_HOME", here.path("cache").string()};

  fs::path cached(const std::string& name) const { return here.path("cache/rnnlab/data") / name; }
  Ended fails(const std::string& line, int code) const {
    const Ended ended = here.call(line);
    INFO(line << "\n" << ended.err);
    CHECK(ended.code == code);
    CHECK(ended.one_line_error());
    return ended;
  }
};

std::set<std::string> names_in(const std::string& json) {
  std::set<std::string> names;
  const auto all = nlohmann::json::parse(json);
  for (const auto& corpus : all.at("data")) names.insert(corpus.at("name").get<std::string>());
  return names;
}

/// English enough for a language model, and as long as The Time Machine.
std::string made_book() {
  std::string text;
  for (int i = 0; text.size() < 178'979; ++i) text += "line " + std::to_string(i * i) + "\n";
  return text.substr(0, 178'979);
}

const std::string small_run =
    " --task.name char-lm --task.length 20 --model.hidden 4 --train.batch 4 --train.steps 4"
    " --train.eval_every 0 --quiet";

}  // namespace

TEST_CASE("data list: every corpus, as a table, as JSON and one by one") {
  const Desk desk;
  std::set<std::string> known;
  for (const KnownCorpus& corpus : known_corpora()) known.insert(corpus.name);
  const Ended table = desk.here.call("data list");
  CHECK(table.code == 0);
  for (const std::string& name : known) CHECK_THAT(table.out, Contains(name));
  CHECK(names_in(desk.here.call("data list --format json").out) == known);
  CHECK(names_in(desk.here.call("list data --format json").out) == known);
  CHECK_THAT(desk.here.call("list data --long").out, Contains("licence: unclear"));

  const Ended page = desk.here.call("data list multi30k");
  CHECK_THAT(page.out, Contains("licence: unclear") && Contains("29000 lines") &&
                           Contains("https://raw.githubusercontent.com/multi30k") &&
                           Contains(desk.cached("multi30k").string()));
  const auto json = nlohmann::json::parse(desk.here.call("data list ptb --format json").out);
  CHECK(json.at("data").at(0).at("present") == false);
  CHECK(json.at("data").at(0).at("files").at(0).at("sha256").is_null());
  CHECK_FALSE(desk.here.has("cache"));
}

TEST_CASE("data: what it is told wrongly") {
  const Desk desk;
  CHECK_THAT(desk.fails("data", 2).err, Contains("list, fetch, verify"));
  CHECK_THAT(desk.fails("data fetsh mnist", 2).err, Contains("did you mean fetch?"));
  CHECK_THAT(desk.fails("data fetch", 2).err, Contains("rnnlab data list"));
  CHECK_THAT(desk.fails("data fetch mnits", 2).err, Contains("did you mean mnist?"));
  CHECK_THAT(desk.fails("data fetch ptb", 4).err,
             Contains("by hand") && Contains(desk.cached("ptb").string()));
  CHECK_THAT(desk.fails("data verify names", 4).err, Contains("18 of 18 files are missing"));
  CHECK_THAT(desk.fails("data verify", 4).err, Contains("there is no corpus"));
  CHECK_FALSE(desk.here.has("cache"));
}

TEST_CASE("data fetch: wrong bytes, or none, leave nothing behind") {
  const Desk desk;
  fs::create_directories(desk.here.path("site/timemachine"));
  write_file(desk.here.path("site/timemachine/timemachine.txt"), made_book());
  const Server server(desk.here.path("site").string(), desk.here.path("log").string());
  const std::string fetch = "data fetch timemachine --mirror ";
  CHECK_THAT(desk.fails(fetch + server.url("range") + " --quiet", 4).err, Contains("SHA-256"));
  CHECK_THAT(desk.fails(fetch + server.url("page") + " --quiet", 4).err,
             Contains("22 bytes instead of 178979"));
  CHECK_THAT(desk.fails("data fetch mnist --quiet --mirror " + server.url("range"), 4).err,
             Contains("404"));
  const Environment mirror("RNNLAB_MIRROR", server.url("nowhere"));
  CHECK_THAT(desk.fails("data fetch timemachine --quiet", 4).err, Contains("nowhere"));
  CHECK(fs::is_empty(desk.cached("")));
}

TEST_CASE("data fetch: Ctrl-C keeps what has come") {
  const Desk desk;
  fs::create_directories(desk.here.path("site/timemachine"));
  write_file(desk.here.path("site/timemachine/timemachine.txt"), made_book());
  const Server server(desk.here.path("site").string(), desk.here.path("log").string());
  Started fetch = desk.here.start("data fetch timemachine --quiet --mirror " + server.url("stuck"));
  const fs::path part = desk.cached(".part/timemachine/timemachine.txt.part");
  REQUIRE(eventually([&] { return fs::exists(part) && fs::file_size(part) >= 100'000; }));
  fetch.signal(SIGINT);
  const Ended ended = fetch.wait();
  CHECK(ended.code == 75);
  CHECK(ended.one_line_error());
  CHECK(text_of(part) == made_book().substr(0, 100'000));
  CHECK_FALSE(fs::exists(desk.cached("timemachine")));
  desk.fails("data fetch timemachine --quiet --mirror " + server.url("range"), 4);
  CHECK_THAT(server.log(), Contains("range timemachine/timemachine.txt bytes=100000-\n"));
}

TEST_CASE("a task without a path takes its corpus from the cache, by content") {
  const Desk desk;
  CHECK_THAT(desk.fails("run" + small_run, 4).err,
             Contains("no corpus is given (task.path)") && Contains("rnnlab data fetch"));
  fs::create_directories(desk.cached("timemachine"));
  write_file(desk.cached("timemachine/timemachine.txt"), made_book());
  write_file(desk.here.path("mine.txt"), made_book());
  const Ended run = desk.here.call("run --run.dir a" + small_run);
  INFO(run.err);
  REQUIRE(run.code == 0);
  CHECK_THAT(desk.here.call("run --run.dir a --task.path mine.txt" + small_run).out,
             Contains("complete"));
  CHECK_THAT(desk.here.call("config --task.name char-lm").out,
             Contains(desk.cached("timemachine/timemachine.txt").string()));
  // What the run's file keeps of its configuration is found there by its content.
  write_file(desk.here.path("kept.ini"), RunReader(desk.here.path("a/run.h5").string()).config());
  CHECK_THAT(text_of(desk.here.path("kept.ini")), Contains("path = sha256:"));
  CHECK_THAT(desk.here.call("run kept.ini --run.dir a").out, Contains("complete"));
  CHECK(desk.here.call("run kept.ini --run.dir b --quiet").code == 0);
  CHECK(desk.here.call("resume b").code == 0);
  // Results are read, and a finished run is one, where the text is not.
  fs::rename(desk.here.path("mine.txt"), desk.here.path("moved.txt"));
  const Ended sweep =
      desk.here.call("sweep --task.path moved.txt --train.seed 0,1 --sweep.dir s" + small_run);
  INFO(sweep.err);
  CHECK(sweep.code == 0);
  fs::rename(desk.here.path("moved.txt"), desk.here.path("gone.txt"));
  fs::rename(desk.cached("timemachine"), desk.cached("elsewhere"));
  for (const char* call :
       {"compare s --by train.seed --metric test/loss", "resume s", "resume a", "status s"}) {
    const Ended read = desk.here.call(call);
    INFO(call << "\n" << read.err);
    CHECK(read.code == 0);
  }
  CHECK_THAT(desk.here.call("resume s").out, Contains("bits_per_character") && Contains("2 of 2"));
  CHECK_THAT(desk.fails("eval a", 4).err, Contains("say where they are"));
  CHECK(desk.here.call("eval a --task.path gone.txt").code == 0);
  fs::rename(desk.cached("elsewhere"), desk.cached("timemachine"));
  const fs::path run_of_sweep = fs::directory_iterator(desk.here.path("s/runs"))->path();
  CHECK(desk.here.call("eval " + run_of_sweep.string()).code == 0);
  // Another text of the same length is another run.
  write_file(desk.cached("timemachine/timemachine.txt"), std::string(178'979, 'x'));
  desk.fails("run --run.dir a" + small_run, 2);
  CHECK_THAT(desk.fails("run kept.ini --run.dir c", 4).err, Contains("say where they are"));
}

TEST_CASE("data: real corpora are fetched, verified, and found by their task") {
  if (!corpus("timemachine") || !corpus("multi30k")) {
    WARN("skipped: no timemachine and multi30k in RNNLAB_TEST_DATA");
    return;
  }
  const std::string root = corpus("timemachine")->parent_path().string();
  const Desk desk;
  const Environment mirror("RNNLAB_MIRROR", "file://" + root);
  const Ended fetched = desk.here.call("data fetch timemachine multi30k");
  INFO(fetched.err);
  REQUIRE(fetched.code == 0);
  CHECK_THAT(fetched.out,
             Contains("timemachine: fetched 1 file, ") && Contains("multi30k: fetched 10 files"));
  CHECK_THAT(desk.here.call("data fetch multi30k").out, Contains("multi30k: is there"));
  CHECK_THAT(desk.here.call("data verify").out, Contains("29000 lines") && Contains("3221 lines"));
  CHECK(desk.here.call("data verify multi30k --path " + root + "/multi30k").code == 0);
  CHECK(desk.here.call("run --run.dir a" + small_run).code == 0);

  fs::remove(desk.cached("multi30k/val.de.gz"));
  CHECK_THAT(desk.fails("data verify multi30k", 4).err, Contains("1 of 10 files are missing"));
  write_file(desk.cached("multi30k/train.en.gz"),
             text_of(desk.cached("multi30k/train.en.gz")) + "more");
  CHECK_THAT(desk.fails("data verify multi30k", 1).err, Contains("1 of 10 files differ"));
  CHECK_THAT(desk.here.call("data fetch multi30k").out, Contains("fetched 2 files"));
  CHECK(desk.here.call("data verify").code == 0);
}
