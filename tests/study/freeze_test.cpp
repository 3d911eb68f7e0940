#include "study/freeze.hpp"

#include <catch2/catch.hpp>
#include <filesystem>

#include "files.hpp"
#include "record/scratch.hpp"
#include "study/status.hpp"
#include "study/text_file.hpp"
#include "toy.hpp"

using namespace rnnlab;
using Catch::Contains;
using test::text_of;

namespace {

namespace fs = std::filesystem;

Manifest manifest(const std::string& seeds) {
  return make_manifest(expand(toy_registry(), {{"train.seed", seeds, ""}}));
}

/// As another program would have frozen it.
Manifest foreign(const std::string& seeds) {
  Manifest result = manifest(seeds);
  result.build.program = std::string(64, '0');
  return result;
}

void put(const fs::path& sweep, const ManifestRun& run, const std::string& state, bool run_file) {
  const fs::path folder = run_folder(sweep, run);
  make_folder(folder);
  test::write_file(folder / "config.ini", "x");
  write_status(folder, {.state = state});
  if (run_file) test::write_file(folder / "run.h5", "x");
}

}  // namespace

TEST_CASE("freezing goes on with the same sweep, adds to it, and refuses another") {
  const test::Scratch scratch;
  const std::filesystem::path folder = scratch.path("a/b");
  CHECK(freeze(folder, manifest("0..1"), false).runs.size() == 2);
  const std::string frozen = text_of(folder / "manifest.json");
  CHECK(freeze(folder, manifest("0..1"), false).runs.size() == 2);
  CHECK_THAT(error_of([&] { freeze(folder, manifest("0..2"), false); }),
             Contains("2: the folder holds another sweep"));
  CHECK(text_of(folder / "manifest.json") == frozen);

  const Manifest more = freeze(folder, manifest("1..3"), true);
  REQUIRE(more.runs.size() == 4);
  CHECK(more.runs[0].id == manifest("0").runs.front().id);
  CHECK(more.runs[3].id == manifest("3").runs.front().id);

  test::write_file(scratch.path("file"), "x");
  CHECK_THAT(error_of([&] { freeze(scratch.path("file"), manifest("0"), false); }),
             Contains("not an empty folder and not a sweep"));
  CHECK_THAT(error_of([&] { freeze(scratch.path(""), manifest("0"), false); }),
             Contains("not an empty folder and not a sweep"));
}

TEST_CASE("a death within the writing of the first manifest leaves a folder to begin in") {
  const test::Scratch scratch;
  test::write_file(scratch.path("manifest.json.tmp"), "{\"sch");
  CHECK(freeze(scratch.path(""), manifest("0..1"), false).runs.size() == 2);
  CHECK(read_manifest(scratch.path("")).runs.size() == 2);
}

TEST_CASE("a folder whose manifest is gone is frozen anew for the same grid only") {
  const test::Scratch scratch;
  const fs::path folder = scratch.path("s");
  const Manifest frozen = freeze(folder, manifest("0..1"), false);
  put(folder, frozen.runs[0], "completed", true);
  fs::remove(folder / "manifest.json");
  CHECK_THAT(error_of([&] { freeze(folder, manifest("1..2"), false); }),
             Contains("not an empty folder and not a sweep"));
  CHECK(freeze(folder, manifest("0..1"), false).runs.size() == 2);
  CHECK(unfinished_runs(folder, frozen) == std::vector<std::size_t>{1});
}

TEST_CASE("a folder that was left while its first manifest was written is frozen anew") {
  const test::Scratch scratch;
  test::write_file(scratch.path("manifest.json.tmp"), "{");
  CHECK(freeze(scratch.path(""), manifest("0..1"), false).runs.size() == 2);
}

TEST_CASE("a run is finished if its status says so and its log is there") {
  const test::Scratch scratch;
  const fs::path folder = scratch.path("s");
  const Manifest frozen = freeze(folder, manifest("0..5"), false);
  put(folder, frozen.runs[0], "completed", true);
  put(folder, frozen.runs[1], "completed", false);
  put(folder, frozen.runs[2], "diverged", true);
  put(folder, frozen.runs[3], "interrupted", true);
  put(folder, frozen.runs[4], "completed", true);
  test::write_file(run_folder(folder, frozen.runs[4]) / "status.json", "{\"state\": 3");
  CHECK(unfinished_runs(folder, frozen) == std::vector<std::size_t>{1, 3, 4, 5});
}

TEST_CASE("another build goes on only where nothing was begun, or when it is told to") {
  const test::Scratch scratch;
  const fs::path folder = scratch.path("s");
  const auto admit = [&](const std::vector<std::size_t>& unfinished, bool force) {
    Manifest frozen = read_manifest(folder);
    return admit_this_build(folder, frozen, unfinished, toy_registry(), force);
  };
  const std::string ours = this_build().program;

  freeze(folder, foreign("0..1"), false);
  CHECK_FALSE(admit({0, 1}, false));
  CHECK(read_manifest(folder).build.program == ours);
  CHECK_FALSE(admit({0, 1}, false));

  const Manifest frozen = foreign("0..1");
  write_manifest(folder, frozen);
  put(folder, frozen.runs[0], "completed", true);
  const std::string before = text_of(folder / "manifest.json");
  CHECK_THAT(error_of([&] { admit({1}, false); }),
             Catch::StartsWith("2: the sweep was begun by another build") && Contains("--force"));
  CHECK_FALSE(admit({}, false));  // there is nothing left to be refused
  CHECK(text_of(folder / "manifest.json") == before);

  CHECK(admit({1}, true));
  const Manifest forced = read_manifest(folder);
  CHECK(forced.build.program == frozen.build.program);
  REQUIRE(forced.forced.size() == 1);
  CHECK(forced.forced.front().program == ours);
  CHECK(admit({1}, false));  // it is known by now, and its runs still need to be forced
  CHECK(read_manifest(folder).forced.size() == 1);
}
