#pragma once

#include <string>
#include <vector>

#include "study/config_schema.hpp"

namespace rnnlab {

/// What one key of a sweep file stands for. The grammar of its value:
///
///     a, b, c              each in turn; commas inside parentheses do not count; `\,`,
///                          `\(` and `\)` are characters of a value
///     a..b                 every integer from a to b, both included (integer keys)
///     log(a, b, n)         n values from a to b, evenly spaced in the logarithm (number keys)
///     lin(a, b, n)         n values from a to b, evenly spaced (number keys)
///     zip(a, b, c)         moves together with every other zip(…), which must be as long
///     log(a, b, random(n)), lin(a, b, random(n))
///                          n values drawn from [a, b]; all random axes move together
///
/// Spaced and drawn values are rounded to 12 significant digits (to integers for integer keys), and
/// drawn values depend on the key's name alone: the same file is the same grid everywhere.
struct SweepAxis {
  enum class Moves { alone, zipped, drawn };

  std::string key;
  std::string where;
  std::vector<std::string> values;  // never empty; canonical where the key is not a text
  Moves moves = Moves::alone;
};

/// Throws Error(usage) for a value outside the grammar or the key's range.
SweepAxis parse_axis(const KeySpec&, const Setting&);

}  // namespace rnnlab
