#pragma once

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fcntl.h>
#include <random>
#include <string>
#include <unistd.h>

#include "base/rng.hpp"

namespace rnnlab::test {

#ifdef __SANITIZE_ADDRESS__
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

/// Whether everything is to be injected (RNNLAB_FULL=1), or a share that takes seconds.
inline bool full() {
  const char* value = std::getenv("RNNLAB_FULL");
  return value && std::string(value) == "1";
}

/// How many faults a test injects.
inline int injections(int share, int all) {
  if (full()) return all;
  return sanitized ? std::max(1, share / 10) : share;
}

/// A generator for what is random about a test: seeded by RNNLAB_FAULTS_SEED, else anew each time.
class Chance {
 public:
  Chance() : Chance(chosen()) {}
  std::uint64_t seed() const { return seed_; }
  std::size_t below(std::size_t n) { return rng_.below(static_cast<std::uint32_t>(n)); }
  double fraction() { return static_cast<double>(rng_.below(1'000'000)) / 1e6; }

 private:
  explicit Chance(std::uint64_t seed) : seed_(seed), rng_({seed, Stream::test}, 0) {}
  static std::uint64_t chosen() {
    const char* value = std::getenv("RNNLAB_FAULTS_SEED");
    return value ? std::strtoull(value, nullptr, 10) : std::random_device{}();
  }

  std::uint64_t seed_;
  Rng rng_;
};

/// What a test injected and what became of it: a line of the table that RNNLAB_FAULTS_CSV names.
/// A test ends by check().
class Tally {
 public:
  Tally(std::string fault, std::string where)
      : fault_(std::move(fault)), where_(std::move(where)) {}
  Tally(const Tally&) = delete;
  Tally& operator=(const Tally&) = delete;
  /// Written however the test ends.
  ~Tally() {
    const char* file = std::getenv("RNNLAB_FAULTS_CSV");
    if (!file) return;
    const std::string line = '"' + fault_ + "\",\"" + where_ + "\"," + std::to_string(injected) +
                             "," + std::to_string(different_bytes) + "," +
                             std::to_string(lost_runs) + "," + std::to_string(wrong_answers) + "," +
                             std::to_string(hdf5_crashes) + "\n";
    const int out = ::open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (::write(out, line.data(), line.size()) < 0) std::perror(file);
    ::close(out);
  }

  void check() const {
    CHECK(injected > 0);
    CHECK(different_bytes == 0);
    CHECK(lost_runs == 0);
    CHECK(wrong_answers == 0);
    if (hdf5_crashes > 0) WARN(fault_ << ": " << hdf5_crashes << " crashes inside libhdf5");
  }

  long injected = 0;
  long different_bytes = 0;
  long lost_runs = 0;      // could not be brought to their end
  long wrong_answers = 0;  // another exit code or number than was due, or no error where one was
  long hdf5_crashes = 0;   // of readers, inside libhdf5: no fault of ours

 private:
  std::string fault_, where_;
};

}  // namespace rnnlab::test
