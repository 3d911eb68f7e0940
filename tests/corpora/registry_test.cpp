#include "corpora/registry.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "base/error.hpp"

using namespace rnnlab;
using Catch::Contains;

TEST_CASE("known corpora: every entry is whole", "[corpora][registry]") {
  std::set<std::string> names;
  for (const KnownCorpus& corpus : known_corpora()) {
    INFO(corpus.name);
    CHECK(names.insert(corpus.name).second);
    CHECK(corpus.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") ==
          std::string::npos);
    CHECK_FALSE(corpus.summary.empty());
    CHECK_FALSE(corpus.licence.empty());
    CHECK(corpus.page.starts_with("http"));
    REQUIRE_FALSE(corpus.files.empty());
    std::set<std::string> files;
    for (const KnownFile& file : corpus.files) {
      INFO(file.name);
      CHECK(files.insert(file.name).second);
      CHECK_FALSE(file.name.starts_with('/'));
      CHECK(file.name.find("..") == std::string::npos);
      CHECK(file.bytes > 0);
      CHECK(file.urls.empty() == !corpus.by_hand.empty());
      for (const std::string& url : file.urls) {
        CHECK(url.starts_with("http"));
        CHECK(std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < 127; }));
      }
      // Without a hash there must be something else to know a file by.
      CHECK((file.sha256.empty() ? !file.counts.empty() : file.sha256.size() == 64));
      CHECK(file.sha256.find_first_not_of("0123456789abcdef") == std::string::npos);
    }
    CHECK((corpus.path.empty() || files.count(corpus.path) == 1));
  }
}

TEST_CASE("known corpora: their sums are those of their files", "[corpora][registry]") {
  CHECK(known_corpus("names").files.size() == 18);
  CHECK(known_corpus("names").bytes() == 163'419);
  std::int64_t names = 0;
  for (const KnownFile& file : known_corpus("names").files) names += file.counts.front().number;
  CHECK(names == 20'050);
  // Published: tokens of training, validation and test part, <eos> counted.
  const auto tokens = [](const char* corpus) {
    std::vector<std::int64_t> numbers;
    for (const KnownFile& file : known_corpus(corpus).files)
      numbers.push_back(file.counts.back().number);
    return numbers;
  };
  CHECK(tokens("wikitext-2") == std::vector<std::int64_t>{2'088'628, 217'646, 245'569});
  CHECK(tokens("ptb") == std::vector<std::int64_t>{929'589, 73'760, 82'430});
}

TEST_CASE("known corpora: an unknown name, and addresses", "[corpora][registry]") {
  CHECK_THROWS_WITH(known_corpus("tatobea"), Contains("did you mean tatoeba?"));
  CHECK(
      below({"http://a/b", "file:///c/"}, "d e/小.txt") ==
      std::vector<std::string>{"http://a/b/d%20e/%E5%B0%8F.txt", "file:///c/d%20e/%E5%B0%8F.txt"});
}
