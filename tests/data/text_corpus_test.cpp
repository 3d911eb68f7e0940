#include "data/text_corpus.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/error.hpp"
#include "data/corpora.hpp"
#include "data/language_corpus.hpp"
#include "data/utf8.hpp"
#include "data/utf8_grammar.hpp"
#include "data/vocabulary.hpp"
#include "files.hpp"
#include "record/scratch.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;
using Catch::StartsWith;

namespace {

TextCorpus read_text(const std::string& file) {
  const LanguageCorpus::Text text = read_language_text(file);
  return parse_text_corpus(text.bytes, text.where);
}

std::vector<std::int32_t> code_points_of(const std::string& bytes) {
  const Scratch scratch;
  write_file(scratch.path("text"), bytes);
  return read_text(scratch.path("text")).code_points;
}

/// The message of an Error(data).
template <class Action>
std::string refusal(Action action) {
  try {
    action();
  } catch (const Error& error) {
    CHECK(error.code() == Exit::data);
    return error.what();
  }
  return "no error";
}

/// Empty if the text is decoded to what encodes to the same bytes, or refused as it should be.
std::string fault(const std::string& bytes) {
  const std::size_t mark = bytes.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  const std::size_t valid = valid_bytes(bytes);
  try {
    std::string again;
    for (const std::int32_t c : parse_text_corpus(bytes, "t").code_points) again += encode_utf8(c);
    if (valid < bytes.size()) return "invalid, but decoded";
    return again.empty() || again != bytes.substr(mark) ? "other bytes" : "";
  } catch (const Error& error) {
    if (error.code() != Exit::data) return "another exit code";
    const std::string message = error.what();
    if (bytes.size() == mark)
      return message.starts_with("the text is empty (t); ") ? "" : "not empty: " + message;
    if (valid == bytes.size()) return "valid, but: " + message;
    const auto end = bytes.begin() + static_cast<std::ptrdiff_t>(valid);
    const auto lines = std::count(bytes.begin(), end, '\n');
    char expected[80];
    std::snprintf(expected, sizeof expected, "invalid UTF-8: byte %zu is 0x%02X (t:%td); ",
                  valid + 1, static_cast<unsigned>(static_cast<unsigned char>(*end)), lines + 1);
    return message.starts_with(expected) ? "" : expected + ("expected, but: " + message);
  }
}

void check_damaged_texts(std::size_t count) {
  Engine engine(20260);
  std::size_t wrong = 0, decoded = 0;
  for (std::size_t i = 0; i < count && wrong < 5; ++i) {
    const std::string bytes = damaged_text(engine);
    const std::string message = fault(bytes);
    if (!message.empty()) {
      ++wrong;
      UNSCOPED_INFO(i << ": " << message);
    }
    decoded += valid_bytes(bytes) == bytes.size();
  }
  CHECK(wrong == 0);
  CHECK(decoded > count / 4);
  CHECK(decoded < count * 3 / 4);
}

}  // namespace

TEST_CASE("a text is kept as it is, but for a byte order mark at its beginning") {
  using Text = std::vector<std::int32_t>;
  CHECK(code_points_of("a\r\nb\rc\n\n") == Text{'a', '\r', '\n', 'b', '\r', 'c', '\n', '\n'});
  CHECK(code_points_of(std::string("a\0b", 3)) == Text{'a', 0, 'b'});
  CHECK(code_points_of("e\u0301\u00E9\uFF21\u5E8A") == Text{'e', 0x301, 0xE9, 0xFF21, 0x5E8A});
  CHECK(code_points_of("\uFEFFa\uFEFF") == Text{'a', 0xFEFF});
  CHECK(code_points_of("\uFEFF\uFEFF") == Text{0xFEFF});
  CHECK(code_points_of(std::string(200000, 'x')) == Text(200000, 'x'));
}

TEST_CASE("a corpus is named by the SHA-256 of the file") {
  CHECK(parse_text_corpus("abc", "t").sha256 ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(parse_text_corpus("\uFEFFabc", "t").sha256 != parse_text_corpus("abc", "t").sha256);
}

TEST_CASE("a text that is not valid is refused with line and byte") {
  const Scratch scratch;
  const std::string file = scratch.path("text");
  const auto refused = [&](const std::string& bytes) {
    write_file(file, bytes);
    return refusal([&] { read_text(file); });
  };
  CHECK(refused("one\r\ntwo\r\ncaf\xE9\n") ==
        "invalid UTF-8: byte 14 is 0xE9 (" + file +
            ":3); convert the text to UTF-8, such as with iconv");
  CHECK_THAT(refused("\xEF\xBB\xBF\n\xC0\x80"), Contains("byte 5 is 0xC0 (" + file + ":2)"));
  CHECK_THAT(refused("a\n\xED\xA0\x80"), Contains("byte 3 is 0xED (" + file + ":2)"));
  CHECK_THAT(refused("\xFF\xFE"), Contains("byte 1 is 0xFF (" + file + ":1)"));
  CHECK_THAT(refused("\n\n\xE5\xBA"), Contains("byte 3 is 0xE5 (" + file + ":3)"));
  CHECK_THAT(refused(""), StartsWith("the text is empty (" + file + "); "));
  CHECK_THAT(refused("\xEF\xBB\xBF"), StartsWith("the text is empty (" + file + "); "));
}

TEST_CASE("a file that cannot be read is refused") {
  const Scratch scratch;
  const auto refused = [](const std::string& file) { return refusal([&] { read_text(file); }); };
  const std::string missing = scratch.path("missing"), folder = scratch.path("folder");
  CHECK(refused(missing) == "cannot read the corpus: No such file or directory (" + missing +
                                "); give a corpus' folder, file or archive, as it was downloaded");
  std::filesystem::create_directory(folder);
  CHECK_THAT(refused(folder), StartsWith("the folder is empty (" + folder));
  write_file(scratch.path("file"), "text");
  CHECK_THAT(refused(scratch.path("file/text")), Contains("Not a directory"));
  CHECK_THAT(refused("/dev/zero"), Contains("it is no regular file"));
  REQUIRE(mkfifo(scratch.path("pipe").c_str(), 0600) == 0);
  CHECK_THAT(refused(scratch.path("pipe")), Contains("it is no regular file"));
  CHECK_THAT(refused("/proc/self/mem"), Contains("Input/output error"));
}

TEST_CASE("a file without the right to read it is refused") {
  const Scratch scratch;
  const std::string file = scratch.path("text");
  write_file(file, "text");
  REQUIRE(chmod(file.c_str(), 0) == 0);
  REQUIRE(chmod(scratch.path("").c_str(), 0755) == 0);
  Child child([&] {
    if (geteuid() == 0 && setuid(65534) != 0) return 2;
    const std::string message = refusal([&] { read_text(file); });
    return message.find("Permission denied") == std::string::npos ? 1 : 0;
  });
  CHECK(child.wait() == 0);
}

TEST_CASE("damaged texts are decoded to the same bytes or refused with the right line") {
  check_damaged_texts(100000);
}

TEST_CASE("damaged texts, a million of them", "[.slow]") { check_damaged_texts(1000000); }

TEST_CASE("random bytes of any length never crash") {
  Engine engine(7);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < 2000; ++i) {
    std::string bytes(below(engine, 1000), '\0');
    for (char& c : bytes) c = static_cast<char>(engine());
    wrong += !fault(bytes).empty();
  }
  CHECK(wrong == 0);
}

TEST_CASE("a text is read and encoded in less than twice the memory of its symbols") {
#ifdef __SANITIZE_ADDRESS__
  WARN("skipped: the sanitizer's memory is counted too");
#else
  const std::string piece = GENERATE(as<std::string>{}, "x", "\u5E8A");
  constexpr std::size_t characters = 5000000;
  const Scratch scratch;
  const std::string file = scratch.path("text");
  Child child([&] {
    std::string text;
    text.reserve(characters * piece.size());
    for (std::size_t i = 0; i < characters; ++i) text += piece;
    write_file(file, text);
    return 0;
  });
  REQUIRE(child.wait() == 0);
  const auto peak = [] {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss * 1024;
  };
  Child reader([&] {
    const auto before = peak();
    TextCorpus corpus = read_text(file);
    const Vocabulary vocabulary(corpus.code_points, corpus.code_points, 1);
    if (vocabulary.encode(std::move(corpus.code_points)).size() != characters) return 1;
    const auto grown = static_cast<double>(peak() - before);
    const auto encoded = static_cast<double>(characters * sizeof(std::int32_t));
    return grown > 0.9 * encoded && grown < 2 * encoded ? 0 : 2;
  });
  CHECK(reader.wait() == 0);
#endif
}

TEST_CASE("the corpora are read whole") {
  const std::vector<std::pair<std::string, std::size_t>> sizes{
      {"tinyshakespeare/input.txt", 1115394},
      {"timemachine/timemachine.txt", 178979},
      {"chinese-poetry/poet.tang.0.json", 281498}};
  for (const auto& [name, characters] : sizes) {
    const auto file = corpus(name);
    if (!file) {
      WARN("skipped: no " << name << " in RNNLAB_TEST_DATA");
      continue;
    }
    const TextCorpus text = parse_text_corpus(text_of(*file), name);
    CHECK(text.code_points.size() == characters);
    std::string again;
    for (const std::int32_t c : text.code_points) again += spelled(c);
    CHECK(again == text_of(*file));
  }
}
