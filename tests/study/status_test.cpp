#include "study/status.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "files.hpp"
#include "record/scratch.hpp"
#include "toy.hpp"

using namespace rnnlab;
using test::text_of;

TEST_CASE("status.json has the public fields, NaN as null, and reads back") {
  const test::Scratch scratch;
  const std::filesystem::path folder = scratch.path("");
  Status status{.state = "completed", .id = "adding-lstm-01234567-s0", .step = 7, .steps = 20};
  status.loss = 0.25;
  status.message = "quotes \" and \xff bytes";
  status.pid = ::getpid();
  status.host = host_name();
  write_status(folder, status);

  const auto json = nlohmann::json::parse(text_of(folder / "status.json"));
  CHECK(json.at("state") == "completed");
  CHECK(json.at("step") == 7);
  CHECK(json.at("steps") == 20);
  CHECK(json.at("loss") == 0.25);
  CHECK(json.at("metric").is_null());
  CHECK(json.at("eta_seconds").is_null());
  CHECK(json.at("pid") == ::getpid());
  CHECK(json.at("host") == host_name());

  const auto read = read_status(folder);
  REQUIRE(read);
  CHECK(read->id == status.id);
  CHECK(read->loss == 0.25);
  CHECK(std::isnan(read->metric));
  CHECK(read->finished());
  CHECK_FALSE(std::filesystem::exists(folder / "status.json.tmp"));
}

TEST_CASE("a running run whose process is gone is lost") {
  const test::Scratch scratch;
  Status status{.host = host_name()};
  status.pid = ::getpid();
  write_status(scratch.path(""), status);
  CHECK(read_status(scratch.path(""))->state == "running");
  // No process has the largest number that a kernel gives.
  status.pid = 4194304;
  write_status(scratch.path(""), status);
  CHECK(read_status(scratch.path(""))->state == "lost");
  status.host = "another";
  write_status(scratch.path(""), status);
  CHECK(read_status(scratch.path(""))->state == "running");
}

TEST_CASE("a missing status is none, a damaged one is unknown") {
  const test::Scratch scratch;
  CHECK_FALSE(read_status(scratch.path("")));
  for (const char* text : {"", "{", "[]", "{}", "{\"state\": 3, \"step\": 1, \"steps\": 2}",
                           "{\"state\": \"completed\", \"step\": \"x\", \"steps\": 2}"}) {
    test::write_file(scratch.path("status.json"), text);
    CHECK(read_status(scratch.path(""))->state == "unknown");
  }
}

TEST_CASE("a status that is not what was written is unknown, in every digit") {
  const test::Scratch scratch;
  write_status(scratch.path(""), {.state = "completed", .step = 1234, .loss = 0.5});
  std::string text = text_of(scratch.path("status.json"));
  text[text.find("1234")] = '2';
  test::write_file(scratch.path("status.json"), text);
  CHECK(read_status(scratch.path(""))->state == "unknown");
}

TEST_CASE("a status that cannot be written is a write error") {
  CHECK_THAT(error_of([] { write_status("/nowhere/at/all", {}); }), Catch::StartsWith("5: "));
}
