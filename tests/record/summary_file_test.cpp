#include "record/summary_file.hpp"

#include <catch2/catch.hpp>
#include <cstring>
#include <filesystem>

#include "base/error.hpp"
#include "files.hpp"
#include "mount.hpp"
#include "python.hpp"
#include "record/recorder.hpp"
#include "record/scratch.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
namespace fs = std::filesystem;

namespace {

constexpr int runs = 7;

void damage(const std::string& file, double value) {
  std::string bytes = text_of(file), pattern(sizeof value, '\0');
  std::memcpy(pattern.data(), &value, sizeof value);
  const std::size_t place = bytes.find(pattern);
  REQUIRE(place != std::string::npos);
  bytes[place] ^= 1;
  write_file(file, bytes);
}

/// Runs of 100 · (run + 1) rows, whose values tell run and row; run 1 has no file, that of run 2 is
/// damaged, that of run 3 was left by a killed writer, run 4 has no validation and a series of its
/// own, run 5 no rows, and one value of run 6 is damaged.
std::vector<std::string> write_runs(const Scratch& scratch) {
  std::vector<std::string> files;
  for (int run = 0; run < runs; ++run) {
    files.push_back(scratch.path("run" + std::to_string(run) + ".h5"));
    if (run == 1) continue;
    Child writer([&] {
      Recorder recorder(files.back(), {}, "", run % 2 ? "swmr" : "flush");
      std::vector<Column> columns{{"loss", "nats", "mean loss"}};
      if (run == 4) columns.push_back({"own", "1", "of run 4 alone"});
      Table& train = recorder.table({.group = "metrics/train", .columns = columns});
      Table* valid = run == 4 ? nullptr
                              : &recorder.table({.group = "metrics/valid",
                                                 .columns = {{"mse", "1", "squared error"}}});
      recorder.start();
      for (int row = 0; run != 5 && row < 100 * (run + 1); ++row) {
        std::vector<double> values{1000.0 * run + row};
        if (run == 4) values.push_back(-row);
        train.row(10 * row, values);
        if (valid && row % 10 == 0) valid->row(10 * row, std::vector<double>{0.5 * row});
      }
      recorder.flush();
      if (run == 3) _exit(0);
      recorder.finish("completed");
      return 0;
    });
    REQUIRE(writer.wait() == 0);
    if (run == 2) write_file(files.back(), "damaged");
    if (run == 6) damage(files.back(), 6050.0);
  }
  return files;
}

std::vector<RunColumn> columns() {
  return {{"id", "1", "name", std::vector<std::string>{"a", "bΩ", "", "dddd", "e e", "f", "g"}},
          {"seed", "1", "seed", std::vector<std::int64_t>{0, 1, 2, 3, 4, 1LL << 60, 6}},
          {"train.lr", "1", "rate", std::vector<double>{0.1, 0.2, 0.3, 0.4, 0.5, 1e300, 1}}};
}

const std::vector<std::string> groups{"metrics/train", "metrics/valid"};

}  // namespace

TEST_CASE("every reader sees all runs' curves at once, and what is missing as missing") {
  const Scratch scratch;
  const std::vector<std::string> files = write_runs(scratch);
  write_summary_file(scratch.path("summary.h5"), columns(), groups, files);
  CHECK_FALSE(fs::exists(scratch.path("summary.h5.part")));
  const Python result = python("record/read_summary.py", scratch.path("summary.h5"));
  if (result.code == 77) {
    WARN("skipped: " << result.output);
    return;
  }
  INFO(result.output);
  CHECK(result.code == 0);
}

TEST_CASE("a summary replaces the one before as a whole, or not at all") {
  const Scratch scratch;
  const std::vector<std::string> files(runs, scratch.path("none.h5"));
  write_summary_file(scratch.path("summary.h5"), columns(), groups, files);
  const std::string before = text_of(scratch.path("summary.h5"));
  write_summary_file(scratch.path("summary.h5"), columns(), groups, files);
  CHECK(text_of(scratch.path("summary.h5")) == before);

  fs::create_directories(scratch.path("folder/summary.h5/in the way"));
  const auto write = [&](const std::string& path) {
    write_summary_file(scratch.path(path), columns(), groups, files);
  };
  CHECK_THROWS_AS(write("folder/summary.h5"), Error);
  CHECK(std::distance(fs::directory_iterator(scratch.path("folder")), {}) == 1);
  CHECK_THROWS_AS(write("nowhere/summary.h5"), Error);
}

TEST_CASE("a disk that is too small for a summary keeps the one before") {
  const Scratch scratch;
  const std::vector<std::string> files = write_runs(scratch);
  fs::create_directory(scratch.path("disk"));
  Child child([&] {
    const std::string path = scratch.path("disk/summary.h5");
    for (const char* size : {"size=4k", "size=16k", "size=40k"}) {
      if (!mount_memory(scratch.path("disk"), 0, size)) return cannot_mount;
      write_file(path, "before");
      try {
        write_summary_file(path, columns(), groups, files);
        return 1;
      } catch (const Error& error) {
        if (error.code() != Exit::write) return 2;
      }
      if (text_of(path) != "before") return 3;
      if (std::distance(fs::directory_iterator(scratch.path("disk")), {}) != 1) return 4;
    }
    return 0;
  });
  const int code = child.wait();
  if (code == cannot_mount) {
    WARN("skipped: no right to mount");
    return;
  }
  CHECK(code == 0);
}
