#pragma once

#include <array>
#include <cstdint>

#include "base/rng.hpp"

namespace rnnlab {

/// A digit as the task itself writes it, where no images are to be had: its bitmap of 7 x 5 points,
/// stretched to another height and width, brighter here and darker there, and one point of 16
/// turned over.
struct Glyph {
  static constexpr int classes = 10;
  static constexpr int min_rows = 10, max_rows = 17, min_columns = 7, max_columns = 12;

  int label, rows, columns;
  std::array<std::uint8_t, max_rows * max_columns> points;  // row by row, `columns` to a row

  /// Every class is as likely as any other, so is every size.
  static Glyph drawn(Rng&);
};

}  // namespace rnnlab
