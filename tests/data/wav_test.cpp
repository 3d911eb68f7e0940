#include "data/wav.hpp"

#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "mutations.hpp"
#include "wav_files.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

std::string floats(const std::vector<float>& values) {
  std::string data;
  for (const float v : values) data += little(std::bit_cast<std::uint32_t>(v), 4);
  return data;
}

std::string complaint(const std::string& bytes) {
  try {
    read_wav(bytes, "x.wav");
  } catch (const Error& error) {
    CHECK(error.code() == Exit::data);
    CHECK_THAT(error.what(), Contains("(x.wav"));
    return error.what();
  }
  return "";
}

/// Damaged files: refused as data, or sound of finite samples, not more than there were bytes.
void check_mutations(bool many) {
  std::string noise;
  for (std::uint32_t k = 0; k < 300; ++k) noise += little(k * 2654435761u >> 12, 2);
  const std::vector<std::string> files{
      wav_file(noise, 8000, 1, 16), wav_file(noise, 11025, 2, 8),
      wav_file(floats({0.5f, -0.25f, 1, 0, 0.125f, -1}), 16000, 1, 32, 3)};
  std::uint64_t read = 0;
  for (std::uint64_t i = 0; i < inputs(many); ++i) {
    Rng rng({15, Stream::test}, i);
    const std::string bytes = mutated(files[i % files.size()], rng);
    try {
      const Wav wav = read_wav(bytes, "x.wav");
      ++read;
      if (wav.samples.empty() || wav.samples.size() > 8 * bytes.size() || wav.rate < 1000)
        FAIL("input " << i);
      for (const float s : wav.samples)
        if (!std::isfinite(s)) FAIL("input " << i);
    } catch (const Error& error) {
      if (error.code() != Exit::data) FAIL("input " << i << ": " << error.what());
    }
  }
  CHECK(read > 0);
  CHECK(read < inputs(many));
}

}  // namespace

TEST_CASE("wav: samples of every width, full scale is one", "[data][wav]") {
  const Wav sixteen = read_wav(wav_of({0, 16384, -32768, 32767}, 8000), "x");
  CHECK(sixteen.rate == 8000);
  CHECK(sixteen.samples == std::vector<float>{0, 0.5f, -1, 32767 / 32768.0f});
  CHECK(read_wav(wav_file("\x80\xC0"
                          "\x01",
                          11025, 1, 8),
                 "x")
            .samples == std::vector<float>{0, 0.5f, -127 / 128.0f});
  CHECK(read_wav(wav_file(little(0x400000, 3) + little(0x800000, 3), 44100, 1, 24), "x").samples ==
        std::vector<float>{0.5f, -1});
  CHECK(read_wav(wav_file(little(0x20000000, 4) + little(0x80000000, 4), 48000, 1, 32), "x")
            .samples == std::vector<float>{0.25f, -1});
  CHECK(read_wav(wav_file(floats({0.1f, -3}), 16000, 1, 32, 3), "x").samples ==
        std::vector<float>{0.1f, -3});
  CHECK(read_wav(wav_file(little(std::bit_cast<std::uint64_t>(0.75), 8), 16000, 1, 64, 3), "x")
            .samples == std::vector<float>{0.75f});
}

TEST_CASE("wav: channels are mixed down to their mean", "[data][wav]") {
  const std::string stereo = little(16384, 2) + little(0, 2) + little(0x8000, 2) + little(8192, 2);
  CHECK(read_wav(wav_file(stereo, 8000, 2, 16), "x").samples == std::vector<float>{0.25f, -0.375f});
  // More than a block of them.
  std::string long_one;
  for (int k = 0; k < 10000; ++k)
    long_one += little(static_cast<std::uint64_t>(k), 2) + little(0, 4);
  const Wav wav = read_wav(wav_file(long_one, 8000, 3, 16), "x");
  REQUIRE(wav.samples.size() == 10000);
  CHECK(wav.samples[9999] == Approx(9999 / 32768.0 / 3));
}

TEST_CASE("wav: what is no sound is refused", "[data][wav]") {
  const std::string whole = wav_of({1, 2, 3, 4, 5, 6, 7, 8});
  CHECK_THAT(complaint(""), Contains("empty"));
  CHECK_THAT(complaint("a text, no sound"), Contains("not a sound file"));
  CHECK_THAT(complaint(whole.substr(0, 20)), Contains("ends after 20 of 60 bytes"));
  CHECK_THAT(complaint(whole.substr(0, whole.size() - 4)), Contains("ends after 56 of 60"));
  CHECK_THAT(complaint(wav_of({})), Contains("no samples"));
  CHECK_THAT(complaint(wav_file(std::string(8, 'x'), 8000, 0, 16)), Contains("not a sound file"));
  CHECK_THAT(complaint(wav_of({1, 2}, 7)), Contains("sample rate of 7 Hz"));
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK_THAT(complaint(wav_file(floats({0, 1, nan, 0}), 8000, 1, 32, 3)),
             Contains("sample 2 is not finite"));
  CHECK_THAT(complaint(wav_file(floats({0, -INFINITY}), 8000, 1, 32, 3)),
             Contains("sample 1 is not finite"));
  // Of unknown length, as what was written to a pipe is.
  std::string piped = whole;
  piped.replace(4, 4, "\xFF\xFF\xFF\xFF");
  CHECK(complaint(piped) == "");
}

TEST_CASE("wav: mutated files", "[data][wav]") { check_mutations(false); }
TEST_CASE("wav: many mutated files", "[.fuzz]") { check_mutations(true); }
