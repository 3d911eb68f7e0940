#pragma once

#include <array>
#include <string>
#include <tuple>

#include "nn/steps/program.hpp"

namespace rnnlab {

/// A value that stays from step to step.
struct Keep {
  static constexpr int slots = 0, given = 1, made = 1, saved = 0;

  template <class V>
  [[gnu::always_inline]] static void forward(const std::array<V, slots>& /*a*/,
                                             const std::array<V, given>& s,
                                             std::array<V, made>& out,
                                             std::array<V, saved>& /*keep*/) {
    out[0] = s[0];
  }
  template <class V>
  [[gnu::always_inline]] static void backward(const std::array<V, made>& dout,
                                              const std::array<V, given>& /*s*/,
                                              const std::array<V, made>& /*out*/,
                                              const std::array<V, saved>& /*keep*/,
                                              std::array<V, slots>& /*da*/,
                                              std::array<V, given>& ds) {
    ds[0] = dout[0];
  }
};

struct DecoderOptions {
  RecurrentOptions layer;  // of the first one; `inputs` is the width of x, suffix is ignored
  int layers = 1;
  std::string attention = "none";  // dot, scaled-dot, general, additive, local
  bool before = true;              // the query is h_{t−1}, else h_t
  bool input_feeding = false;      // with `before` false
  int memory = 0;                  // M
  double window = 0;               // D, local
  int context = 0;                 // width of c, where every step reads it
};

/// The step of a recurrent decoder: `layers` layers of any cell, one on the other, with attention
/// over a source's states m_s [M] inside the step. Layer 0 reads x_t and what is listed; h is the
/// uppermost layer's.
///
///   before (Bahdanau et al. 2015)   a_t = attention to m of q(h_{t−1}), read by layer 0
///                                   output  [h_t; a_t]
///   after (Luong et al. 2015)       a_t = attention to m of q(h_t)
///                                   output  h̃_t = tanh(W_c [a_t; h_t]), with input feeding read by
///                                   layer 0 in the step t + 1
///   none                            output  h_t
///   context > 0                     layer 0 also reads c, which is carried in (program.context)
///
/// dot, scaled-dot     q = h: H = M, keys are m
/// general, local      q = h, keys are W_a m [H]
/// additive            q = W_q h + b_q, keys are W_k m [H]
///
/// The layers' parameters have PyTorch's names; then attention.query.weight [H, H] and .bias,
/// attention.v.weight [1, H], attention.position.weight [H, H] and attention.position_v.weight
/// [1, H] (local), attention.combine.weight [H, M + H] (after). What makes keys stands outside.
/// Throws Error for cells that cannot be part of a step.
StepProgram decoder_program(const DecoderOptions&);

/// The decoder's own rules, for the tests to find them.
using DecoderRules = std::tuple<Keep>;

}  // namespace rnnlab
