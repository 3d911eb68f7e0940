#include "base/arena.hpp"

#include <catch2/catch.hpp>
#include <cstdint>
#include <new>
#include <utility>
#include <vector>

using namespace rnnlab;

namespace {

template <class S>
bool aligned(const S* p) {
  return reinterpret_cast<std::uintptr_t>(p) % 64 == 0;
}

/// The pieces that some layer might want.
template <class S>
std::vector<S*> carve(Carver<S>& carver) {
  std::vector<S*> pieces;
  for (const std::size_t count : {1u, 0u, 16u, 17u, 5u, 64u, 1000u, 3u}) {
    pieces.push_back(carver.take(count));
  }
  return pieces;
}

}  // namespace

TEMPLATE_TEST_CASE("Slab: aligned, zeroed, of the size asked for", "[base][arena]", float, double,
                   std::int32_t) {
  for (const std::size_t n : {std::size_t{0}, std::size_t{1}, std::size_t{63}, std::size_t{64},
                              std::size_t{1000}, std::size_t{3} << 20}) {
    const Slab<TestType> slab(n);
    CHECK(slab.size() == n);
    CHECK(aligned(slab.data()));
    std::size_t nonzero = 0;
    for (std::size_t i = 0; i < n; ++i) nonzero += slab[i] != TestType{0};
    CHECK(nonzero == 0);
  }
}

TEST_CASE("Slab: what does not fit is out of memory", "[base][arena]") {
  CHECK_THROWS_AS(Slab<double>(std::size_t{1} << 61), std::bad_alloc);
}

TEST_CASE("Slab: moves, and is empty without a size", "[base][arena]") {
  const Slab<float> none;
  CHECK(none.size() == 0);
  CHECK(none.data() == nullptr);
  Slab<float> slab(100);
  slab[7] = 3;
  const float* place = slab.data();
  const Slab<float> moved = std::move(slab);
  CHECK(moved.data() == place);
  CHECK(moved[7] == 3);
}

TEMPLATE_TEST_CASE("Carver: the dry run counts what the real one takes", "[base][arena]", float,
                   double) {
  Carver<TestType> dry(nullptr);
  for (const TestType* piece : carve(dry)) CHECK(piece == nullptr);

  const Slab<TestType> slab(dry.used());
  Carver<TestType> carver(slab.data());
  const auto pieces = carve(carver);
  CHECK(carver.used() == dry.used());
  const std::vector<std::size_t> counts{1, 0, 16, 17, 5, 64, 1000, 3};
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    CHECK(aligned(pieces[i]));
    const TestType* end = i + 1 < pieces.size() ? pieces[i + 1] : slab.data() + slab.size();
    CHECK(pieces[i] + counts[i] <= end);
  }
  CHECK(pieces.front() == slab.data());

  Carver<TestType> again(slab.data());
  CHECK(carve(again) == pieces);
}
