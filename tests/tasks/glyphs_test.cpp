#include "glyphs.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <vector>

using namespace rnnlab;

TEST_CASE("glyphs: classes differ, and each class is as likely as any other", "[tasks][glyphs]") {
  // The mean of many of one size tells the classes apart: each is nearest to its own class' mean.
  std::map<int, std::vector<double>> sums;
  std::vector<Glyph> all;
  std::vector<std::size_t> labels(10), sizes(48);
  for (std::uint64_t n = 0; n < 20000; ++n) {
    Rng rng({1, Stream::train}, n);
    const Glyph glyph = Glyph::drawn(rng);
    ++labels.at(static_cast<std::size_t>(glyph.label));
    ++sizes.at(static_cast<std::size_t>((glyph.rows - 10) * 6 + glyph.columns - 7));
    if (glyph.rows == 14 && glyph.columns == 10) all.push_back(glyph);
  }
  for (const auto& counts : {labels, sizes}) {
    const double expected = 20000.0 / static_cast<double>(counts.size());
    for (const std::size_t n : counts)
      CHECK(std::abs(static_cast<double>(n) - expected) < 5 * std::sqrt(expected));
  }
  REQUIRE(all.size() > 200);
  for (const Glyph& glyph : all) {
    auto& sum = sums.try_emplace(glyph.label, 140, 0.0).first->second;
    for (std::size_t i = 0; i < 140; ++i) sum[i] += glyph.points[i] > 0 ? 1 : 0;
  }
  REQUIRE(sums.size() == 10);
  // Rounded, a mean is the stretched bitmap; each differs from each other in at least 4 points.
  std::map<int, std::vector<bool>> bitmaps;
  for (const auto& [label, sum] : sums) {
    const double count = static_cast<double>(std::count_if(
        all.begin(), all.end(), [&](const Glyph& glyph) { return glyph.label == label; }));
    for (const double s : sum) bitmaps[label].push_back(s / count > 0.5);
  }
  const auto distance = [](const auto& a, const auto& b) {
    int d = 0;
    for (std::size_t i = 0; i < 140; ++i) d += a[i] != b[i];
    return d;
  };
  for (const auto& [label, bitmap] : bitmaps) {
    for (const auto& [other, its] : bitmaps)
      if (other != label) CHECK(distance(bitmap, its) >= 4);
  }
  int turned = 0;
  for (const Glyph& glyph : all) {
    std::vector<bool> lit;
    for (std::size_t i = 0; i < 140; ++i) {
      CHECK((glyph.points[i] == 0 || glyph.points[i] >= 128));
      lit.push_back(glyph.points[i] > 0);
    }
    turned += distance(lit, bitmaps.at(glyph.label));
  }
  const double points = 140.0 * static_cast<double>(all.size());
  CHECK(std::abs(turned / points - 1.0 / 16) < 5 * std::sqrt(1.0 / 16 / points));
}
