#include "nn/options.hpp"

#include "nn/cells/cells.hpp"

namespace rnnlab {

void ModelOptions::describe(OptionVisitor& v) {
  std::vector<std::string> cells;
  for (const Listing& listing : cell_list()) cells.push_back(listing.name);
  v.visit({.name = "cell", .help = "the recurrent unit", .choices = cells}, cell);
  v.visit({.name = "activation",
           .help = "nonlinearity of an elman or leaky unit; gated units are built with tanh",
           .choices = {"tanh", "sigmoid", "identity", "relu", "leaky-relu", "elu"}},
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
  v.visit({.name = "embedding",
           .help = "width of a learned table that symbols are looked up in; 0: the first layer "
                   "takes them one-hot",
           .unit = "units",
           .min = 0,
           .max = 16384},
          embedding);
  v.visit({.name = "bias", .help = "whether layers have biases: PyTorch's two, and the output's"},
          bias);
  v.visit(
      {.name = "init",
       .help =
           "input matrices: glorot, U(-a, a) with a = sqrt(6 / (fan_in + fan_out)); uniform, "
           "a = 1 / sqrt(hidden); with s = input_gain: normal, N(0, s^2 / fan_in) or N(0, "
           "init_std^2), orthogonal, s Q, or sparse, init_connections inputs per unit s N(0, 1). "
           "The output is uniform where this is, normal where this is and init_std is set, else "
           "glorot. Biases start at 0",
       .choices = {"glorot", "uniform", "normal", "orthogonal", "sparse"}},
      init);
  v.visit(
      {.name = "recurrent_init",
       .help = "recurrent matrices: glorot and uniform likewise; with g = spectral_radius: normal, "
               "N(0, g^2 / hidden) or N(0, init_std^2); orthogonal, g Q; identity, g I; scaled, "
               "normal with spectral radius exactly g; sparse, init_connections per unit and "
               "likewise scaled (Pascanu et al. 2013); np, positive definite of spectral radius g "
               "(np-RNN, Talathi and Vartak 2016)",
       .choices = {"glorot", "uniform", "normal", "orthogonal", "identity", "scaled", "sparse",
                   "np"}},
      recurrent_init);
  v.visit({.name = "init_fan",
           .help = "what Glorot's fan_out counts: one gate's rows, or the fused matrix'",
           .choices = {"gate", "fused"}},
          init_fan);
  v.visit({.name = "input_gain",
           .help = "of input matrices with init = normal, orthogonal or sparse",
           .min = 0,
           .max = 1e3},
          input_gain);
  v.visit({.name = "spectral_radius",
           .help = "g of recurrent matrices: normal, orthogonal, identity, scaled, sparse, np",
           .min = 0,
           .max = 1e3},
          spectral_radius);
  v.visit({.name = "init_std",
           .help = "standard deviation of normal matrices, the output's too; 0: by their fan-in",
           .min = 0,
           .max = 1e3},
          init_std);
  v.visit({.name = "init_connections",
           .help = "of each unit in sparse matrices",
           .unit = "connections",
           .min = 1,
           .max = 16384},
          init_connections);
  v.visit({.name = "forget_bias",
           .help = "start of the bias of the gate that retains (lstm's f, gru's z), in bias_ih",
           .min = -100,
           .max = 100},
          forget_bias);
  v.visit(
      {.name = "chrono",
       .help = "chrono initialisation: the longest dependency T; that gate's bias starts at "
               "ln U(1, T - 1), the input gate's at minus it (Tallec and Ollivier 2018); 0: off",
       .unit = "steps",
       .min = 0,
       .max = 1e9},
      chrono);
  v.visit({.name = "leak",
           .help = "alpha of leaky units: the share of the state that a step replaces; 1: as elman",
           .min = 0,
           .max = 1},
          leak);
  v.visit({.name = "h0",
           .help = "the state before the first step: zero, learned from zero on, or random, drawn "
                   "once as N(0, h0_scale^2) and kept",
           .choices = {"zero", "learned", "random"}},
          h0);
  v.visit({.name = "h0_scale",
           .help = "standard deviation of a random initial state",
           .min = 0,
           .max = 1e3},
          h0_scale);
  v.visit({.name = "fixed",
           .help = "what keeps its first value: the recurrent matrices, or the reservoir, all of "
                   "the recurrent layers (an echo-state network)",
           .choices = {"none", "recurrent", "reservoir"}},
          fixed);
}

}  // namespace rnnlab
