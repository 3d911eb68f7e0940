#pragma once

#include <memory>
#include <string>

#include "nn/layer.hpp"
#include "nn/layers/initial_state.hpp"

namespace rnnlab {

/// What a recurrent layer is made from.
struct RecurrentOptions {
  std::string cell = "lstm";  // with `activation`, an entry of Cells
  std::string activation = "tanh";
  int inputs = 0;  // I
  int hidden = 0;  // H
  bool bias = true;
  std::string suffix = "_l0";   // PyTorch's, of the parameters' names
  std::string init = "glorot";  // kinds of MatrixInit
  std::string recurrent_init = "glorot";
  double input_gain = 1;       // MatrixInit's gain of weight_ih …
  double spectral_radius = 1;  // … and of weight_hh
  double init_std = 0;         // MatrixInit's deviation …
  int init_connections = 15;   // … and connections
  bool fused_fan = false;      // Glorot's fan_out counts all gates of the fused matrix
  double forget_bias = 0;
  double chrono = 0;  // the longest dependency that chrono initialisation plans for; 0: none
  double leak = 1;    // of leaky units
  std::string depth = "stacked";  // dt, dt-s, dot, dot-s: a deep transition …
  int deep_layers = 1;            // … of so many layers beyond the first
  int time_skip = 0;              // also reads h_{t−time_skip}; 0: no
  int block = 1;                  // cells of a memory block, lstm-1997
  bool truncated_gradient = false;
  double input_gate_bias = 0, input_gate_bias_step = 0;  // lstm-1997: of block 0, and from one …
  double output_gate_bias = 0, output_gate_bias_step = 0;  // … to the next
  int outputs = 0;              // O, of a cell that is its own readout (jordan)
  bool input_gradient = false;  // whether backward returns ∂L/∂x
  InitialStateOptions h0 = {};
  std::string recurrent_map = "none";             // W_hh is orthogonal by cayley or exp …
  double negative_ones = 0;                       // … times a D of so many −1, a share
  int memory_lags = 100;                          // of mrnn and mlstm
  double r_min = 0, r_max = 1, max_phase = 6.28;  // of lru: where its eigenvalues start
  std::string fixed = "none";  // what is not trained: none, recurrent (weight_hh), reservoir (all)
};

/// A recurrent layer: the time loop around a cell of nn/cells, or, where the step is several
/// products, a variant of nn/steps (see there for its equations and parameters).
///
/// Around a cell, h_t and c_t from x_t and the state before, with full BPTT:
///
///   a_t = W_ih x_t + b_ih + W_hh h_{t−1} + b_hh,   s_t = Cell(a_t, s_{t−1}),   y_t = h_t
///   ∂L/∂h_t = ∂L/∂y_t + W_hhᵀ ∂L/∂a_{t+1} + the cell's direct path,          t = T−1 … 0
///   ∂L/∂W_hh = Σ_t ∂L/∂a_t h_{t−1}ᵀ,  ∂L/∂W_ih = Σ_t ∂L/∂a_t x_tᵀ,  ∂L/∂b = Σ_t ∂L/∂a_t
///
/// s_{−1} is that of initial_state.hpp, or the state that was carried in, which no gradient goes
/// back to. One-hot x_t
/// may come as symbols (`Seq::symbol`): W_ih x_t is then a column of W_ih.
///
/// Parameters: weight_ih [G·H, I], weight_hh [G·H, H], bias_ih and bias_hh [G·H], then the cell's
/// own per-unit weights [H] and the initial state, each with the suffix. Gradients of fixed
/// matrices are not taken. With `recurrent_map` (cell elman alone) W_hh is a function of the
/// parameter skew_hh [H, H], which stands in the place of weight_hh: see orthogonal_weight.hpp.
///
/// Gates' biases start at 0 but for forget_bias, and for chrono initialisation (Tallec and Ollivier
/// 2018): the retaining gate's at ln U(1, chrono − 1), the input gate's at minus that, in bias_ih.
///
/// Steps past an example's end (`Seq::length`) reach neither loss nor gradient: nothing flows in
/// from there, and the state is zero. Throws Error if no cell has that name and activation, if
/// it does not know what else is asked, or if chrono finds no bias to set.
template <class S>
std::unique_ptr<Layer<S>> make_recurrent(const RecurrentOptions&);

}  // namespace rnnlab
