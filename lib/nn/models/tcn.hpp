#pragma once

#include "nn/models/bricks.hpp"

namespace rnnlab {

/// A temporal convolutional network (Bai, Kolter, Koltun: An Empirical Evaluation of Generic
/// Convolutional and Recurrent Networks for Sequence Modeling, 2018) on a node; returns its last
/// block's node, [T, H]. Block l, of dilation 2^l:
///
///   h = φ(conv2(φ(conv1(x)))), y = φ(h + x), with W x + b (`downsample`) for an x of another width
///
/// Dropout after each inner φ. Without the paper's weight normalisation. A step sees itself and
/// 2 (kernel − 1) (2^layers − 1) steps before. Parameters layers.l.conv1.weight [H, I·kernel], …: a
/// Conv1d's, its weight [H, I, kernel] as rows.
template <class S>
typename Graph<S>::Node add_tcn(Bricks<S>&, typename Graph<S>::Node from);

}  // namespace rnnlab
