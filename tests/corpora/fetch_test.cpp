#include "corpora/fetch.hpp"

#include <catch2/catch.hpp>
#include <sys/resource.h>

#include "base/error.hpp"
#include "made_corpus.hpp"
#include "mount.hpp"
#include "record/scratch.hpp"
#include "server.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace fs = std::filesystem;

namespace {

class Quiet final : public FetchWatcher {
 public:
  bool progress(const KnownFile&, std::int64_t bytes) override {
    seen = bytes;
    return bytes < stop_at;
  }
  void note(const std::string& line) override { notes += line + "\n"; }

  std::int64_t seen = 0, stop_at = 1'000'000'000;
  std::string notes;
};

/// A made corpus, the server that has it, and a cache that is empty.
struct Place {
  Scratch scratch;
  MadeCorpus made{scratch.path("site")};
  fs::path cache = scratch.path("cache");
  Quiet watcher;

  Place() { fs::create_directory(cache); }
  std::string file_mirror() const { return "file://" + scratch.path("site"); }
  fs::path path(const std::string& file) const { return cache / "made" / file; }
  fs::path part(const std::string& file) const { return cache / ".part/made" / (file + ".part"); }

  int fetched(const std::vector<std::string>& mirrors, bool force = false) {
    return fetch(made.corpus, cache, {mirrors, force}, watcher);
  }
  /// The exit code and sentence of a fetch that fails.
  std::pair<Exit, std::string> failed(const std::vector<std::string>& mirrors) {
    try {
      fetched(mirrors);
      return {Exit::done, ""};
    } catch (const Error& error) {
      return {error.code(), error.what()};
    }
  }
  void check_whole() const {
    CHECK(text_of(path(made.large)) == made.large_bytes);
    CHECK(text_of(path(made.small)) == made.small_bytes);
    CHECK_FALSE(fs::exists(cache / ".part"));
  }
  bool cache_is_empty() const { return fs::is_empty(cache); }
};

/// A place and its server.
struct Site : Place {
  Server server{scratch.path("site"), scratch.path("log")};
};

std::size_t times(const std::string& text, const std::string& word) {
  std::size_t count = 0;
  for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("fetch: from files, http and a redirection; what is there stays", "[corpora][fetch]") {
  Site site;
  const std::string kind = GENERATE("file", "range", "moved");
  const std::string mirror = kind == "file" ? site.file_mirror() : site.server.url(kind);
  CHECK(site.fetched({mirror}) == 2);
  site.check_whole();
  CHECK(site.watcher.seen == site.made.corpus.bytes());
  CHECK(site.fetched({"http://127.0.0.1:1/nowhere"}) == 0);
  CHECK(site.fetched({mirror}, true) == 2);
  site.check_whole();
}

TEST_CASE("fetch: a damaged or missing file is fetched, the others are not", "[corpora][fetch]") {
  Place place;
  REQUIRE(place.fetched({place.file_mirror()}) == 2);
  SECTION("other bytes") { write_file(place.path(place.made.small), "One\ntwo\n"); }
  SECTION("cut off") { write_file(place.path(place.made.small), "one"); }
  SECTION("empty") { write_file(place.path(place.made.small), ""); }
  SECTION("gone") { fs::remove(place.path(place.made.small)); }
  CHECK(place.fetched({place.file_mirror()}) == 1);
  place.check_whole();
}

TEST_CASE("fetch: what is there of a file is gone on with", "[corpora][fetch]") {
  Site site;
  const std::string begun = site.made.large_bytes.substr(0, 123'456);
  fs::create_directories(site.part(site.made.large).parent_path());
  write_file(site.part(site.made.large), begun);
  SECTION("by Range") {
    CHECK(site.fetched({site.server.url("range")}) == 2);
    CHECK_THAT(site.server.log(), Contains("range made/large.bin bytes=123456-\n"));
    CHECK(times(site.server.log(), "large.bin") == 1);
  }
  SECTION("from a file") { CHECK(site.fetched({site.file_mirror()}) == 2); }
  SECTION("a server without Range is asked for all of it") {
    CHECK(site.fetched({site.server.url("whole")}) == 2);
    CHECK(times(site.server.log(), "whole made/large.bin") == 2);
    CHECK_THAT(site.watcher.notes, Contains("beginning anew"));
  }
  SECTION("bytes that do not fit to what is there: all of it again") {
    CHECK(site.fetched({site.server.url("shifted")}) == 2);
    CHECK_THAT(site.server.log(), Contains("bytes=123456-") && Contains("large.bin -"));
  }
  SECTION("what is there is of another file: all of it again") {
    write_file(site.part(site.made.large), noise(123'456, 1));
    CHECK(site.fetched({site.server.url("range")}) == 2);
    CHECK_THAT(site.watcher.notes, Contains("other bytes than are known"));
  }
  SECTION("all of it is there, but not yet under its name") {
    write_file(site.part(site.made.large), site.made.large_bytes);
    CHECK(site.fetched({site.server.url("range")}) == 2);
    CHECK(times(site.server.log(), "large.bin") == 0);
  }
  SECTION("there is too much of it") {
    write_file(site.part(site.made.large), site.made.large_bytes + "more");
    CHECK(site.fetched({site.server.url("range")}) == 2);
  }
  site.check_whole();
}

TEST_CASE("fetch: a connection that is cut off again and again", "[corpora][fetch]") {
  Site site;
  CHECK(site.fetched({site.server.url("cut")}) == 2);
  site.check_whole();
  CHECK_THAT(site.server.log(),
             Contains("bytes=100000-") && Contains("bytes=200000-") && Contains("bytes=300000-"));
}

TEST_CASE("fetch: nothing wrong is ever left under a file's name", "[corpora][fetch]") {
  Site site;
  const auto nothing_came = [&](const std::string& mirror, const std::string& reason) {
    INFO(mirror);
    const auto [code, what] = site.failed({mirror});
    CHECK(code == Exit::data);
    CHECK_THAT(what, Contains(reason) && Contains("made/large.bin") && Contains("--mirror"));
    CHECK(site.cache_is_empty());
  };
  nothing_came(site.server.url("range/nowhere"), "404");
  nothing_came(site.server.url("page"), "22 bytes instead of 350000");
  nothing_came(site.server.url("dead"), "Empty reply");
  nothing_came("http://127.0.0.1:1", "127.0.0.1");
  nothing_came("file://" + site.scratch.path("none"), "open file");
  nothing_came("ftp://127.0.0.1", "not supported");
  write_file(site.scratch.path("site/made/large.bin"), noise(350'000, 2));
  nothing_came(site.server.url("range"), "SHA-256");
  write_file(site.scratch.path("site/made/large.bin"), noise(350'001));
  nothing_came(site.server.url("range"), "longer than it should be");
  write_file(site.scratch.path("site/made/large.bin"), "");
  nothing_came(site.server.url("range"), "0 bytes instead of 350000");
}

TEST_CASE("fetch: mirrors are tried in order, each going on from the one before",
          "[corpora][fetch]") {
  Site site;
  SECTION("given ones") {
    CHECK(site.fetched({site.server.url("range/nowhere"), site.server.url("page"),
                        site.server.url("range"), site.server.url("whole")}) == 2);
    CHECK(times(site.server.log(), "whole ") == 0);
    CHECK_THAT(site.watcher.notes, Contains("404") && Contains("trying the next address"));
  }
  SECTION("the corpus' own, of which the first is the official one") {
    for (KnownFile& file : site.made.corpus.files)
      file.urls = below({site.server.url("dead/made"), site.server.url("range/made")}, file.name);
    CHECK(site.fetched({}) == 2);
    CHECK(times(site.server.log(), "dead made/large.bin") >= 1);
  }
  site.check_whole();
}

TEST_CASE("fetch: what has to be got by hand", "[corpora][fetch]") {
  Place place;
  place.made.corpus.by_hand = "buy it";
  const auto [code, what] = place.failed({});
  CHECK(code == Exit::data);
  CHECK_THAT(what, Contains("by hand") && Contains("buy it") && Contains(place.cache.string()));
  place.made.corpus.files.front().sha256.clear();
  fs::copy(place.scratch.path("site/made"), place.cache / "made", fs::copy_options::recursive);
  CHECK(place.fetched({}) == 0);
}

TEST_CASE("fetch: told to stop, it keeps what has come", "[corpora][fetch]") {
  Site site;
  site.watcher.stop_at = 90'000;
  const auto [code, what] = site.failed({site.server.url("stuck")});
  CHECK(code == Exit::interrupted);
  CHECK(fs::file_size(site.part(site.made.large)) > 0);
  CHECK_FALSE(fs::exists(site.cache / "made"));
  site.watcher.stop_at = 1'000'000'000;
  CHECK(site.fetched({site.server.url("range")}) == 2);
  CHECK_THAT(site.server.log(), Contains("range made/large.bin bytes="));
  site.check_whole();
}

TEST_CASE("fetch: killed in the middle, it goes on", "[corpora][fetch]") {
  Site site;
  const fs::path part = site.part(site.made.large);
  Child child([&] { return site.fetched({site.server.url("stuck")}); });
  for (int i = 0; i < 3000 && (!fs::exists(part) || fs::file_size(part) < 100'000); ++i)
    usleep(10'000);
  REQUIRE(fs::exists(part));
  SECTION("no second process takes part meanwhile") {
    const auto [code, what] = site.failed({site.server.url("range")});
    CHECK(code == Exit::write);
    CHECK_THAT(what, Contains("another process"));
  }
  CHECK(child.end(SIGKILL) == -SIGKILL);
  CHECK_FALSE(fs::exists(site.cache / "made"));
  CHECK(site.fetched({site.server.url("range")}) == 2);
  CHECK_THAT(site.server.log(), Contains("range made/large.bin bytes=100000-"));
  site.check_whole();
}

TEST_CASE("fetch: what the file system refuses", "[corpora][fetch]") {
  Place place;
  /// In a process of its own, as it cannot undo what it does to itself.
  const auto code_of = [&](const std::function<bool()>& prepare) {
    Child child([&] {
      if (!prepare()) return cannot_mount;
      return static_cast<int>(place.failed({place.file_mirror()}).first);
    });
    return child.wait();
  };
  const auto skipped = [](int code) {
    if (code == cannot_mount) WARN("skipped: no right to mount");
    return code == cannot_mount;
  };
  SECTION("a cache that is read only") {
    const int code = code_of([&] { return mount_memory(place.cache.string(), MS_RDONLY, ""); });
    if (skipped(code)) return;
    CHECK(code == 5);
  }
  SECTION("a full disk") {
    const int code = code_of([&] { return mount_memory(place.cache.string(), 0, "size=200k"); });
    if (skipped(code)) return;
    CHECK(code == 5);
  }
  SECTION("a limit on file sizes; what has come stays and is gone on with") {
    const int code = code_of([&] {
      const rlimit limit{200'000, 200'000};
      signal(SIGXFSZ, SIG_IGN);
      return setrlimit(RLIMIT_FSIZE, &limit) == 0;
    });
    CHECK(code == 5);
    CHECK(fs::file_size(place.part(place.made.large)) == 200'000);
  }
  SECTION("a file where the folder should be") {
    write_file(place.cache / "made", "mine");
    const auto [code, what] = place.failed({place.file_mirror()});
    CHECK(code == Exit::write);
    CHECK(text_of(place.cache / "made") == "mine");
    fs::remove(place.cache / "made");
  }
  CHECK_FALSE(fs::exists(place.cache / "made"));
  CHECK(place.fetched({place.file_mirror()}) == 2);
  place.check_whole();
}
