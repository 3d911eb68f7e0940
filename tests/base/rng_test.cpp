#include "base/rng.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "base/statistics.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

constexpr std::size_t draws = std::size_t{1} << 20;
const double root = std::sqrt(static_cast<double>(draws));

}  // namespace

TEST_CASE("philox: the known answers of its authors", "[base][rng]") {
  using Words = std::array<std::uint32_t, 4>;
  constexpr std::uint32_t all = 0xffffffff;
  CHECK(philox({0, 0, 0, 0}, {0, 0}) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox({all, all, all, all}, {all, all}) ==
        Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("Rng: words are Philox of (block, stream, index) under the seed", "[base][rng]") {
  const Key key{0x0123456789abcdef, Stream::valid};
  Rng rng(key, 0xfedcba9876543210);
  for (std::uint32_t block = 0; block < 5; ++block) {
    const auto expected =
        philox({block, static_cast<std::uint32_t>(Stream::valid), 0x76543210, 0xfedcba98},
               {0x89abcdef, 0x01234567});
    for (const std::uint32_t word : expected) CHECK(rng.word() == word);
  }
}

TEST_CASE("Rng: seed, stream and index each name a sequence of their own", "[base][rng]") {
  std::set<std::uint64_t> starts;
  std::size_t sequences = 0;
  for (const std::uint64_t seed : {0ull, 1ull, 1ull << 32}) {
    for (std::uint32_t stream = 0; stream < 6; ++stream) {
      for (const std::uint64_t index : {0ull, 1ull, 2ull, 1ull << 32}) {
        Rng rng({seed, static_cast<Stream>(stream)}, index);
        Rng copy = rng;
        const std::uint64_t high = rng.word();
        const std::uint64_t start = high << 32 | rng.word();
        CHECK((std::uint64_t{copy.word()} << 32) + copy.word() == start);
        starts.insert(start);
        ++sequences;
      }
    }
  }
  CHECK(starts.size() == sequences);
}

TEST_CASE("Rng: fill gives the same words, 32 counters side by side", "[base][rng]") {
  const Key key{77, Stream::train};
  for (const std::size_t n : {128u, 256u, 1280u}) {
    std::vector<std::uint32_t> filled(n);
    Rng bulk(key, 5), single(key, 5);
    bulk.fill(filled.data(), n);
    for (std::size_t first = 0; first < n; first += 128) {
      for (std::size_t counter = 0; counter < 32; ++counter) {
        for (std::size_t word = 0; word < 4; ++word) {
          CHECK(filled[first + 32 * word + counter] == single.word());
        }
      }
    }
    CHECK(bulk.word() == single.word());  // both go on at the same counter
  }
}

TEST_CASE("Rng: fill drops the words on hand", "[base][rng]") {
  const Key key{3, Stream::test};
  Rng rng(key, 0), after(key, 0);
  rng.word();
  for (int i = 0; i < 4; ++i) after.word();
  std::uint32_t words[128];
  rng.fill(words, 128);
  CHECK(words[0] == after.word());
}

TEST_CASE("Rng: fill_below gives what below makes of the words of fill", "[base][rng]") {
  const Key key{9, Stream::train};
  for (const std::uint32_t n : {1u, 2u, 10u, 1000u, 1u << 31}) {
    std::vector<std::uint32_t> words(256), drawn(200, n);
    Rng filled(key, 4), rng(key, 4);
    filled.fill(words.data(), words.size());
    rng.fill_below(n, drawn.size(), [&](std::size_t i, std::uint32_t value) { drawn[i] = value; });
    std::size_t redrawn = 0;
    for (std::size_t i = 0; i < drawn.size(); ++i) {
      REQUIRE(drawn[i] < n);
      redrawn += drawn[i] != (std::uint64_t{words[i]} * n) >> 32;
    }
    CHECK(redrawn == 0);  // rejected are 2^32 mod n of 2^32 words
  }
}

TEST_CASE("Rng: uniform is on the grid of 2^-24, in [0, 1)", "[base][rng]") {
  Rng rng({1, Stream::train}, 0);
  std::vector<float> x(draws);
  std::size_t wrong = 0;
  for (float& v : x) {
    v = rng.uniform();
    wrong += !(v >= 0.0f && v < 1.0f && v * 0x1p24f == std::floor(v * 0x1p24f));
  }
  CHECK(wrong == 0);
  const Moments m(x);
  CHECK(std::abs(m.mean - 0.5) < 4 * std::sqrt(1.0 / 12) / root);
  CHECK(std::abs(m.variance - 1.0 / 12) < 4 * std::sqrt(1.0 / 180) / root);
  CHECK(std::abs(m.kurtosis - 1.8) < 0.01);
  CHECK(kolmogorov(x, [](double v) { return v; }) < 1.95);
}

TEST_CASE("Rng: uniform53 fills all 53 bits, in [0, 1)", "[base][rng]") {
  Rng rng({2, Stream::train}, 0);
  std::vector<double> x(draws);
  std::vector<std::size_t> bits(53);
  std::size_t wrong = 0;
  for (double& v : x) {
    v = rng.uniform53();
    const double scaled = v * 0x1p53;
    wrong += !(v >= 0 && v < 1 && scaled == std::floor(scaled));
    const auto integer = static_cast<std::uint64_t>(scaled);
    for (std::size_t i = 0; i < bits.size(); ++i) bits[i] += integer >> i & 1;
  }
  CHECK(wrong == 0);
  for (const std::size_t ones : bits) {
    CHECK(std::abs(static_cast<double>(ones) - 0.5 * draws) < 4.5 * 0.5 * root);
  }
  CHECK(kolmogorov(x, [](double v) { return v; }) < 1.95);
}

TEST_CASE("Rng: below is uniform and within its range", "[base][rng]") {
  for (const std::uint32_t n : {2u, 3u, 7u, 10u, 64u, 1000u}) {
    CAPTURE(n);
    Rng rng({4, Stream::train}, n);
    std::vector<std::size_t> counts(n);
    for (std::size_t i = 0; i < draws / 4; ++i) ++counts.at(rng.below(n));
    CHECK(std::abs(chi_square_z(counts)) < 4);
  }
  Rng rng({4, Stream::train}, 0);
  for (int i = 0; i < 100; ++i) CHECK(rng.below(1) == 0);
}

TEST_CASE("Rng: below has no bias where the range does not divide 2^32", "[base][rng]") {
  // Without rejection a third of the values would be twice as likely as the others.
  constexpr std::uint32_t n = 3u << 30;
  Rng rng({5, Stream::train}, 0);
  std::vector<std::size_t> counts(3);
  std::size_t outside = 0;
  for (std::size_t i = 0; i < draws; ++i) {
    const std::uint32_t value = rng.below(n);
    outside += value >= n;
    ++counts[value % 3];
  }
  CHECK(outside == 0);
  CHECK(std::abs(chi_square_z(counts)) < 5);
}

TEST_CASE("Rng: nor has fill_below", "[base][rng]") {
  constexpr std::uint32_t n = 3u << 30;  // a quarter of the words is drawn again
  Rng rng({5, Stream::train}, 0);
  std::vector<std::size_t> counts(3);
  std::size_t outside = 0;
  rng.fill_below(n, draws, [&](std::size_t, std::uint32_t value) {
    outside += value >= n;
    ++counts[value % 3];
  });
  CHECK(outside == 0);
  CHECK(std::abs(chi_square_z(counts)) < 5);
}

TEST_CASE("Rng: normal is standard normal", "[base][rng]") {
  Rng rng({6, Stream::parameters}, 0);
  std::vector<double> x(draws);
  for (double& v : x) v = rng.normal();
  const Moments m(x);
  CHECK(std::abs(m.mean) < 4 / root);
  CHECK(std::abs(m.variance - 1) < 4 * std::sqrt(2.0) / root);
  CHECK(std::abs(m.skewness) < 4 * std::sqrt(6.0) / root);
  CHECK(std::abs(m.kurtosis - 3) < 4 * std::sqrt(24.0) / root);
  CHECK(kolmogorov(x, [](double v) { return 0.5 * std::erfc(-v / std::sqrt(2.0)); }) < 1.95);
}

TEST_CASE("permuted: a bijection of {0, …, n−1} for every epoch", "[base][rng]") {
  const Key key{11, Stream::order};
  for (const std::uint64_t n :
       {1,  2,  3,  4,   5,   7,   8,    9,    15,   16,   17,   31,   32,   33,
        63, 64, 65, 255, 256, 257, 1000, 1023, 1024, 1025, 4095, 4096, 4097, 10007}) {
    CAPTURE(n);
    for (const std::uint64_t epoch : {0ull, 1ull, 1ull << 40}) {
      std::vector<bool> seen(n);
      std::size_t distinct = 0;
      for (std::uint64_t i = 0; i < n; ++i) {
        const std::uint64_t to = permuted(key, epoch, n, i);
        REQUIRE(to < n);
        distinct += !seen[to];
        seen[to] = true;
      }
      CHECK(distinct == n);
    }
  }
}

TEST_CASE("permuted: huge sets stay within range and apart", "[base][rng]") {
  constexpr std::uint64_t n = (std::uint64_t{1} << 40) + 1;
  std::set<std::uint64_t> places;
  for (std::uint64_t i = 0; i < 2000; ++i) places.insert(permuted({1, Stream::order}, 0, n, i));
  CHECK(places.size() == 2000);
  CHECK(*places.rbegin() < n);
  CHECK(*places.rbegin() > n / 2);
}

TEST_CASE("permuted: epochs, seeds and streams are in orders of their own", "[base][rng]") {
  constexpr std::uint64_t n = 64;
  std::set<std::vector<std::uint64_t>> orders;
  const auto order = [](Key key, std::uint64_t epoch) {
    std::vector<std::uint64_t> places;
    for (std::uint64_t i = 0; i < n; ++i) places.push_back(permuted(key, epoch, n, i));
    return places;
  };
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    for (std::uint64_t epoch = 0; epoch < 4; ++epoch) {
      orders.insert(order({seed, Stream::order}, epoch));
      orders.insert(order({seed, Stream::gradcheck}, epoch));
    }
  }
  CHECK(orders.size() == 32);
}

TEST_CASE("permuted: each example is as likely at each place, and after each other one",
          "[base][rng]") {
  constexpr std::uint64_t epochs = 8000;
  for (const std::uint64_t n : {16u, 17u, 64u}) {
    CAPTURE(n);
    std::vector<std::size_t> places(n * n), successors(n * n);
    double fixed = 0;
    for (std::uint64_t epoch = 0; epoch < epochs; ++epoch) {
      for (std::uint64_t i = 0, before = 0; i < n; ++i) {
        const std::uint64_t to = permuted({9, Stream::order}, epoch, n, i);
        ++places[i * n + to];
        if (i > 0) ++successors[before * n + to];
        fixed += to == i;
        before = to;
      }
    }
    for (std::uint64_t i = n; i-- > 0;) {  // nothing follows itself
      CHECK(successors[i * n + i] == 0);
      successors.erase(successors.begin() + static_cast<std::ptrdiff_t>(i * n + i));
    }
    CHECK(std::abs(chi_square_z(places)) < 4);
    CHECK(std::abs(chi_square_z(successors)) < 4);
    CHECK(std::abs(fixed - epochs) < 4 * std::sqrt(static_cast<double>(epochs)));
  }
}
