#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <map>

#include "assign_all.hpp"
#include "base/error.hpp"
#include "environment.hpp"
#include "files.hpp"
#include "record/scratch.hpp"
#include "train/gradcheck.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

std::unique_ptr<Task> char_lm(std::map<std::string, std::string> options) {
  return task_of("char-lm", std::move(options));
}

/// A text in a file of its own.
class Text {
 public:
  explicit Text(const std::string& bytes) { std::ofstream(path(), std::ios::binary) << bytes; }
  std::string path() const { return scratch_.path("text.txt"); }

 private:
  Scratch scratch_;
};

std::string spelled(const Task& task, const std::vector<std::int32_t>& ids, const Batch& batch,
                    int column) {
  const auto symbols = task.symbols();
  std::string text;
  for (int t = 0; t < batch.length[static_cast<std::size_t>(column)]; ++t) {
    text += symbols[static_cast<std::size_t>(ids[static_cast<std::size_t>(t * batch.B + column)])];
  }
  return text;
}

const std::string hundred =
    "To be, or not to be, that is the question: Whether 'tis nobler in the mind to suffer the "
    "lines";

}  // namespace

TEST_CASE("char-lm: windows follow each other, the next character is asked for") {
  const Text text(hundred);
  const auto task = char_lm({{"path", text.path()}, {"length", "7"}});
  const auto N = static_cast<std::int64_t>(hundred.size());
  const std::int64_t valid = std::llround(0.1 * static_cast<double>(N));
  CHECK(task->stream(Stream::train) == N - valid - 1);
  CHECK(task->stream(Stream::valid) == valid);
  CHECK(task->stream(Stream::test) == valid);
  Batch batch;
  const std::vector<std::uint64_t> starts{0, 7, 14};
  task->draw({0, Stream::train}, starts, batch);
  for (int b = 0; b < 3; ++b) {
    CHECK(spelled(*task, batch.symbol, batch, b) ==
          hundred.substr(static_cast<std::size_t>(7 * b), 7));
    CHECK(spelled(*task, batch.label, batch, b) ==
          hundred.substr(static_cast<std::size_t>(7 * b) + 1, 7));
  }
  // The validation part: its first character is predicted from the last one before it.
  const std::vector<std::uint64_t> both{0, 7};
  task->draw({0, Stream::valid}, both, batch);
  const auto begin = static_cast<std::size_t>(N - valid);
  CHECK(spelled(*task, batch.symbol, batch, 0) == hundred.substr(begin - 1, 7));
  CHECK(spelled(*task, batch.label, batch, 1) == hundred.substr(begin + 7));
  CHECK(batch.length[1] == valid - 7);
  float scored = 0;
  for (const float w : batch.weight) scored += w;
  CHECK(scored == static_cast<float>(valid));
}

TEST_CASE("char-lm: Chinese goes by code point") {
  std::string poem;
  for (int i = 0; i < 10; ++i) poem += "床前明月光，疑是地上霜。\n";
  const Text text(poem);
  const auto task = char_lm({{"path", text.path()}, {"length", "6"}});
  CHECK(task->facts().outputs == 13);
  Batch batch;
  const std::vector<std::uint64_t> start{0};
  task->draw({0, Stream::train}, start, batch);
  CHECK(spelled(*task, batch.symbol, batch, 0) == "床前明月光，");
  CHECK(spelled(*task, batch.label, batch, 0) == "前明月光，疑");
}

TEST_CASE("char-lm: what training has not seen is U+FFFD") {
  const Text text(std::string(90, 'a') + "bab" +
                  "aaxay"
                  "aaaaa"
                  "aa");
  const auto task =
      char_lm({{"path", text.path()}, {"length", "5"}, {"valid_share", "0.1"}, {"min_count", "2"}});
  CHECK(task->symbols() == std::vector<std::string>{"a", "b", "\xEF\xBF\xBD"});
  const auto plain = char_lm({{"path", text.path()}, {"length", "5"}, {"valid_share", "0.05"}});
  CHECK(plain->symbols() == std::vector<std::string>{"a", "b", "x", "y"});
}

TEST_CASE("char-lm: random windows are a function of key and index and lie inside the part") {
  const Text text(hundred);
  const auto task = char_lm({{"path", text.path()}, {"length", "7"}, {"sampling", "random"}});
  CHECK(task->stream(Stream::train) == 0);
  CHECK(task->stream(Stream::valid) > 0);
  std::vector<std::uint64_t> ids(500);
  for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = 7919 * i;
  Batch batch, again;
  task->draw({5, Stream::train}, ids, batch);
  std::map<std::string, int> seen;
  const std::string part = hundred.substr(0, hundred.size() - 9);
  for (int b = 0; b < batch.B; ++b) {
    const std::string window = spelled(*task, batch.symbol, batch, b);
    CHECK(window.size() == 7);
    CHECK(part.find(window) != part.npos);
    CHECK(part.find(window + spelled(*task, batch.label, batch, b).back()) != part.npos);
    ++seen[window];
  }
  CHECK(seen.size() > 70);  // of the 78 places
  std::reverse(ids.begin(), ids.end());
  task->draw({5, Stream::train}, ids, again);
  CHECK(spelled(*task, again.symbol, again, 0) == spelled(*task, batch.symbol, batch, 499));
}

TEST_CASE("char-lm: the gradient, one-hot and with an embedding") {
  const Text text(hundred);
  const auto task = char_lm({{"path", text.path()}, {"length", "9"}});
  ModelOptions options;
  options.cell = GENERATE("elman", "lstm", "gru");
  options.hidden = 6;
  options.embedding = GENERATE(0, 4);
  for (const GradientError& e : gradcheck(*task, options, 1, 3)) {
    CAPTURE(options.cell, options.embedding, e.parameter);
    CHECK(e.error < 1e-6);
  }
}

TEST_CASE("char-lm: what cannot be read or is too short is told in one line") {
  const auto error_of = [](const std::string& bytes, std::map<std::string, std::string> options) {
    const Text text(bytes);
    options["path"] = text.path();
    try {
      char_lm(options);
    } catch (const Error& error) {
      return std::pair{error.code(), std::string(error.what())};
    }
    return std::pair{Exit::done, std::string()};
  };
  CHECK(error_of("", {}).first == Exit::data);
  const auto short_text = error_of("some text", {});
  CHECK(short_text.first == Exit::data);
  CHECK_THAT(short_text.second, Contains("too short: 9 characters") && Contains("text.txt"));
  const auto invalid = error_of("one\ntwo \xC3\nthree\n" + hundred, {{"length", "5"}});
  CHECK(invalid.first == Exit::data);
  CHECK_THAT(invalid.second, Contains("text.txt:2"));
  CHECK(error_of(hundred, {{"length", "5"}}).first == Exit::done);
  CHECK(error_of(hundred, {{"valid_share", "0.6"}, {"test_share", "0.5"}}).first == Exit::usage);
  const Environment no_cache("XDG_CACHE_HOME", "/nonexistent");
  CHECK_THROWS_WITH(char_lm({}), Contains("no corpus is given (task.path)"));
  CHECK_THROWS_WITH(char_lm({{"path", "/nonexistent/text"}}), Contains("/nonexistent/text"));
}

TEST_CASE("char-lm: three files of a folder, and poems of a JSON list") {
  const Scratch scratch;
  write_file(scratch.path("train.txt"), "床前明月光\n疑是地上霜\n");
  write_file(scratch.path("valid.txt"), "舉頭\n");
  const auto files = char_lm({{"path", scratch.path("")}, {"length", "5"}});
  CHECK(files->stream(Stream::train) == 11);
  CHECK(files->stream(Stream::valid) == 3);
  CHECK(files->stream(Stream::test) == 3);  // on the validation part
  CHECK(files->symbols().back() == "\xEF\xBF\xBD");
  Batch batch;
  files->draw({0, Stream::valid}, std::vector<std::uint64_t>{0}, batch);
  CHECK(spelled(*files, batch.symbol, batch, 0) == "\n\xEF\xBF\xBD\xEF\xBF\xBD");

  const Scratch other;
  write_file(other.path("poems.json"),
             "[{\"title\": \"x\", \"paragraphs\": [\"床前明月光，\", \"疑是地上霜。\"]},"
             "{\"paragraphs\": [\"舉頭望明月，\", \"低頭思故鄉。\"]}]");
  const auto poems =
      char_lm({{"path", other.path("poems.json")}, {"length", "5"}, {"valid_share", "0.5"}});
  poems->draw({0, Stream::train}, std::vector<std::uint64_t>{0, 5, 10}, batch);
  CHECK(spelled(*poems, batch.symbol, batch, 0) == "床前明月光");
  CHECK(spelled(*poems, batch.symbol, batch, 1) == "，\n疑是地");
  CHECK(poems->stream(Stream::valid) == 15);  // of 14 + 1 + 14 characters
}
