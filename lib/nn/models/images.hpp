#pragma once

#include "nn/models/bricks.hpp"

namespace rnnlab {

// Models of images, Facts::rows by Facts::columns points, on a node of their points row by row.
// Each returns the last layer's node: the points again, or, where there is one prediction per image
// and `pool` is last, one vector per example.

/// Recurrences of two dimensions (two_dimensional.hpp), per layer a sweep from the upper left
/// corner (direction forward), from the lower right one (reverse) or from each corner
/// (bidirectional), their states merged at each point. Pooled by `last`, each sweep gives its last
/// point, the corner opposite to where it began. Suffixes and traces: _l0_top_left,
/// layers.0.top-left …
template <class S>
typename Graph<S>::Node add_multi_dimensional(Bricks<S>&, typename Graph<S>::Node from);

/// Per layer a bidirectional sweep along every row, then one along every column of what came of it
/// (lines.hpp); before the first, patches. Pooled by `last`, the lower right point, which has seen
/// all. Suffixes and traces: _l0_rows, _l0_rows_reverse, _l0_columns …, layers.0.rows.forward …; no
/// traces with patches, whose time is another.
template <class S>
typename Graph<S>::Node add_renet(Bricks<S>&, typename Graph<S>::Node from);

/// Grid LSTM: `input`, an affine map to the first layer's [h; m] of the depth, then layers that
/// begin at the upper left, the lower right, the upper right, the lower left corner, and again. The
/// last one's h is read out; pooled by `last`, at its last point.
template <class S>
typename Graph<S>::Node add_grid_lstm(Bricks<S>&, typename Graph<S>::Node from);

}  // namespace rnnlab
