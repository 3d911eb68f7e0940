#include "study/folder_lock.hpp"

#include <catch2/catch.hpp>

#include "record/scratch.hpp"
#include "toy.hpp"

using namespace rnnlab;

TEST_CASE("a folder is locked against others for as long as the lock lives") {
  const test::Scratch scratch;
  const std::string folder = scratch.path("");
  const auto locked_out = [&] { return error_of([&] { FolderLock{folder}; }) != "no error"; };
  {
    const FolderLock lock(folder);
    CHECK(locked_out());
    CHECK(is_held(folder));
    CHECK_THAT(error_of([&] { FolderLock{folder}; }),
               Catch::StartsWith("2: another process is working in this folder"));
  }
  CHECK_FALSE(is_held(folder));
  CHECK_FALSE(is_held(folder + "none"));
  CHECK_FALSE(locked_out());
  CHECK_THAT(error_of([&] { FolderLock{folder + "none"}; }), Catch::StartsWith("5: "));
}

TEST_CASE("the lock of a process that was killed is gone") {
  const test::Scratch scratch;
  const std::string folder = scratch.path("");
  int ready[2];
  REQUIRE(pipe(ready) == 0);
  test::Child child([&] {
    const FolderLock lock(folder);
    if (write(ready[1], "x", 1) != 1) return 1;
    for (;;) pause();
  });
  char byte;
  REQUIRE(read(ready[0], &byte, 1) == 1);
  CHECK(error_of([&] { FolderLock{folder}; }) != "no error");
  CHECK(child.end(9) == -9);
  CHECK(error_of([&] { FolderLock{folder}; }) == "no error");
  close(ready[0]);
  close(ready[1]);
}
