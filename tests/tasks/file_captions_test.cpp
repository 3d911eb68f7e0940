#include <map>
#include <set>

#include "python.hpp"
#include "read_captions.hpp"
#include "record/scratch.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

TEST_CASE("caption: vectors and sentences of the user's own", "[tasks][caption]") {
  const Scratch scratch;
  const Python written = python("tasks/write_captions.py", scratch.path(""));
  if (written.code == 77) {
    WARN("skipped: " + written.output);
    return;
  }
  INFO(written.output);
  REQUIRE(written.code == 0);
  const auto of = [&](const std::string& name, TaskSettings more = {}) {
    more.insert(more.begin(), {{"task.corpus", "files"}, {"task.path", scratch.path(name)}});
    return more;
  };
  const auto read_back = [](const Task& task, Stream split) {
    std::map<int, std::string> captions;
    const auto count = static_cast<std::size_t>(task.examples(split));
    const Batch batch = drawn(task, split, 0, count);
    for (std::size_t b = 0; b < count; ++b) {
      const std::vector<float> v = vector_of(batch, b);
      CHECK((v.size() == 3 && v[1] == v[0] + 1 && v[2] == v[0] + 2));
      captions[static_cast<int>(v[0]) / 10] = joined_words(words_of(task, batch, b));
    }
    CHECK(captions.size() == count);
    return captions;
  };

  SECTION("parts, whatever the format") {
    std::set<std::string> digests;
    for (const char* name : {"npz", "h5", "hdf5"}) {
      CAPTURE(name);
      const auto task = caption(of(name, {{"task.min_count", "1"}}));
      CHECK((task->facts().given == 3 && task->facts().length == 9));
      const auto train = read_back(*task, Stream::train), test = read_back(*task, Stream::test);
      CHECK(train.size() == 8);
      CHECK(train.at(2) == "x x a dog , 2 . <end>");
      CHECK(read_back(*task, Stream::valid).begin()->first == 8);
      CHECK(test.begin()->first == 11);
      CHECK_THAT(test.at(12), Contains("a cat , \xEF\xBF\xBD . <end>"));
      CHECK(task->notes().at(0).second == "en words lower");
      const Batch batch = drawn(*task, Stream::train, 0, 8);
      const auto lengths = task->example_lengths();
      CHECK(std::vector<int>(lengths.begin(), lengths.end()) == batch.length);
      digests.insert(task->data_sha256());
      // By hand: the training words, of which ends, full stops and commas are 8 each.
      std::map<std::string, double> count;
      double all = 0, entropy = 0;
      for (const auto& [n, text] : train) {
        std::size_t at = 0;
        while (at < text.size()) {
          const std::size_t end = std::min(text.find(' ', at), text.size());
          ++count[text.substr(at, end - at)];
          ++all;
          at = end + 1;
        }
      }
      for (const auto& [word, n] : count) entropy -= n / all * std::log(n / all);
      CHECK((count["<end>"] == 8 && count[","] == 8));
      CHECK(task->facts().chance_loss == Approx(entropy));
      CHECK(value_of(task->baselines(), "bigram") < value_of(task->baselines(), "unigram"));
    }
    CHECK(digests.size() == 2);  // the same bytes by two names
  }

  SECTION("shares where there are no parts, and how captions are cut") {
    std::set<std::string> tests;
    for (const char* seed : {"0", "1", "2", "0"}) {
      const auto task = caption(of("one-part", {{"task.seed", seed}, {"task.test_share", "0.2"}}));
      auto all = read_back(*task, Stream::train);
      CHECK(all.size() == 14);
      const auto valid = read_back(*task, Stream::valid), test = read_back(*task, Stream::test);
      CHECK((valid.size() == 2 && test.size() == 4));
      all.insert(valid.begin(), valid.end());
      all.insert(test.begin(), test.end());
      CHECK(all.size() == 20);
      std::string numbers;
      for (const auto& [n, text] : test) numbers += std::to_string(n) + " ";
      tests.insert(numbers);
    }
    CHECK(tests.size() == 3);
    const auto two = caption(of("two-parts"));
    CHECK(two->examples(Stream::test) == 5);
    CHECK((two->examples(Stream::valid) == 1 && two->examples(Stream::train) == 9));
    const auto cut = caption(of("npz", {{"task.length", "2"}, {"task.lower_case", "false"}}));
    CHECK(cut->facts().length == 3);
    CHECK(read_back(*cut, Stream::train).at(0) == "A dog <end>");
    const auto rare = caption(of("npz", {{"task.min_count", "5"}}));
    CHECK(read_back(*rare, Stream::train).at(0) == "a \xEF\xBF\xBD , \xEF\xBF\xBD . <end>");
    const auto chinese = caption(of("chinese", {{"task.language", "zh"}}));
    CHECK(chinese->notes().at(0).second == "zh characters lower");
    CHECK(chinese->facts().length == 6);
  }

  SECTION("what cannot be read is told with file and line or array") {
    struct Case {
      const char *name, *what, *where;
    };
    for (const Case& c : {Case{"nan", "array 'features' is not finite", "[2, 1] ("},
                          {"rank", "has shape (4, 3, 2), not [N, F]", "rank/train.npz"},
                          {"vector", "has shape (4,), not [N, F]", "vector/train.npz"},
                          {"empty-array", "has shape (0, 3)", "empty-array/train.npz"},
                          {"key", "'features'", "key/train.npz"},
                          {"more-lines", "5 captions for the 4 rows", "more-lines/train.txt:5"},
                          {"fewer-lines", "3 captions for the 4 rows", "fewer-lines/train.txt:3"},
                          {"no-lines", "0 captions for the 4 rows", "no-lines/train.txt"},
                          {"empty-line", "an empty caption", "empty-line/train.txt:2"},
                          {"blank-line", "an empty caption", "blank-line/train.txt:3"},
                          {"not-utf8", "invalid UTF-8", "not-utf8/train.txt:2"},
                          {"no-array", "there is no train.npz, .h5 or .hdf5", "no-array"},
                          {"no-text", "there is no train.txt", "no-text"},
                          {"no-valid-text", "there is no valid.txt", "no-valid-text"},
                          {"other-width", "has shape (4, 2), but training has vectors of 3",
                           "other-width/test.npz"},
                          {"too-few", "too few captions: 2", "too-few"},
                          {"nothing", "there is no train.npz, .h5 or .hdf5", "nothing"},
                          {"no-npz", "", "no-npz/train.npz"},
                          {"not-there", "there is no such folder", "not-there"}}) {
      CAPTURE(c.name);
      // A path that does not exist is refused before the task is made.
      if (c.name == std::string("not-there")) {
        CHECK_THROWS_AS(caption(of(c.name)), Error);
        continue;
      }
      const std::string said = complaint(of(c.name));
      CHECK_THAT(said, Contains(c.what) && Contains(c.where));
    }
    CHECK_THAT(complaint({{"task.corpus", "files"}}, Exit::usage),
               Contains("no folder is given (task.path)"));
    CHECK_THAT(complaint(of("npz", {{"task.valid_share", "0.6"}, {"task.test_share", "0.5"}}),
                         Exit::usage),
               Contains("leave nothing to train on"));
  }
}
