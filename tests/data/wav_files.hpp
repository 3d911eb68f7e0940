#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace rnnlab::test {

/// The n lowest bytes of a number, the lowest first.
inline std::string little(std::uint64_t value, int n) {
  std::string bytes;
  for (int i = 0; i < n; ++i) bytes += static_cast<char>(value >> 8 * i & 0xFF);
  return bytes;
}

/// A RIFF WAV file as its definition has it. `format` 1: whole numbers, 3: floating point.
inline std::string wav_file(const std::string& data, int rate, int channels, int bits,
                            int format = 1) {
  const int block = channels * bits / 8;
  const std::string head =
      "WAVEfmt " + little(16, 4) + little(static_cast<std::uint64_t>(format), 2) +
      little(static_cast<std::uint64_t>(channels), 2) +
      little(static_cast<std::uint64_t>(rate), 4) +
      little(static_cast<std::uint64_t>(rate * block), 4) +
      little(static_cast<std::uint64_t>(block), 2) + little(static_cast<std::uint64_t>(bits), 2) +
      "data" + little(data.size(), 4);
  const std::string pad = data.size() % 2 == 1 ? std::string(1, '\0') : "";
  return "RIFF" + little(head.size() + data.size() + pad.size(), 4) + head + data + pad;
}

/// 16-bit samples of one channel.
inline std::string wav_of(const std::vector<int>& samples, int rate = 8000) {
  std::string data;
  for (const int s : samples) data += little(static_cast<std::uint64_t>(s), 2);
  return wav_file(data, rate, 1, 16);
}

}  // namespace rnnlab::test
