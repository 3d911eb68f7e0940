#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <numbers>

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace rnnlab {

/// The independent streams of randomness of a run.
enum class Stream : std::uint32_t {
  parameters,
  train,
  valid,
  test,
  order,
  gradcheck,
  generate,
  dropout,
  scheduled_sampling
};

/// What a random number is a function of. Nothing else enters: not the thread, not what was drawn
/// before, so data for any step can be drawn in any order, on any machine, after any restart.
struct Key {
  std::uint64_t seed;
  Stream stream;
};

/// Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel Random Numbers: As Easy as 1, 2, 3, SC
/// 2011): four 32-bit words from a 128-bit counter under a 64-bit key.
inline std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                           std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xD2511F53u} * counter[0];
    const std::uint64_t b = std::uint64_t{0xCD9E8D57u} * counter[2];
    counter = {
        static_cast<std::uint32_t>(b >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(b),
        static_cast<std::uint32_t>(a >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(a)};
    key[0] += 0x9E3779B9u;
    key[1] += 0xBB67AE85u;
  }
  return counter;
}

/// The sequence of random numbers of one example (or one parameter): a counter-based generator.
/// A value type; two of the same (key, index) give the same numbers.
class Rng {
 public:
  Rng(Key key, std::uint64_t index)
      : key_{static_cast<std::uint32_t>(key.seed), static_cast<std::uint32_t>(key.seed >> 32)},
        counter_{0, static_cast<std::uint32_t>(key.stream), static_cast<std::uint32_t>(index),
                 static_cast<std::uint32_t>(index >> 32)} {}

  /// A uniform 32-bit word.
  std::uint32_t word() {
    if (left_ == 0) {
      words_ = philox(counter_, key_);
      ++counter_[0];
      left_ = 4;
    }
    return words_[static_cast<std::size_t>(4 - left_--)];
  }

  /// Fills n words (a multiple of 128), 32 counters at a time: the first words of all 32, then the
  /// second ones, and so on. Leaves single words on hand unused.
  void fill(std::uint32_t* out, std::size_t n) {
    constexpr int width = 8, block = 32;
    left_ = 0;
    for (; n > 0; n -= 4 * block, out += 4 * block) {
      for (int first = 0; first < block; first += width * groups) {
        // Each word sits in 64 bits; what is above the low half matters nowhere.
        Words c0[groups], c1[groups], c2[groups], c3[groups];
        for (int g = 0; g < groups; ++g) {
          c0[g] = Words{0, 1, 2, 3, 4, 5, 6, 7} +
                  (counter_[0] + static_cast<std::uint32_t>(first + width * g));
          c1[g] = Words{} + counter_[1];
          c2[g] = Words{} + counter_[2];
          c3[g] = Words{} + counter_[3];
        }
        std::uint32_t k0 = key_[0], k1 = key_[1];
        for (int round = 0; round < 10; ++round) {
          for (int g = 0; g < groups; ++g) {
            const Words a = low_product(c0[g], 0xD2511F53u), b = low_product(c2[g], 0xCD9E8D57u);
            c0[g] = (b >> 32) ^ c1[g] ^ (Words{} + k0);
            c1[g] = b;
            c2[g] = (a >> 32) ^ c3[g] ^ (Words{} + k1);
            c3[g] = a;
          }
          k0 += 0x9E3779B9u;
          k1 += 0xBB67AE85u;
        }
        for (int g = 0; g < groups; ++g) {
          std::uint32_t* const to = out + first + width * g;
          store_low(c0[g], to);
          store_low(c1[g], to + block);
          store_low(c2[g], to + 2 * block);
          store_low(c3[g], to + 3 * block);
        }
      }
      counter_[0] += block;
    }
  }

  /// Uniform on [0, 1), a multiple of 2^-24: exact in float.
  float uniform() { return static_cast<float>(word() >> 8) * 0x1p-24f; }

  /// Uniform on [0, 1), 53 bits.
  double uniform53() {
    const std::uint64_t high = word();
    return static_cast<double>((high << 21) ^ (word() >> 11)) * 0x1p-53;
  }

  /// Uniform on {0, …, n−1}, without bias (Lemire, 2019).
  std::uint32_t below(std::uint32_t n) {
    std::uint64_t product = std::uint64_t{word()} * n;
    if (static_cast<std::uint32_t>(product) < n) {
      const std::uint32_t threshold = (0u - n) % n;
      while (static_cast<std::uint32_t>(product) < threshold) product = std::uint64_t{word()} * n;
    }
    return static_cast<std::uint32_t>(product >> 32);
  }

  /// Calls f(i, value) for i in [0, count), the values uniform on {0, …, n−1} without bias as
  /// those of below(), from words that are made many at a time.
  template <class F>
  void fill_below(std::uint32_t n, std::size_t count, F&& f) {
    constexpr std::size_t block = 128;
    const std::uint32_t threshold = (0u - n) % n;
    std::uint32_t words[block];
    for (std::size_t done = 0; done < count; done += block) {
      fill(words, block);
      for (std::size_t i = done; i < count && i < done + block; ++i) {
        const std::uint64_t product = std::uint64_t{words[i - done]} * n;
        const bool rejected = static_cast<std::uint32_t>(product) < threshold;
        f(i, rejected ? below(n) : static_cast<std::uint32_t>(product >> 32));
      }
    }
  }

  /// Standard normal (Box and Muller, 1958).
  double normal() {
    const double u = 1.0 - uniform53(), v = uniform53();
    return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
  }

 private:
  typedef std::uint64_t Words __attribute__((vector_size(64)));
  typedef std::uint32_t Halves __attribute__((vector_size(32)));

  // How many go through a round together, so that none waits for its products: what fits into
  // the registers.
#if defined(__AVX512F__)
  static constexpr int groups = 4;
#else
  static constexpr int groups = 1;
#endif

  // The low half of every x times m, in 64 bits. Spelt out: compilers multiply all 64 bits.
  static Words low_product(const Words& x, std::uint32_t m) {
#if defined(__AVX512F__)
    // With a mask of all: g++ 12 warns of its own header's form without one.
    return reinterpret_cast<Words>(
        _mm512_maskz_mul_epu32(0xFF, reinterpret_cast<__m512i>(x), _mm512_set1_epi64(m)));
#elif defined(__AVX2__)
    __m256i halves[2];
    std::memcpy(halves, &x, sizeof x);
    for (__m256i& half : halves) half = _mm256_mul_epu32(half, _mm256_set1_epi64x(m));
    Words product;
    std::memcpy(&product, halves, sizeof product);
    return product;
#else
    return (x & 0xFFFFFFFFu) * m;
#endif
  }
  static void store_low(const Words& x, std::uint32_t* to) {
    const Halves low = __builtin_convertvector(x, Halves);
    std::memcpy(to, &low, sizeof low);
  }

  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;
  std::array<std::uint32_t, 4> words_{};
  int left_ = 0;
};

/// The place of `position` in a pseudo-random permutation of {0, …, n−1} (an eight-round Feistel
/// network with cycle walking: Black and Rogaway, 2002), so that the order of epoch e is a function
/// and needs no table. Fewer rounds are visibly uneven over sets of tens.
inline std::uint64_t permuted(Key key, std::uint64_t epoch, std::uint64_t n,
                              std::uint64_t position) {
  std::uint32_t half = 1;
  while ((std::uint64_t{1} << (2 * half)) < n) ++half;
  const std::uint64_t mask = (std::uint64_t{1} << half) - 1;
  const std::array<std::uint32_t, 2> k{static_cast<std::uint32_t>(key.seed),
                                       static_cast<std::uint32_t>(key.seed >> 32)};
  do {
    std::uint64_t left = position >> half, right = position & mask;
    for (std::uint32_t round = 0; round < 8; ++round) {
      const auto word = philox(
          {static_cast<std::uint32_t>(right), static_cast<std::uint32_t>(key.stream) * 8u + round,
           static_cast<std::uint32_t>(epoch), static_cast<std::uint32_t>(epoch >> 32)},
          k)[0];
      const std::uint64_t next = left ^ (word & mask);
      left = right;
      right = next;
    }
    position = (left << half) | right;
  } while (position >= n);
  return position;
}

}  // namespace rnnlab
