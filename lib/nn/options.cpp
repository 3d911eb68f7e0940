#include "nn/options.hpp"

namespace rnnlab {

void ModelOptions::describe(OptionVisitor& v) {
  v.visit({.name = "cell", .help = "the recurrent unit", .choices = {"elman", "lstm", "gru"}},
          cell);
  v.visit({.name = "activation",
           .help = "nonlinearity of an elman unit; gated units are built with tanh",
           .choices = {"tanh", "relu"}},
          activation);
  v.visit(
      {.name = "hidden", .help = "width of each layer", .unit = "units", .min = 1, .max = 16384},
      hidden);
  v.visit({.name = "layers",
           .help = "recurrent layers, one on the other",
           .unit = "layers",
           .min = 1,
           .max = max_layers},
          layers);
  v.visit({.name = "bias", .help = "whether layers have biases: PyTorch's two, and the output's"},
          bias);
  v.visit({.name = "init",
           .help = "input and output matrices: glorot, U(-a, a) with a = sqrt(6 / (fan_in + "
                   "fan_out)), or uniform, a = 1 / sqrt(hidden); biases start at 0",
           .choices = {"glorot", "uniform"}},
          init);
  v.visit({.name = "recurrent_init",
           .help = "recurrent matrices, likewise",
           .choices = {"glorot", "uniform"}},
          recurrent_init);
  v.visit({.name = "init_fan",
           .help = "what Glorot's fan_out counts: one gate's rows, or the fused matrix'",
           .choices = {"gate", "fused"}},
          init_fan);
  v.visit({.name = "forget_bias",
           .help = "start of the bias of the gate that retains (lstm's f, gru's z), in bias_ih",
           .min = -100,
           .max = 100},
          forget_bias);
}

}  // namespace rnnlab
