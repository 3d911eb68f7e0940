#include "record/provenance.hpp"

#include <array>
#include <chrono>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string>

#include "base/text.hpp"
#include "commit.hpp"

namespace rnnlab {
namespace {

constexpr const char* isa =
#if defined(__AVX512F__)
    "AVX-512";
#elif defined(__AVX2__)
    "AVX2";
#elif defined(__AVX__)
    "AVX";
#elif defined(__SSE4_2__)
    "SSE4.2";
#elif defined(__x86_64__)
    "SSE2";
#elif defined(__ARM_FEATURE_SVE)
    "SVE";
#elif defined(__ARM_NEON)
    "NEON";
#else
    "unknown";
#endif

std::string cpu() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (const auto colon = line.find(':');
        colon != std::string::npos && trim(line.substr(0, colon)) == "model name")
      return std::string(trim(std::string_view(line).substr(colon + 1)));
  return "unknown";
}

std::string now() {
  const std::time_t time = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm utc{};
  gmtime_r(&time, &utc);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc)};
}

}  // namespace

Attributes provenance() {
  return {{"rnnlab_version", RNNLAB_VERSION},
          {"git_commit", RNNLAB_GIT_COMMIT},
          {"git_dirty", std::int64_t{RNNLAB_GIT_DIRTY}},
          {"created", now()},
          {"cpu", cpu()},
          {"isa", isa},
          {"compiler", RNNLAB_COMPILER},
          {"flags", join(words(RNNLAB_FLAGS), " ")},
          {"libraries", RNNLAB_LIBRARIES}};
}

const std::string& program_digest() {
  static const std::string digest = [] {
    std::ifstream file("/proc/self/exe", std::ios::binary);
    return sha256(std::string{std::istreambuf_iterator<char>(file), {}});
  }();
  return digest;
}

}  // namespace rnnlab
