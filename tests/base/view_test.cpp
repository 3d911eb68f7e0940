#include "base/view.hpp"

#include <catch2/catch.hpp>

using namespace rnnlab;

TEST_CASE("Seq: features fastest, then columns, then time", "[base][view]") {
  float values[3 * 2 * 5];
  const Seq<float> seq{values, 3, 2, 4, 5};
  CHECK(seq.at(0) == values);
  CHECK(seq.at(0, 1) == values + 5);
  CHECK(seq.at(2, 1) == values + 25);
  const Seq<const float> read = seq;
  CHECK(read.at(1) == values + 10);
  CHECK(read.F == 4);
  CHECK(read.ld == 5);
}

TEST_CASE("Seq: places beyond 2^31 do not overflow", "[base][view]") {
  const Seq<const char> seq{nullptr, 1 << 16, 1 << 10, 64, 64};
  CHECK(reinterpret_cast<std::uintptr_t>(seq.at(65535, 1023)) ==
        std::uintptr_t{64} * ((std::uintptr_t{65535} << 10) + 1023));
}

TEST_CASE("round_up: the next multiple", "[base][view]") {
  CHECK(round_up(0, 16) == 0);
  CHECK(round_up(1, 16) == 16);
  CHECK(round_up(16, 16) == 16);
  CHECK(round_up(17, 16) == 32);
}
