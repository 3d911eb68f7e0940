#include "corpora/cache.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "environment.hpp"
#include "files.hpp"
#include "record/scratch.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace fs = std::filesystem;

namespace {

/// A file of the right size, whatever is in it.
void put(const fs::path& folder, const KnownFile& file) {
  fs::create_directories((folder / file.name).parent_path());
  write_file(folder / file.name, "");
  fs::resize_file(folder / file.name, static_cast<std::uintmax_t>(file.bytes));
}

}  // namespace

TEST_CASE("the cache is where the XDG Base Directory Specification says", "[corpora][cache]") {
  const Environment home("HOME", "/home/me");
  {
    const Environment cache("XDG_CACHE_HOME", "/var/cache/me");
    CHECK(data_cache() == "/var/cache/me/rnnlab/data");
  }
  for (const char* none : {"", "not/absolute"}) {
    const Environment cache("XDG_CACHE_HOME", none);
    CHECK(data_cache() == "/home/me/.cache/rnnlab/data");
    const Environment homeless("HOME", "");
    CHECK_THROWS_WITH(data_cache(), Contains("XDG_CACHE_HOME"));
    CHECK_FALSE(cached_corpus({"names"}));
  }
}

TEST_CASE("the first corpus that lies whole in the cache is taken", "[corpora][cache]") {
  const Scratch scratch;
  const Environment cache("XDG_CACHE_HOME", scratch.path("cache"));
  const std::vector<std::string> names{"rt-polarity", "sst2"};
  const auto error = [&] {
    try {
      return corpus_path("", names);
    } catch (const Error& none) {
      CHECK(none.code() == Exit::data);
      return std::string(none.what());
    }
  };
  CHECK(corpus_path("mine.txt", names) == "mine.txt");
  CHECK(error() ==
        "no corpus is given (task.path); name a file, or: rnnlab data fetch rt-polarity");

  const auto& sst2 = known_corpus("sst2");
  const fs::path folder = data_cache() / "sst2";
  put(folder, sst2.files[0]);
  put(folder, sst2.files[1]);
  CHECK(files_present(sst2, folder) == 2);
  CHECK_THAT(error(), Contains("no corpus is given"));
  put(folder, sst2.files[2]);
  CHECK(corpus_path("", names) == folder.string());
  fs::resize_file(folder / sst2.files[2].name, 7);
  CHECK_THAT(error(), Contains("no corpus is given"));

  // Of some corpora a task reads one file, whatever else is there.
  put(data_cache() / "ett", known_corpus("ett").files[0]);
  CHECK(corpus_path("", {"airline-passengers", "ett"}) == data_cache() / "ett/ETTh1.csv");
}

TEST_CASE("which corpora a task reads", "[corpora][cache]") {
  CHECK(corpora_of("char-lm") ==
        std::vector<std::string>{"tinyshakespeare", "timemachine", "chinese-poetry"});
  CHECK(corpora_of("adding").empty());
}
