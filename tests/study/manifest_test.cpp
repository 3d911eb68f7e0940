#include "study/manifest.hpp"

#include <catch2/catch.hpp>
#include <filesystem>

#include "files.hpp"
#include "record/scratch.hpp"
#include "study/sweep.hpp"
#include "toy.hpp"

using namespace rnnlab;
using Catch::Contains;
using test::text_of;

namespace {

Manifest manifest(const std::string& seeds) {
  return make_manifest(expand(
      toy_registry(),
      {{"train.seed", seeds, ""}, {"run.threads", "2", ""}, {"train.max_seconds", "9", ""}}));
}

}  // namespace

TEST_CASE("a manifest holds what is to be run, and reads back") {
  const test::Scratch scratch;
  Manifest written = manifest("0..2");
  written.study = "s";
  written.claims = "abc";
  write_manifest(scratch.path(""), written);
  const Manifest read = read_manifest(scratch.path(""));
  CHECK(read.study == "s");
  CHECK(read.claims == "abc");
  REQUIRE(read.runs.size() == 3);
  CHECK(read.runs[1].id == written.runs[1].id);
  CHECK(read.runs[1].overrides == Settings{{"train.seed", "1"}});
  const Config config = frozen_config(toy_registry(), read.runs[2]);
  CHECK(config.id() == read.runs[2].id);
  CHECK(config.run().threads == 2);
  CHECK(config.train().max_seconds == 9);
}

TEST_CASE("a run that would get another id is refused") {
  ManifestRun run = manifest("0").runs.front();
  run.id = "adding-lstm-00000000-s0";
  CHECK_THAT(error_of([&] { frozen_config(toy_registry(), run); }),
             Contains("this program calls the run adding-lstm-"));
}

TEST_CASE("what is no manifest is a usage error") {
  const test::Scratch scratch;
  CHECK_THAT(error_of([&] { read_manifest(scratch.path("")); }),
             Catch::StartsWith("2: cannot read"));
  for (const char* text :
       {"", "{", "[]", "{\"schema\": \"other\"}", "{\"schema\": 3}",
        "{\"schema\": \"rnnlab.manifest\", \"version\": 9}",
        "{\"schema\": \"rnnlab.manifest\", \"version\": 1, \"study\": \"\", \"claims_sha256\": "
        "\"\", "
        "\"runs\": [{\"id\": 3}]}",
        "{\"schema\": \"rnnlab.manifest\", \"version\": 1, \"study\": \"\", \"claims_sha256\": "
        "\"\", "
        "\"runs\": [{\"id\": \"../../etc\", \"config\": \"\", \"overrides\": {}}]}"}) {
    test::write_file(scratch.path("manifest.json"), text);
    CHECK_THAT(error_of([&] { read_manifest(scratch.path("")); }),
               Catch::StartsWith("2: not a manifest"));
  }
}

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
