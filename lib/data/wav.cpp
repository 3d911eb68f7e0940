#include "data/wav.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>
#include <sndfile.h>

#include "base/error.hpp"

namespace rnnlab {
namespace {

constexpr std::size_t most_samples = 100'000'000;
constexpr float loudest = 0x1p31f;  // some have whole numbers as floating point
constexpr int lowest_rate = 1000, highest_rate = 768'000;

[[noreturn]] void refuse(const std::string& what, const std::string& where,
                         const std::string& next = "give a WAV file") {
  throw Error(Exit::data, what, where, next);
}

/// Bytes as libsndfile reads them.
struct Bytes {
  std::string_view all;
  sf_count_t at = 0;

  static Bytes& of(void* self) { return *static_cast<Bytes*>(self); }
  static sf_count_t size(void* self) { return std::ssize(of(self).all); }
  static sf_count_t tell(void* self) { return of(self).at; }
  static sf_count_t write(const void*, sf_count_t, void*) { return 0; }
  static sf_count_t seek(sf_count_t offset, int whence, void* self) {
    Bytes& bytes = of(self);
    const sf_count_t from = whence == SEEK_CUR ? bytes.at : whence == SEEK_END ? size(self) : 0;
    if (offset < -from || offset > size(self) - from) return -1;
    return bytes.at = from + offset;
  }
  static sf_count_t read(void* to, sf_count_t count, void* self) {
    Bytes& bytes = of(self);
    const sf_count_t got = std::clamp<sf_count_t>(count, 0, size(self) - bytes.at);
    std::memcpy(to, bytes.all.data() + bytes.at, static_cast<std::size_t>(got));
    bytes.at += got;
    return got;
  }
};

/// libsndfile reads what there is of a RIFF file that was cut off, and says nothing.
void check_whole(std::string_view bytes, const std::string& where) {
  if (bytes.size() < 8 || !bytes.starts_with("RIFF")) return;
  std::uint32_t size = 0;
  for (std::size_t i = 0; i < 4; ++i)
    size |= std::uint32_t{static_cast<unsigned char>(bytes[4 + i])} << 8 * i;
  const bool known = size != 0 && size != 0xFFFFFFFFu;      // else written to a pipe
  if (known && std::uint64_t{size} + 8 > bytes.size() + 1)  // 1: some leave out the last padding
    refuse("the file ends after " + std::to_string(bytes.size()) + " of " +
               std::to_string(std::uint64_t{size} + 8) + " bytes",
           where, "copy it again");
}

}  // namespace

Wav read_wav(std::string_view bytes, const std::string& where) {
  if (bytes.empty()) refuse("the file is empty", where);
  check_whole(bytes, where);
  Bytes source{bytes};
  SF_VIRTUAL_IO io{Bytes::size, Bytes::seek, Bytes::read, Bytes::write, Bytes::tell};
  SF_INFO info{};
  const std::unique_ptr<SNDFILE, int (*)(SNDFILE*)> file(
      sf_open_virtual(&io, SFM_READ, &info, &source), sf_close);
  if (!file || info.channels < 1) {
    std::string why = file ? "no channels" : sf_strerror(nullptr);
    while (!why.empty() && (why.back() == '.' || why.back() == '\n')) why.pop_back();
    refuse("not a sound file that can be read: " + why, where);
  }
  if (info.samplerate < lowest_rate || info.samplerate > highest_rate) {
    refuse("a sample rate of " + std::to_string(info.samplerate) + " Hz", where,
           "give " + std::to_string(lowest_rate) + " .. " + std::to_string(highest_rate));
  }

  Wav wav{info.samplerate, {}};
  const auto channels = static_cast<std::size_t>(info.channels);
  constexpr std::size_t block = 4096;
  std::vector<float> values(block * channels);
  while (const auto got = static_cast<std::size_t>(
             std::max<sf_count_t>(0, sf_readf_float(file.get(), values.data(), block)))) {
    if (wav.samples.size() + got > most_samples)
      refuse("more than " + std::to_string(most_samples) + " samples", where,
             "cut it into utterances");
    for (std::size_t i = 0; i < got; ++i) {
      double sum = 0;
      for (std::size_t c = 0; c < channels; ++c)
        sum += static_cast<double>(values[i * channels + c]);
      const auto mean = static_cast<float>(sum / static_cast<double>(channels));
      if (!(std::abs(mean) <= loudest))
        refuse("sample " + std::to_string(wav.samples.size()) + " is not finite, or beyond 2^31",
               where, "scale all to -1 .. 1");
      wav.samples.push_back(mean);
    }
  }
  const auto read = static_cast<sf_count_t>(wav.samples.size());
  if (read < info.frames)
    refuse("the file ends after " + std::to_string(read) + " of " + std::to_string(info.frames) +
               " samples",
           where, "copy it again");
  if (read == 0) refuse("there are no samples", where, "give some sound");
  return wav;
}

}  // namespace rnnlab
