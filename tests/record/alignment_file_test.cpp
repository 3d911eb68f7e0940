#include "record/alignment_file.hpp"

#include <catch2/catch.hpp>
#include <filesystem>

#include "base/error.hpp"
#include "files.hpp"
#include "python.hpp"
#include "record/scratch.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
namespace fs = std::filesystem;

namespace {

std::vector<AlignedLine> lines() {
  return {{.source = {"a", "床"},
           .target = {"b", "<end>"},
           .weights = {0.25f, 0.75f, 1, 0},
           .log_probability = -0.5},
          {.source = {"10"}, .target = {"10", "11", "<end>"}, .weights = {1, 1, 1}}};
}

}  // namespace

TEST_CASE("alignments are read by every reader that is promised") {
  const Scratch scratch;
  write_alignment_file(scratch.path("a.h5"), lines());
  CHECK(is_alignment_file(scratch.path("a.h5")));
  CHECK_FALSE(fs::exists(scratch.path("a.h5.part")));
  const Python result = python("record/read_alignments.py", scratch.path("a.h5"));
  if (result.code == 77) {
    WARN("skipped: " << result.output);
    return;
  }
  INFO(result.output);
  CHECK(result.code == 0);
}

TEST_CASE("a file of alignments is there as a whole or not at all") {
  const Scratch scratch;
  fs::create_directories(scratch.path("folder/a.h5/in the way"));
  CHECK_THROWS_AS(write_alignment_file(scratch.path("folder/a.h5"), lines()), Error);
  CHECK(std::distance(fs::directory_iterator(scratch.path("folder")), {}) == 1);
  CHECK_THROWS_AS(write_alignment_file(scratch.path("nowhere/a.h5"), lines()), Error);
}

TEST_CASE("other files are not taken for alignments") {
  const Scratch scratch;
  CHECK_FALSE(is_alignment_file(scratch.path("none.h5")));
  write_file(scratch.path("text"), "not HDF5");
  CHECK_FALSE(is_alignment_file(scratch.path("text")));
}
