#include "study/manifest.hpp"

#include <catch2/catch.hpp>
#include <filesystem>

#include "files.hpp"
#include "record/scratch.hpp"
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
  for (const char* text : {"", "{", "[]", "{\"schema\": \"other\"}", "{\"schema\": 3}",
                           "{\"schema\": \"rnnlab.manifest\", \"version\": 9}"}) {
    test::write_file(scratch.path("manifest.json"), text);
    CHECK_THAT(error_of([&] { read_manifest(scratch.path("")); }),
               Catch::StartsWith("2: not a manifest"));
  }
}

TEST_CASE("ids that lead out of the sweep, or that occur twice, are refused") {
  const test::Scratch scratch;
  const auto refused = [&](const Manifest& written, const char* why) {
    write_manifest(scratch.path(""), written);
    CHECK_THAT(error_of([&] { read_manifest(scratch.path("")); }),
               Catch::StartsWith("2: not a manifest") && Contains(why));
  };
  Manifest twice = manifest("0..1");
  twice.runs.push_back(twice.runs.front());
  refused(twice, "two runs have the id");
  Manifest out = manifest("0");
  out.runs.front().id = "../../etc";
  refused(out, "the id ../../etc is none");
}

TEST_CASE("a manifest with any bit changed is found out") {
  const test::Scratch scratch;
  const std::string file = scratch.path("manifest.json");
  write_manifest(scratch.path(""), manifest("0..1"));
  const std::string whole = text_of(file);
  for (std::size_t at = 0; at < whole.size(); at += 3) {
    std::string text = whole;
    text[at] = static_cast<char>(text[at] ^ (1 << (at % 8)));
    test::write_file(file, text);
    INFO(at);
    const std::string error = error_of([&] { read_manifest(scratch.path("")); });
    REQUIRE((error.starts_with("2: not a manifest") ||
             error.starts_with("4: the manifest is damaged")));
  }
  for (std::size_t size = 0; size < whole.size(); size += 97) {
    test::write_file(file, whole.substr(0, size));
    REQUIRE(error_of([&] { read_manifest(scratch.path("")); }) != "no error");
  }
  test::write_file(file, whole);
  CHECK(read_manifest(scratch.path("")).runs.size() == 2);
}

TEST_CASE("runs with different keys have different bases, and all read back") {
  const test::Scratch scratch;
  const Manifest written = make_manifest(expand(toy_registry(), {{"task.name", "adding, copy", ""},
                                                                 {"model.name", "lstm, gru", ""},
                                                                 {"task.noise", "1, 2", ""},
                                                                 {"train.seed", "0..1", ""}}));
  write_manifest(scratch.path(""), written);
  const Manifest read = read_manifest(scratch.path(""));
  REQUIRE(read.runs.size() == 16);
  for (std::size_t i = 0; i < read.runs.size(); ++i) {
    CHECK(read.runs[i].id == written.runs[i].id);
    CHECK(read.runs[i].overrides == written.runs[i].overrides);
    CHECK(read.runs[i].config == written.runs[i].config);
  }
  CHECK(read.build.program == this_build().program);
  CHECK(read.build.program.size() == 64);
}
