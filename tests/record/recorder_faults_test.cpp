#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/error.hpp"
#include "mount.hpp"
#include "record/recorder.hpp"
#include "record/run_reader.hpp"
#include "record/sample.hpp"
#include "record/scratch.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Matchers::Contains;

namespace {

std::string failure(const std::string& path) {
  try {
    const Recorder recorder(path, {}, "", "auto");
  } catch (const Error& error) {
    CHECK(error.code() == Exit::write);
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("Recorder: a folder that cannot be written", "[record]") {
  const Scratch scratch;
  CHECK_THAT(failure(scratch.path("missing/run.h5")), Contains("No such file or directory"));
  CHECK_FALSE(std::filesystem::exists(scratch.path("missing")));
  std::ofstream(scratch.path("file")).close();
  CHECK_THAT(failure(scratch.path("file/run.h5")), Contains("Not a directory"));

  std::filesystem::create_directory(scratch.path("read-only"));
  Child child([&] {
    if (!mount_memory(scratch.path("read-only"), MS_RDONLY, "")) return cannot_mount;
    return failure(scratch.path("read-only/run.h5")).find("Read-only file system") !=
                   std::string::npos
               ? 0
               : 1;
  });
  const int code = child.wait();
  if (code == cannot_mount)
    WARN("skipped: no right to mount");
  else
    CHECK(code == 0);
}

TEST_CASE("Recorder: declarations that fail leave no file", "[record]") {
  const Scratch scratch;
  const std::string path = scratch.path("run.h5");
  const TableSpec table{.group = "metrics/train", .columns = {{"loss", "1", "loss"}}};
  const auto declare_twice = [&] {
    Recorder recorder(path, {}, "", "auto");
    CHECK(std::filesystem::exists(path + ".tmp"));
    recorder.table(table);
    recorder.table(table);
  };
  CHECK_THROWS_AS(declare_twice(), Error);
  CHECK(std::filesystem::is_empty(scratch.path("")));

  std::ofstream(path) << "the run before";
  CHECK_THROWS_AS(declare_twice(), Error);
  CHECK(std::filesystem::file_size(path) == 14);
  CHECK_FALSE(std::filesystem::exists(path + ".tmp"));
}

TEST_CASE("Recorder: a place that cannot be taken", "[record]") {
  const Scratch scratch;
  const std::string path = scratch.path("run.h5");
  std::filesystem::create_directory(path);
  Recorder recorder(path, {}, "", GENERATE("swmr", "flush"));
  CHECK_THROWS_WITH(recorder.start(), Contains("cannot put the file in its place: Is a directory"));
}

TEST_CASE("Recorder: what a writer left that was killed early is cleared away", "[record]") {
  const Scratch scratch;
  const std::string path = scratch.path("run.h5");
  std::ofstream(path + ".tmp") << "cut off";
  Recorder recorder(path, {}, "", "auto");
  const Sample sample(recorder);
  CHECK_FALSE(std::filesystem::exists(path + ".tmp"));
  recorder.finish("completed");
  CHECK(RunReader(path).outcome() == "completed");
}

TEST_CASE("Recorder: a disk too small for the declarations", "[record]") {
  const Scratch scratch;
  Child child([&] {
    const std::string folder = scratch.path("");
    if (!mount_memory(folder, 0, "size=64k")) return cannot_mount;
    try {
      Recorder recorder(scratch.path("run.h5"), {}, "", "auto");
      recorder.array({"model/parameters/w", {1000, 1000}, "1", "8 MB"});
      recorder.start();
    } catch (const Error& error) {
      const bool told = std::string(error.what()).find("No space left") != std::string::npos;
      return error.code() == Exit::write && told && std::filesystem::is_empty(folder) ? 0 : 2;
    }
    return 1;
  });
  const int code = child.wait();
  if (code == cannot_mount)
    WARN("skipped: no right to mount");
  else
    CHECK(code == 0);
}

TEST_CASE("Recorder: a full disk leaves what was flushed", "[record]") {
  const std::string mode = GENERATE("swmr", "flush");
  const bool abandoned = GENERATE(true, false);
  const Scratch scratch;
  const std::string copy = scratch.path("copy.h5");
  std::filesystem::create_directory(scratch.path("small"));
  Child child([&]() -> int {
    if (!mount_memory(scratch.path("small"), 0, "size=1m")) return cannot_mount;
    const std::string path = scratch.path("small/run.h5");
    try {
      Recorder recorder(path, {}, "", mode);
      Sample sample(recorder);
      try {
        for (std::size_t i = 0; i < 10000; ++i) sample.row(i);
        return 1;
      } catch (const Error&) {
        if (abandoned) recorder.abandon();
        throw;
      }
    } catch (const Error& error) {
      if (error.code() != Exit::write) return 2;
      if (std::string(error.what()).find("No space left") == std::string::npos) return 3;
    }
    std::atexit([] { _exit(5); });  // after HDF5's own handler, if it had one
    static std::string from, to;
    from = path, to = copy;
    std::atexit([] { std::filesystem::copy_file(from, to); });
    std::exit(6);
  });
  const int code = child.wait();
  if (code == cannot_mount) {
    WARN("skipped: no right to mount");
    return;
  }
  REQUIRE(code == 5);

  const RunReader run(copy);
  CHECK(run.outcome() == "running");
  const auto norm = run.values("gradients/hidden/layers.0.forward/norm");
  const auto rows = static_cast<std::size_t>(norm.shape.at(0));
  CHECK(rows > 50);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < rows; ++i)
    for (std::int64_t t = 0; t < Sample::time; ++t)
      wrong += norm.values[i * Sample::time + static_cast<std::size_t>(t)] != Sample::norm(i, t);
  CHECK(wrong == 0);
  for (const std::string& path : run.datasets())
    if (path != "config" && path != "outcome") CHECK_NOTHROW(run.values(path));
}
