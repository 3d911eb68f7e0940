#include "name_lists.hpp"

#include <zip.h>

#include "environment.hpp"
#include "name_folder.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

TEST_CASE("names: the lists of an archive, among other files", "[tasks][names]") {
  const NameFolder folder;
  folder.write("deep/more.txt", "a sentence\tand another\n");
  folder.write(".hidden.txt", "\xFF");
  const std::string digest = folder.make()->data_sha256();
  const std::string archive = folder.scratch.path("data.zip");
  int code = 0;
  zip_t* const out = zip_open(archive.c_str(), ZIP_CREATE, &code);
  REQUIRE(out);
  std::vector<std::string> texts{"to\tsplit\n"};
  for (const auto& [name, lines] : folder.lists)
    texts.push_back(text_of(folder.scratch.path(name + ".txt")));
  const auto add = [&](const std::string& name, const std::string& text) {
    REQUIRE(zip_file_add(out, name.c_str(), zip_source_buffer(out, text.data(), text.size(), 0),
                         ZIP_FL_ENC_UTF_8) >= 0);
  };
  add("data/eng-fra.txt", texts[0]);
  std::size_t i = 1;
  for (const auto& [name, lines] : folder.lists) add("data/names/" + name + ".txt", texts[i++]);
  REQUIRE(zip_close(out) == 0);
  const auto packed = folder.make({{"task.path", archive}});
  CHECK(packed->given_symbols() == Lines{"Chinese", "Czech", "German"});
  CHECK(packed->data_sha256() == digest);
}

TEST_CASE("names: lines that are no names", "[tasks][names]") {
  const NameFolder folder;
  folder.write("Czech.txt", "\xEF\xBB\xBF  Adam \r\n\r\nBen\t\nCid\nDan\n\n");
  const NameLists lists = read_name_lists(folder.path());
  Lines czech;
  for (const NameLists::Name& name : lists.names) {
    if (lists.classes[name.cls] != "Czech") continue;
    std::string text;
    for (std::uint32_t i = 1; i <= name.length; ++i)
      text += static_cast<char>(lists.text[name.begin + i]);
    czech.push_back(text);
  }
  CHECK(czech == Lines{"Adam", "Ben", "Cid", "Dan"});

  const auto said = [&](const std::string& text) {
    folder.write("Czech.txt", text);
    return folder.complaint();
  };
  CHECK_THAT(said("Adam\nBe\tn\nCid\n"),
             Contains("Czech.txt:2") && Contains("control character 9"));
  CHECK_THAT(said(std::string("Adam\nB\0n\n", 9)), Contains("Czech.txt:2"));
  CHECK_THAT(said("Adam\n\xC3\n"), Contains("Czech.txt:2") && Contains("invalid UTF-8"));
  CHECK_THAT(said("Adam\n" + std::string(201, 'x')),
             Contains("Czech.txt:2") && Contains("a name of 201 characters"));
  CHECK_THAT(said(""), Contains("there is no name") && Contains("Czech.txt"));
  CHECK_THAT(said("Adam\nBen\nAdam\n"), Contains("too few names of class Czech: 2"));
  CHECK(said("Adam\nBen\nCid\n").empty());
  std::filesystem::remove(folder.scratch.path("German.txt"));
  std::filesystem::remove(folder.scratch.path("Czech.txt"));
  CHECK_THAT(folder.complaint(), Contains("there are no lists of names"));
  const Environment no_cache("XDG_CACHE_HOME", "/nonexistent");
  CHECK_THROWS_WITH(configured("names").make_task(), Contains("no corpus is given (task.path)"));
}

namespace {

void damage(std::uint64_t first, std::uint64_t count) {
  const Scratch scratch;
  std::string text;
  for (const std::string& name : names_of("Č", "ová")) text += name + "\n";
  write_file(scratch.path("a.txt"), text);
  const auto below = [](Rng& rng, std::size_t n) {
    return static_cast<std::size_t>(rng.below(static_cast<std::uint32_t>(n)));
  };
  for (std::uint64_t i = first; i < first + count; ++i) {
    Rng rng({8, Stream::test}, i);
    std::string bytes = text;
    for (std::size_t times = 1 + below(rng, 4); times > 0; --times) {
      const std::size_t at = below(rng, bytes.size());
      switch (below(rng, 4)) {
        case 0: bytes[at] = static_cast<char>(below(rng, 256)); break;
        case 1: bytes.insert(at, bytes.substr(at / 2, below(rng, 300))); break;
        case 2: bytes.erase(at, 1 + below(rng, 3)); break;
        default: bytes.insert(at, 1, "\n\r\t\0 "[below(rng, 5)]);
      }
      if (bytes.empty()) bytes = "x";
    }
    write_file(scratch.path("b.txt"), bytes);
    CAPTURE(i);
    try {
      const NameLists lists = read_name_lists(scratch.path(""));
      // Names and the boundaries around them are the whole text.
      std::size_t place = 0;
      bool whole = true;
      for (std::uint32_t n = 0; n < lists.names.size(); ++n) {
        const NameLists::Name& name = lists.names[n];
        whole =
            whole && name.begin == place && name.length > 0 && name.copy_of <= n && name.cls < 2;
        place += name.length + 1;
        whole = whole && place < lists.text.size() && lists.text[place] == NameLists::boundary;
      }
      REQUIRE((whole && place + 1 == lists.text.size()));
    } catch (const Error& error) {
      REQUIRE(error.code() == Exit::data);
      REQUIRE_THAT(error.what(), Contains("b.txt"));
    }
  }
}

}  // namespace

TEST_CASE("names: damaged lists are refused or read to the last line", "[tasks][names]") {
  damage(0, 10000);
}

TEST_CASE("names: as many damaged lists as RNNLAB_FUZZ says", "[.fuzz]") {
  const char* count = std::getenv("RNNLAB_FUZZ");
  damage(1u << 20, count ? std::stoull(count) : 1000000);
}
