#include "nn/options.hpp"

#include "nn/cells/cells.hpp"

namespace rnnlab {

void ModelOptions::describe(OptionVisitor& v) {
  std::vector<std::string> cells;
  for (const Listing& listing : cell_list()) cells.push_back(listing.name);
  v.visit({.name = "architecture",
           .help = "what reads the sequence: recurrent layers (with cell none: dense layers on a "
                   "window); a transformer's self-attention; tcn, causal dilated convolutions; or, "
                   "where it is an image, md, recurrent in both dimensions at once; renet, along "
                   "rows, then columns; grid, a grid LSTM",
           .choices = {"recurrent", "transformer", "tcn", "md", "renet", "grid"}},
          architecture);
  v.visit({.name = "cell", .help = "the recurrent unit", .choices = cells}, cell);
  v.visit({.name = "activation",
           .help = "nonlinearity of an elman, leaky or jordan unit and of dense hidden layers; "
                   "gated units are built with tanh; modrelu, sign(a) max(|a| + b, 0), elman alone",
           .choices = {"tanh", "sigmoid", "identity", "relu", "leaky-relu", "elu", "modrelu"}},
          activation);
  v.visit(
      {.name = "hidden", .help = "width of each layer", .unit = "units", .min = 1, .max = widest},
      hidden);
  v.visit({.name = "match_parameters",
           .help = "takes the width at which the whole model comes nearest to so many parameters, "
                   "instead of model.hidden; 0: off",
           .unit = "parameters",
           .min = 0,
           .max = 1e9},
          match_parameters);
  v.visit({.name = "layers",
           .help = "layers, one on the other; 0: a linear model of the window (cell none)",
           .unit = "layers",
           .min = 0,
           .max = max_layers},
          layers);
  v.visit(
      {.name = "direction",
       .help = "how each recurrent layer reads a sequence: from its first step, from its last, or "
               "both ways",
       .choices = {"forward", "reverse", "bidirectional"}},
      direction);
  v.visit({.name = "merge",
           .help = "the two directions' states side by side, or added up",
           .choices = {"concat", "sum"}},
          merge);
  v.visit(
      {.name = "pool",
       .help = "how a sequence becomes one vector where the task has one target: the last state "
               "(of each direction), the mean, the maximum, learned attention; every: no pooling, "
               "a prediction at every step, all held against the target",
       .choices = {"last", "mean", "max", "attention", "every"}},
      pool);
  v.visit(
      {.name = "depth",
       .help = "the way to be deep (Pascanu et al. 2014): stacked; dt, a deep transition, and "
               "dt-s, with a shortcut; dot and dot-s, a deep output too; deep-output; deep-input; "
               "skip: every layer sees the input and is seen by the output",
       .choices = {"stacked", "dt", "dt-s", "dot", "dot-s", "deep-output", "deep-input", "skip"}},
      depth);
  v.visit({.name = "deep_layers",
           .help = "hidden layers that `depth` adds in each of its places",
           .unit = "layers",
           .min = 1,
           .max = max_layers},
          deep_layers);
  v.visit({.name = "residual",
           .help = "adds each layer's input to its output, where they are equally wide"},
          residual);
  v.visit({.name = "layer_norm", .help = "layer normalisation of each recurrent layer's output"},
          layer_norm);
  v.visit(
      {.name = "dropout",
       .help =
           "share of units dropped between layers (but not of a recurrent decoder, whose layers "
           "are one step), after the embedding and before the output",
       .min = 0,
       .max = 0.99},
      dropout);
  v.visit({.name = "dropout_mask",
           .help = "new at every step, or the same for all steps of a sequence (variational)",
           .choices = {"step", "variational"}},
          dropout_mask);
  v.visit({.name = "readout_activation",
           .help = "nonlinearity between the pooled states and the output",
           .choices = {"identity", "relu", "tanh", "sigmoid", "leaky-relu", "elu"}},
          readout_activation);
  v.visit({.name = "input_at",
           .help = "where a one-to-many model sees its input: at the first step, or at every one",
           .choices = {"first", "every-step"}},
          input_at);
  v.visit(
      {.name = "attention",
       .help = "how a decoder's query q is held against an encoder's state h: dot, q.h; "
               "scaled-dot, q.h / sqrt(width); general, q.W h; additive, v.tanh(W q + U h); "
               "local, general within a window that moves where a sigmoid of q puts it (local-p of "
               "Luong et al. 2015); of two sources the first is looked at; multi-head, "
               "scaled-dot by "
               "model.heads heads, of a transformer alone (Vaswani et al. 2017)",
       .choices = {"none", "dot", "scaled-dot", "general", "additive", "local", "multi-head"}},
      attention);
  v.visit({.name = "attention_at",
           .help = "before: q is the state before the step, and the step reads what was attended "
                   "to (Bahdanau et al. 2015); after: q is the state after it, and the output "
                   "reads tanh(W [attended; state]) (Luong et al. 2015)",
           .choices = {"before", "after"}},
          attention_at);
  v.visit({.name = "attention_window",
           .help = "D of local attention: steps of the source on either side of its middle",
           .unit = "steps",
           .min = 1,
           .max = 1e6},
          attention_window);
  v.visit({.name = "bridge",
           .help = "what a decoder is given of the encoder besides attention: none; last, its last "
                   "state; transform, tanh(W last + b); all, tanh(W pooled + b) of all its states, "
                   "pooled as model.pool says (last: their mean)",
           .choices = {"none", "last", "transform", "all"}},
          bridge);
  v.visit({.name = "context",
           .help = "where the decoder is given it: as its initial state, as an input of every "
                   "step, or both, each with a transformation of its own",
           .choices = {"initial", "every-step", "both"}},
          context);
  v.visit({.name = "input_feeding",
           .help = "the next step of a decoder reads tanh(W [attended; state]) of this one, with "
                   "attention_at = after (Luong et al. 2015)"},
          input_feeding);
  v.visit({.name = "window",
           .help = "steps that a feed-forward model sees, the present one last; 0: as many as the "
                   "longest sequence has",
           .unit = "steps",
           .min = 0,
           .max = 1e6},
          window);
  v.visit({.name = "embedding",
           .help = "width of a learned table that symbols are looked up in; 0: the first layer "
                   "takes them one-hot",
           .unit = "units",
           .min = 0,
           .max = 16384},
          embedding);
  v.visit(
      {.name = "tied",
       .help =
           "the output's matrix is the embedding (Press and Wolf 2017); what is read out must be "
           "as wide as the embedding"},
      tied);
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
               "(np-RNN, Talathi and Vartak 2016); henaff, g times rotations of pairs of units by "
               "U[-pi, pi] (Henaff et al. 2016); helfrich, by U[0, pi/2] (Helfrich et al. 2018)",
       .choices = {"glorot", "uniform", "normal", "orthogonal", "identity", "scaled", "sparse",
                   "np", "henaff", "helfrich"}},
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
  v.visit({.name = "time_skip",
           .help = "a second recurrent matrix reads the state so many steps back (elman, leaky, "
                   "gru, lstm and its variants of one product per step); "
                   "0: there is none",
           .unit = "steps",
           .min = 0,
           .max = 10000},
          time_skip);
  v.visit({.name = "block",
           .help = "cells of a memory block, which share their gates (lstm-1997)",
           .unit = "cells",
           .min = 1,
           .max = 16384},
          block);
  v.visit({.name = "truncated_gradient",
           .help = "nothing goes back in time through a recurrent matrix, only along the state "
                   "itself (Hochreiter and Schmidhuber 1997)"},
          truncated_gradient);
  const auto gate_bias = [&](const char* key, const char* help, double& value) {
    v.visit({.name = key, .help = help, .min = -100, .max = 100}, value);
  };
  gate_bias("input_gate_bias", "start of the first memory block's input gate bias (lstm-1997)",
            input_gate_bias);
  gate_bias("input_gate_bias_step", "added from block to block", input_gate_bias_step);
  gate_bias("output_gate_bias", "start of the first memory block's output gate bias (lstm-1997)",
            output_gate_bias);
  gate_bias("output_gate_bias_step", "added from block to block", output_gate_bias_step);
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
  v.visit(
      {.name = "heads",
       .help = "of a transformer's attention, a divisor of model.hidden; 0: the most of 8, 4, 2 "
               "and 1 that divide it",
       .unit = "heads",
       .min = 0,
       .max = 16384},
      heads);
  v.visit({.name = "feed_forward",
           .help = "width of a transformer's feed-forward layers; 0: four times model.hidden",
           .unit = "units",
           .min = 0,
           .max = 65536},
          feed_forward);
  v.visit({.name = "causal",
           .help = "whether a step of a transformer (of sequence to sequence: of its encoder) sees "
                   "itself and earlier steps alone; auto: where every step of the input has a "
                   "target of its own",
           .choices = {"auto", "yes", "no"}},
          causal);
  v.visit({.name = "positions",
           .help = "what tells a transformer where a step stands: sines and cosines, a learned "
                   "vector per position, or nothing",
           .choices = {"sinusoidal", "learned", "none"}},
          positions);
  v.visit({.name = "max_positions",
           .help = "learned positions; 0: as many as the longest sequence has steps",
           .unit = "steps",
           .min = 0,
           .max = 1e6},
          max_positions);
  v.visit({.name = "norm_first",
           .help = "a transformer's layer norms stand before attention and feed-forward layers and "
                   "after the last block, not after each sum"},
          norm_first);
  v.visit({.name = "kernel",
           .help = "steps that a tcn's convolution sees, the present one last",
           .unit = "steps",
           .min = 1,
           .max = 1024},
          kernel);
  v.visit({.name = "patch",
           .help = "renet: side of the square patches that are read as one point; must divide rows "
                   "and columns",
           .unit = "pixels",
           .min = 1,
           .max = 1024},
          patch);
  v.visit(
      {.name = "recurrent_map",
       .help = "makes an elman layer's recurrent matrix orthogonal, as a function of the trained "
               "A, S = A - A^T: exp, e^S (Lezcano-Casado and Martinez-Rubio 2019); cayley, (I + "
               "S)^-1 (I - S) D (Helfrich et al. 2018). A starts as recurrent_init has it; with "
               "henaff and helfrich the recurrent matrix does",
       .choices = {"none", "cayley", "exp"}},
      recurrent_map);
  v.visit({.name = "negative_ones",
           .help = "share of -1 on the diagonal D of an orthogonal recurrent matrix",
           .min = 0,
           .max = 1},
          negative_ones);
  v.visit({.name = "memory_lags",
           .help = "lags K of the fractional-differencing filter (mrnn, mrnnf, mlstm, mlstmf)",
           .unit = "steps",
           .min = 1,
           .max = 10000},
          memory_lags);
  v.visit({.name = "r_min",
           .help = "lru: the ring of its first eigenvalues from r_min",
           .min = 0,
           .max = 1},
          r_min);
  v.visit({.name = "r_max", .help = "to r_max", .min = 0, .max = 1}, r_max);
  v.visit({.name = "max_phase",
           .help = "and the largest of their phases",
           .unit = "radians",
           .min = 0,
           .max = 6.2832},
          max_phase);
}

}  // namespace rnnlab
