#include "data/npz_file.hpp"

#include <array>
#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

#include "base/rng.hpp"
#include "data/npy.hpp"
#include "files.hpp"
#include "memory_file.hpp"
#include "mutations.hpp"
#include "record/scratch.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

std::string little(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i, value >>= 8) text += static_cast<char>(value & 255);
  return text;
}

std::string npy(const std::string& header, const std::string& values, int version = 1) {
  std::string text = std::string("\x93NUMPY") + static_cast<char>(version) + '\0';
  return text + little(header.size(), version == 1 ? 2 : 4) + header + values;
}

std::string header_of(const std::string& type, const std::string& shape,
                      const char* fortran = "False") {
  return "{'descr': '" + type + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }\n";
}

std::uint32_t crc32(const std::string& bytes) {
  std::uint32_t crc = ~0u;
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int i = 0; i < 8; ++i) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0u);
  }
  return ~crc;
}

/// A zip archive of members that are stored as they are.
std::string zip(const std::vector<std::pair<std::string, std::string>>& members) {
  std::string all, directory;
  for (const auto& [name, bytes] : members) {
    const std::string sizes = little(crc32(bytes), 4) + little(bytes.size(), 4) +
                              little(bytes.size(), 4) + little(name.size(), 2) + little(0, 2);
    const std::string common = little(20, 2) + little(0, 8) + sizes;
    directory +=
        "PK\x01\x02" + little(20, 2) + common + little(0, 10) + little(all.size(), 4) + name;
    all += "PK\x03\x04" + common + name + bytes;
  }
  const std::string count = little(members.size(), 2);
  return all + directory + "PK\x05\x06" + little(0, 4) + count + count +
         little(directory.size(), 4) + little(all.size(), 4) + little(0, 2);
}

std::string inputs_npy() {
  std::string floats;
  for (int i = 0; i < 6; ++i)
    floats += little(std::bit_cast<std::uint32_t>(0.5f * static_cast<float>(i)), 4);
  return npy(header_of("<f4", "(2, 3)"), floats);
}

std::string targets_npy() { return npy(header_of("|i1", "(2,)"), "\x01\xFF"); }

std::string two_arrays() {
  return zip({{"inputs.npy", inputs_npy()}, {"targets.npy", targets_npy()}});
}

/// All of both arrays, or the error.
std::string read_all(const std::string& path) {
  try {
    const auto file = open_npz(path);
    std::vector<float> inputs(static_cast<std::size_t>(file->info("inputs").size()));
    file->read("inputs", inputs);
    std::vector<std::int32_t> targets(static_cast<std::size_t>(file->info("targets").size()));
    if (!file->info("targets").integers) return "read";
    file->read("targets", targets);
    return "read";
  } catch (const Error& error) {
    return error.code() == Exit::data ? error.what() : "another code";
  }
}

/// Archives that are damaged, and whole ones of damaged arrays.
void check_mutations(bool many) {
  const MemoryFile file;
  std::uint64_t read = 0;
  for (std::uint64_t i = 0; i < inputs(many); ++i) {
    Rng rng({21, Stream::test}, i);
    file.put(i % 2 == 0 ? mutated(two_arrays(), rng)
                        : zip({{"inputs.npy", mutated(inputs_npy(), rng)},
                               {"targets.npy", mutated(targets_npy(), rng)}}));
    const std::string said = read_all(file.path());
    if (said == "another code") FAIL("input " << i);
    read += said == "read";
  }
  CHECK(read > 0);
  CHECK(read < inputs(many));
}

std::string refusal(const std::string& header) {
  try {
    parse_npy_header(header);
  } catch (const std::string& why) {
    return why;
  }
  return "";
}

}  // namespace

TEST_CASE("npy: headers as they are written, and as they might be", "[data][npz]") {
  const NpyHeader plain = parse_npy_header(header_of("<f8", "(3, 4)"));
  CHECK(plain.type.kind == 'f');
  CHECK(plain.type.bytes == 8);
  CHECK_FALSE(plain.type.swapped);
  CHECK_FALSE(plain.fortran_order);
  CHECK(plain.info.shape == std::vector<std::int64_t>{3, 4});
  CHECK_FALSE(plain.info.integers);
  const NpyHeader other =
      parse_npy_header("{ \"shape\":(),\"descr\":\">u2\" , 'fortran_order':True}   \n");
  CHECK(other.type.swapped);
  CHECK(other.fortran_order);
  CHECK(other.info.shape.empty());
  CHECK(other.info.size() == 1);
  CHECK(other.info.integers);
  CHECK(parse_npy_header(header_of("|b1", "(0,)")).info.size() == 0);

  CHECK_THAT(refusal(header_of("|O", "(3,)")), Contains("Python objects"));
  CHECK_THAT(refusal("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }"),
             Contains("records"));
  for (const char* type : {"<c8", "<U3", "<M8[s]", "<f16", "<f1", "<i3", "", "<", "V4", "<f4 "}) {
    CHECK_THAT(refusal(header_of(type, "(3,)")), Contains("values of type"));
  }
  for (const char* shape : {"(3", "3", "(-1,)", "(3,,4)", "(a,)", "(3 4)", "[3]", "(1.5,)",
                            "(99999999999999999999,)", "(1048577, 1048577)"}) {
    CAPTURE(shape);
    CHECK_FALSE(refusal(header_of("<f4", shape)).empty());
  }
  for (const char* text : {"", "{", "{}", "{'descr': '<f4'}", "{'descr'}", "no header",
                           "{'descr': '<f4', 'descr': '<f4', 'shape': (), 'fortran_order': True}",
                           "{'descr': '<f4', 'shape': (), 'fortran_order': 1}",
                           "{'descr': '<f4', 'shape': (), 'fortran_order': True, 'more': 1}",
                           "{'descr': '<f4', 'shape': (), 'fortran_order': True} more"}) {
    CAPTURE(text);
    CHECK_FALSE(refusal(text).empty());
  }
}

TEST_CASE("npy: values of every type, in either order of bytes", "[data][npz]") {
  const auto floats = [](const NpyType& type, const std::string& bytes) {
    std::vector<float> out(bytes.size() / static_cast<std::size_t>(type.bytes));
    convert_npy(type, bytes.data(), out);
    return out;
  };
  const auto integers = [](const NpyType& type, const std::string& bytes) {
    std::vector<std::int32_t> out(bytes.size() / static_cast<std::size_t>(type.bytes));
    convert_npy(type, bytes.data(), out);
    return out;
  };
  using F = std::vector<float>;
  using I = std::vector<std::int32_t>;
  const std::string bytes = {'\x01', '\x80'};
  CHECK(integers({'i', 1, false}, bytes) == I{1, -128});
  CHECK(integers({'u', 1, false}, bytes) == I{1, 128});
  CHECK(floats({'i', 1, false}, bytes) == F{1, -128});
  CHECK(integers({'b', 1, false}, bytes) == I{1, 1});
  CHECK(integers({'i', 2, false}, bytes) == I{-32767});
  CHECK(integers({'i', 2, true}, bytes) == I{384});
  CHECK(integers({'u', 4, false}, little(0xFFFFFFFFu, 4)) == I{2147483647});
  CHECK(integers({'i', 8, false}, little(~0ull << 40, 8)) == I{-2147483647 - 1});
  CHECK(integers({'u', 8, false}, little(1ull << 63, 8)) == I{2147483647});
  CHECK(floats({'f', 8, false}, little(std::bit_cast<std::uint64_t>(-0.125), 8)) == F{-0.125f});
  CHECK(floats({'f', 4, true}, "\x3F\xC0" + std::string(2, '\0')) == F{1.5f});
  CHECK(std::isinf(floats({'f', 8, false}, little(std::bit_cast<std::uint64_t>(1e300), 8))[0]));

  // Half precision: every number of it, by its definition.
  for (std::uint32_t bits = 0; bits < 65536; ++bits) {
    const int exponent = static_cast<int>(bits >> 10 & 31);
    const double fraction = (bits & 1023) / 1024.0;
    double expected = exponent == 0 ? fraction * std::pow(2.0, -14)
                                    : (1 + fraction) * std::pow(2.0, exponent - 15);
    if (bits >> 15) expected = -expected;
    const float value = floats({'f', 2, false}, little(bits, 2))[0];
    if (exponent == 31) {
      if (fraction == 0 ? !std::isinf(value) : !std::isnan(value)) FAIL(bits);
    } else if (static_cast<double>(value) != expected) {
      FAIL(bits);
    }
  }
}

TEST_CASE("npz: arrays, in C order whatever the file's", "[data][npz]") {
  const Scratch scratch;
  const std::string path = scratch.path("a.npz");
  write_file(path, two_arrays());
  const auto file = open_npz(path);
  CHECK(file->has("inputs"));
  CHECK_FALSE(file->has("weights"));
  CHECK(file->info("inputs").shape == std::vector<std::int64_t>{2, 3});
  std::vector<float> inputs(6);
  file->read("inputs", inputs);
  CHECK(inputs == std::vector<float>{0, 0.5, 1, 1.5, 2, 2.5});
  std::vector<std::int32_t> targets(2);
  file->read("targets", targets);
  CHECK(targets == std::vector<std::int32_t>{1, -1});
  CHECK_THROWS_WITH(file->info("weights"), Contains("array 'weights' is missing (" + path));

  // More than a block of values, three axes, the first the fastest.
  constexpr int A = 30, B = 21, C = 19;
  std::string stored;
  for (int c = 0; c < C; ++c) {
    for (int b = 0; b < B; ++b) {
      for (int a = 0; a < A; ++a)
        stored += little(static_cast<std::uint64_t>((a * B + b) * C + c), 2);
    }
  }
  write_file(path, zip({{"f.npy", npy(header_of("<u2", "(30, 21, 19)", "True"), stored, 2)}}));
  std::vector<std::int32_t> values(A * B * C);
  open_npz(path)->read("f", values);
  for (int i = 0; i < A * B * C; ++i) REQUIRE(values[static_cast<std::size_t>(i)] == i);
}

TEST_CASE("npz: a size that cannot be is found before any memory is asked for", "[data][npz]") {
  const Scratch scratch;
  const std::string path = scratch.path("a.npz");
  write_file(path, zip({{"inputs.npy", npy(header_of("<f4", "(1000000, 100000)"), "abcd")}}));
  CHECK_THAT(read_all(path), Contains("more values than the file can hold"));
  write_file(path, zip({{"inputs.npy", npy(header_of("<f4", "(2,)"), "abcd")}}));
  CHECK_THAT(read_all(path), Contains("another number of bytes than its shape says"));
  write_file(path, zip({{"inputs.npy", npy(header_of("<f4", "(1,)"), "abcdefgh")}}));
  CHECK_THAT(read_all(path), Contains("another number of bytes than its shape says"));
  write_file(path, zip({{"inputs.npy", npy(header_of("<f4", "(1,)"), "abcd", 4)}}));
  CHECK_THAT(read_all(path), Contains("version 4"));
  write_file(path, zip({{"inputs.npy", "\x93NUMPY"}}));
  CHECK_THAT(read_all(path), Contains("is no .npy array"));
}

TEST_CASE("npz: a file cut off anywhere, or with bytes changed, is told or read", "[data][npz]") {
  const MemoryFile file;
  const std::string path = file.path(), whole = two_arrays();
  file.put(whole);
  REQUIRE(read_all(path) == "read");
  for (std::size_t length = 0; length < whole.size(); ++length) {
    file.put(whole.substr(0, length));
    CAPTURE(length);
    const std::string said = read_all(path);
    CHECK((said.find("cannot read") != said.npos || said.find("array '") != said.npos));
  }
  Rng rng({1, Stream::test}, 0);
  std::size_t read = 0, told = 0;
  for (int i = 0; i < 10000; ++i) {
    std::string changed = whole;
    for (std::uint32_t n = 1 + rng.below(3); n > 0; --n) {
      changed[rng.below(static_cast<std::uint32_t>(changed.size()))] =
          static_cast<char>(rng.below(256));
    }
    file.put(changed);
    const std::string said = read_all(path);
    if (said == "another code") FAIL(i);
    ++(said == "read" ? read : told);
  }
  CHECK(told > 4000);
  CHECK(read > 0);
}

TEST_CASE("npz: mutated archives and arrays", "[data][npz]") { check_mutations(false); }
TEST_CASE("npz: many mutated archives and arrays", "[.fuzz]") { check_mutations(true); }
