#pragma once

#include <cstdint>
#include <string>

#include "base/options.hpp"

namespace rnnlab {

inline constexpr int max_layers = 16;
inline constexpr int widest = 16384;  // units of a layer

/// The keys of section `model`. `name` is a preset that sets the others.
struct ModelOptions {
  std::string name = "lstm";
  std::string architecture = "recurrent";
  std::string cell = "lstm";
  std::string activation = "tanh";
  std::int64_t hidden = 128;
  std::int64_t match_parameters = 0;
  std::int64_t layers = 1;
  std::string direction = "forward";
  std::string merge = "concat";
  std::string pool = "last";
  std::string depth = "stacked";
  std::int64_t deep_layers = 1;
  bool residual = false;
  bool layer_norm = false;
  double dropout = 0;
  std::string dropout_mask = "step";
  std::string readout_activation = "identity";
  std::string input_at = "first";
  std::string attention = "none";
  std::string attention_at = "before";
  std::int64_t attention_window = 10;
  std::string bridge = "none";
  std::string context = "initial";
  bool input_feeding = false;
  std::int64_t window = 0;
  std::int64_t embedding = 0;
  bool tied = false;
  bool bias = true;
  std::string init = "glorot";
  std::string recurrent_init = "glorot";
  std::string init_fan = "gate";
  double input_gain = 1;
  double spectral_radius = 1;
  double init_std = 0;
  std::int64_t init_connections = 15;
  double forget_bias = 0;
  double chrono = 0;
  double leak = 1;
  std::string h0 = "zero";
  double h0_scale = 0.1;
  std::string fixed = "none";
  std::string recurrent_map = "none";
  double negative_ones = 0;
  std::int64_t memory_lags = 100;
  double r_min = 0;
  double r_max = 1;
  double max_phase = 6.28;
  std::int64_t time_skip = 0;
  std::int64_t block = 1;
  bool truncated_gradient = false;
  double input_gate_bias = 0;
  double input_gate_bias_step = 0;
  double output_gate_bias = 0;
  double output_gate_bias_step = 0;
  std::int64_t heads = 0;
  std::int64_t feed_forward = 0;
  std::string causal = "auto";
  std::string positions = "sinusoidal";
  std::int64_t max_positions = 0;
  bool norm_first = false;
  std::int64_t kernel = 7;
  std::int64_t patch = 1;

  /// Visits every field but `name`, whose choices are the list of presets.
  void describe(OptionVisitor& v);
};

}  // namespace rnnlab
