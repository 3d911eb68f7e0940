#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/rng.hpp"
#include "cli/command.hpp"
#include "record/run_reader.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Matchers::Contains;

namespace {

namespace fs = std::filesystem;

// Sanitized steps take more than ten times as long.
#ifdef __SANITIZE_ADDRESS__
constexpr int fewer = 10;
#else
constexpr int fewer = 1;
#endif
std::string scaled(int steps) { return std::to_string(steps / fewer); }

const std::string common =
    " --quiet --model.hidden 16 --task.length 20 --task.test_examples 64 --task.valid_examples 64 "
    "--record.every 7 --record.instruments gradient-flow --train.eval_every " +
    scaled(200) + " --run.checkpoint_every " + scaled(50);
const std::string settings = common + " --train.steps " + scaled(1500);
// Not over before it has been seen to begin, on a busy machine either.
const std::string longer = common + " --train.steps " + scaled(6000);

void require_same(const Workplace& here, const std::string& a, const std::string& b) {
  REQUIRE(differing_datasets(here.path(a + "/run.h5").string(), here.path(b + "/run.h5").string())
              .empty());
}

void flip_a_byte(const fs::path& path) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  const auto at = static_cast<std::streamoff>(fs::file_size(path) / 2);
  file.seekg(at);
  const int byte = file.get();
  file.seekp(at);
  file.put(static_cast<char>(byte ^ 1));
}

/// A run into `folder` that is killed once its second checkpoint is there.
void kill_midway(const Workplace& here, const std::string& folder) {
  const auto started = here.start("run --run.dir " + folder + longer);
  while (!here.has(folder + "/checkpoint.previous.h5"))
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  started.signal(SIGKILL);
}

}  // namespace

TEST_CASE("a run that is killed again and again ends with the bytes of one that was not") {
  const Workplace here;
  CHECK(here.call("run --run.dir whole" + settings).code == 0);
  Rng rng({1, Stream::test}, 0);
  int kills = 0;
  for (int i = 0; i < 4; ++i) {
    const std::string folder = "killed" + std::to_string(i);
    for (double patience = 1;; patience *= 1.2) {  // so that a busy machine comes to an end, too
      const std::string command = fs::exists(here.path(folder + "/config.ini"))
                                      ? "resume " + folder + " --quiet"
                                      : "run --run.dir " + folder + settings;
      auto started = here.start(command);
      std::this_thread::sleep_for(
          std::chrono::duration<double>((0.02 + 0.2 * rng.uniform53()) * patience));
      started.signal(SIGKILL);
      const Ended ended = started.wait();
      if (ended.code == 0) break;
      REQUIRE(ended.code == -SIGKILL);
      REQUIRE(++kills < 200);
    }
    require_same(here, "whole", folder);
  }
  CHECK(kills > 0);
}

TEST_CASE("SIGTERM leaves a checkpoint, and resume ends the run") {
  const Workplace here;
  CHECK(here.call("run --run.dir whole" + longer).code == 0);
  auto started = here.start("run --run.dir a" + longer);
  while (!here.has("a/run.h5")) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  started.signal(SIGTERM);
  CHECK(started.wait().code == 75);
  CHECK(here.has("a/checkpoint.h5"));
  CHECK(here.call("resume a --quiet").code == 0);
  require_same(here, "whole", "a");
  CHECK_THAT(here.call("resume a").out, Contains("complete"));
}

TEST_CASE("a damaged checkpoint is left out and said so; so is a log that cannot be trusted") {
  const Workplace here;
  CHECK(here.call("run --run.dir whole" + longer).code == 0);

  kill_midway(here, "a");
  flip_a_byte(here.path("a/checkpoint.h5"));
  Ended ended = here.call("resume a");
  CHECK(ended.code == 0);
  CHECK_THAT(ended.err,
             Contains("checkpoint.h5") && Contains("damaged") && Contains("going on from step"));
  require_same(here, "whole", "a");

  kill_midway(here, "b");
  fs::resize_file(here.path("b/checkpoint.h5"), 700);
  fs::resize_file(here.path("b/checkpoint.previous.h5"), 100);
  ended = here.call("resume b");
  CHECK(ended.code == 0);
  CHECK_THAT(ended.err, Contains("starting again at step 0"));
  require_same(here, "whole", "b");

  kill_midway(here, "c");
  fs::resize_file(here.path("c/run.h5"), 5000);
  ended = here.call("resume c");
  CHECK(ended.code == 0);
  CHECK_THAT(ended.err, Contains("cannot be trusted") && Contains("starting again at step 0"));
  require_same(here, "whole", "c");

  kill_midway(here, "d");
  fs::remove(here.path("d/run.h5"));
  CHECK(here.call("resume d --quiet").code == 0);
  require_same(here, "whole", "d");
}

TEST_CASE("a finished run is extended in place to what the longer one would have been") {
  const Workplace here;
  CHECK(here.call("run --run.dir whole" + settings).code == 0);
  CHECK(here.call("run --run.dir a" + common + " --train.steps " + scaled(900)).code == 0);
  Ended ended = here.call("resume a --train.steps " + scaled(1500));
  CHECK(ended.code == 0);
  CHECK_THAT(ended.err, Contains("going on from step " + scaled(900)));
  require_same(here, "whole", "a");

  CHECK(here.call("run --run.dir cosine --train.schedule cosine --train.steps 30").code == 0);
  ended = here.call("resume cosine --train.steps 40");
  CHECK(ended.code == 2);
  CHECK(ended.one_line_error());
  CHECK_THAT(ended.err, Contains("ends with its 30 steps"));

  for (const char* words : {"--train.steps 100", "--train.lr 0.5", "--run.dir b"}) {
    ended = here.call("resume a " + std::string(words));
    CHECK(ended.code == 2);
    CHECK(ended.one_line_error());
  }
  require_same(here, "whole", "a");
}
