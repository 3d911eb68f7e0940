#pragma once

#include <vector>

#include "study/config.hpp"

namespace rnnlab {

/// One run of a sweep: what it alone sets, and the configuration that follows.
struct GridPoint {
  Settings overrides;  // key, value; in the order of the axes
  Config config;
};

/// The grid of a sweep: the product of its axes (grammar: study/axes.hpp), in the order of the keys
/// in a canonical configuration with `train.seed` last and fastest; zipped axes count as one, drawn
/// axes as another. Keys of `model`, `task`, `train` and `record` are axes; a later setting
/// replaces an earlier one whole. Keys `grid.PART.KEY` (sections `[grid.PART]`, after the common
/// ones) belong to one part: the grids of the parts follow one another. Throws Error(usage) for two
/// equal runs, axes of unequal length that should move together, and all that `resolve` refuses.
std::vector<GridPoint> expand(const Registry&, const std::vector<Setting>& settings);

}  // namespace rnnlab
