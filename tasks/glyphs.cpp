#include "glyphs.hpp"

namespace rnnlab {
namespace {

constexpr int R = 7, C = 5;
// A row of points is five bits, the leftmost the highest.
constexpr std::array<std::array<std::uint8_t, R>, Glyph::classes> bitmaps{{
    {0b01110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110},
    {0b00100, 0b01100, 0b10100, 0b00100, 0b00100, 0b00100, 0b11111},
    {0b01110, 0b10001, 0b00001, 0b00010, 0b00100, 0b01000, 0b11111},
    {0b11111, 0b00010, 0b00100, 0b00010, 0b00001, 0b10001, 0b01110},
    {0b00110, 0b01010, 0b10010, 0b10010, 0b11111, 0b00010, 0b00010},
    {0b11111, 0b10000, 0b11110, 0b00001, 0b00001, 0b10001, 0b01110},
    {0b00110, 0b01000, 0b10000, 0b11110, 0b10001, 0b10001, 0b01110},
    {0b11111, 0b00001, 0b00010, 0b00010, 0b00100, 0b00100, 0b01000},
    {0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110},
    {0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00010, 0b01100},
}};

int between(Rng& rng, int least, int most) {
  return least + static_cast<int>(rng.below(static_cast<std::uint32_t>(most - least + 1)));
}

}  // namespace

Glyph Glyph::drawn(Rng& rng) {
  Glyph glyph{.label = static_cast<int>(rng.below(classes)),
              .rows = between(rng, min_rows, max_rows),
              .columns = between(rng, min_columns, max_columns),
              .points = {}};
  const auto& bitmap = bitmaps[static_cast<std::size_t>(glyph.label)];
  for (int y = 0; y < glyph.rows; ++y) {
    for (int x = 0; x < glyph.columns; ++x) {
      const int bits = bitmap[static_cast<std::size_t>(y * R / glyph.rows)];
      bool lit = (bits >> (C - 1 - x * C / glyph.columns) & 1) != 0;
      if (rng.below(16) == 0) lit = !lit;
      if (lit)
        glyph.points[static_cast<std::size_t>(y * glyph.columns + x)] =
            static_cast<std::uint8_t>(between(rng, 128, 255));
    }
  }
  return glyph;
}

}  // namespace rnnlab
