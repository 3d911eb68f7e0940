#pragma once

#include <string>
#include <vector>

#include "nn/model.hpp"

namespace rnnlab::bench {

/// Input width and classes of every case: task `noise`, a label at every t.
inline constexpr int inputs = 10, classes = 10;

/// One point of the grid.
struct Case {
  std::string cell;  // vanilla, lstm, gru
  int B, T, H, layers;
  int threads = 1;
  bool traced = false;
  int directions = 1;

  /// train_step/lstm/B:20/T:100/H:64/L:1/D:1/threads:1 (L layers, D directions), or
  /// train_step_traced/… .
  std::string title() const;
  ModelOptions model() const;
};

/// Every case that rnnlab_bench knows: cells × B × T × H × threads, and the LSTM of two layers and
/// of two directions; each plain and traced.
std::vector<Case> grid();

/// Floating-point operations of a step's matrix products: 2 per weight, position and product. A
/// weight takes part in three products: forward, gradient by its input, gradient by itself. Those
/// of the first layer's W_ih in two, as nothing asks for the gradient by x. Biases, nonlinearities
/// and the optimizer are not counted.
double operations(const ParamLayout&, const Case&);

/// Bytes of what back-propagation through time must keep of the whole batch: the frames (inputs,
/// activations and scratch of the layers over all T) of all its shards, as if all were held at
/// once. The program holds one per thread.
double bytes_kept(const Model<float>&, const Case&);

/// Bytes that pass between a core and the memory its data are in, at least: every shard reads θ at
/// each time step for the product forwards and for the one backwards, and writes and reads its
/// frame once. The denominator of a step's arithmetic intensity.
double bytes_moved(const Model<float>&, const Case&);

}  // namespace rnnlab::bench
