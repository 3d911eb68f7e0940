#pragma once

#include <memory>
#include <string>

#include "nn/layer.hpp"

namespace rnnlab {

struct TwoDimensionalOptions {
  std::string cell = "lstm";  // elman, lstm or grid
  std::string activation = "tanh";
  int rows = 0, columns = 0;
  int inputs = 0;  // I; grid: 2H
  int hidden = 0;  // H
  bool bias = true;
  std::string suffix = "_l0";
  std::string init = "glorot";  // kinds of MatrixInit
  std::string recurrent_init = "glorot";
  double input_gain = 1, spectral_radius = 1, init_std = 0;
  int init_connections = 15;
  double forget_bias = 0;
  bool memory_out = false;      // grid: y holds the memory too
  bool input_gradient = false;  // whether backward returns ∂L/∂x
};

/// A recurrence over an image from its upper left corner, x in the order of Diagonals: point p sees
/// x_p and its neighbours on the left, l, and above, u; states beyond the border are zero. One
/// product serves all points of a diagonal.
///
///   a_p = W_ih x_p + W_left h_l + W_up h_u + b
///
///   elman   h_p = φ(a_p)                          Graves, Fernandez, Schmidhuber:
///   Multi-Dimensional lstm    (h_p, c_p) by MdLstm of c_l and c_u    Recurrent Neural Networks
///   (2007) grid    three LSTM rules, along the row, the column and the depth, each of its own four
///   gates
///           of a_p and its own memory: of l, of u, of the layer below, x = [h; m]; each has its h
///           and m, W_left reads the row's h, W_up the column's, and y = h or [h; m] of the depth
///           (Kalchbrenner, Danihelka, Graves: Grid Long Short-Term Memory, 2015)
///
/// Parameters weight_ih [G·H, H or I], weight_left and weight_up [G·H, H], bias [G·H], with the
/// suffix; G = 1, 5 (i, f_left, f_up, g, o) or 12 (i, f, g, o of each). The forget gates' biases
/// start at forget_bias.
///
/// Traces are in the order of computation; grid's are of its three states together. The factors of
/// ∂L/∂[W_left W_up] are traced as those of W_hh, h_before = [h_l; h_u]. No Omega.
template <class S>
std::unique_ptr<Layer<S>> make_two_dimensional(const TwoDimensionalOptions&);

}  // namespace rnnlab
