#include "nn/models/presets.hpp"

namespace rnnlab {

std::vector<ModelPreset> vanilla_presets() {
  return {
      {.name = "linear",
       .summary = "a linear map of a window of the sequence",
       .settings = {{"cell", "none"}, {"layers", "0"}},
       .equation = "y_t = W [x_{t-w+1}; ...; x_t] + b",
       .parameters = "O*(W*I + 1)",
       .options = "window, pool, bias",
       .source = "Widrow, Hoff: Adaptive Switching Circuits (1960)"},
      {.name = "feed-forward",
       .summary = "dense tanh layers on a window of the sequence",
       .settings = {{"cell", "none"}, {"activation", "tanh"}},
       .equation = "h = tanh(W_1 [x_{t-w+1}; ...; x_t] + b_1), y_t = W_2 h + b_2",
       .parameters = "H*(W*I + 1) + O*(H + 1)",
       .options = "activation, hidden, layers, window, pool, bias, dropout",
       .source = "Rumelhart, Hinton, Williams: Learning Representations by Back-Propagating Errors "
                 "(1986)"},
      {.name = "vanilla",
       .summary = "Elman's recurrent network, tanh",
       .settings = {{"cell", "elman"}, {"activation", "tanh"}},
       .equation = "h_t = tanh(W x_t + U h_{t-1} + b), y_t = V h_t + c",
       .parameters = "H*(I + H + 2) + O*(H + 1)",
       .options = "activation, cell, hidden, layers, direction, h0, bias, init, recurrent_init, "
                  "pool, dropout, depth, time_skip",
       .source = "Elman: Finding Structure in Time (1990)"},
      {.name = "irnn",
       .summary = "rectified linear units, recurrent matrix the identity",
       .settings = {{"cell", "elman"}, {"activation", "relu"}, {"recurrent_init", "identity"}},
       .equation = "h_t = max(0, W x_t + U h_{t-1} + b), U = g I at first",
       .parameters = "H*(I + H + 2) + O*(H + 1)",
       .options = "spectral_radius (g), cell, hidden, layers, direction, h0, bias, init, "
                  "recurrent_init, pool, dropout",
       .source = "Le, Jaitly, Hinton: A Simple Way to Initialize Recurrent Networks of Rectified "
                 "Linear Units (2015)"},
      {.name = "np-rnn",
       .summary =
           "rectified linear units, recurrent matrix positive definite with largest eigenvalue 1",
       .settings = {{"cell", "elman"}, {"activation", "relu"}, {"recurrent_init", "np"}},
       .equation = "h_t = max(0, W x_t + U h_{t-1} + b)",
       .parameters = "H*(I + H + 2) + O*(H + 1)",
       .options = "cell, hidden, layers, direction, h0, bias, init, recurrent_init, pool, dropout",
       .source = "Talathi, Vartak: Improving Performance of Recurrent Neural Network with ReLU "
                 "Nonlinearity (2016)"},
      {.name = "leaky-rnn",
       .summary = "leaky integrators: a step replaces half of the state",
       .settings = {{"cell", "leaky"}, {"activation", "tanh"}, {"leak", "0.5"}},
       .equation = "h_t = (1 - a) h_{t-1} + a tanh(W x_t + U h_{t-1} + b)",
       .parameters = "H*(I + H + 2) + H + O*(H + 1)",
       .options = "leak (a), activation, cell, hidden, layers, direction, h0, bias, init, "
                  "recurrent_init, pool, dropout",
       .source = "Jaeger, Lukosevicius, Popovici, Siewert: Leaky-Integrator Neurons (2007); "
                 "Bengio, Boulanger-Lewandowski, Pascanu (2013)"},
      {.name = "echo-state",
       .summary = "a fixed sparse reservoir of spectral radius 0.9; the read-out alone is trained",
       .settings = {{"cell", "leaky"},
                    {"activation", "tanh"},
                    {"recurrent_init", "sparse"},
                    {"spectral_radius", "0.9"},
                    {"leak", "1"},
                    {"fixed", "reservoir"}},
       .equation = "h_t = (1 - a) h_{t-1} + a tanh(W x_t + U h_{t-1} + b), W, U, b fixed",
       .parameters = "H*(I + H + 2) + H + O*(H + 1)",
       .options = "spectral_radius, leak (a), init_connections, input_gain, cell, hidden, layers, "
                  "direction, h0, bias, init, recurrent_init, pool, dropout",
       .source = "Jaeger: The Echo State Approach (2001)"},
      {.name = "jordan",
       .summary = "the output is fed back, not the state",
       .settings = {{"cell", "jordan"}, {"activation", "tanh"}},
       .equation = "h_t = tanh(W x_t + U y_{t-1} + b), y_t = V h_t + c",
       .parameters = "H*(I + O + 1) + O*(H + 1)",
       .options = "activation, hidden, bias, pool",
       .source = "Jordan: Serial Order (1986)"},
      {.name = "time-skip-rnn",
       .summary = "a vanilla layer that also sees its state of eight steps ago",
       .settings = {{"cell", "elman"}, {"activation", "tanh"}, {"time_skip", "8"}},
       .equation = "h_t = tanh(W x_t + U h_{t-1} + S h_{t-d} + b)",
       .parameters = "H*(I + H + 2) + H*H + O*(H + 1)",
       .options = "time_skip (d), cell, hidden, layers, direction, h0, bias, init, recurrent_init, "
                  "pool, dropout",
       .source = "Lin, Horne, Tino, Giles: Learning Long-Term Dependencies in NARX Recurrent "
                 "Neural Networks (1996)"},
      {.name = "bi-rnn",
       .summary = "a vanilla layer in each direction",
       .settings = {{"cell", "elman"}, {"activation", "tanh"}, {"direction", "bidirectional"}},
       .equation = "h_t = [tanh(W x_t + U h_{t-1} + b); tanh(W' x_t + U' h'_{t+1} + b')]",
       .parameters = "2*H*(I + H + 2) + O*(2*H + 1)",
       .options =
           "merge, cell, hidden, layers, direction, h0, bias, init, recurrent_init, pool, dropout",
       .source = "Schuster, Paliwal: Bidirectional Recurrent Neural Networks (1997)"},
      {.name = "deep-rnn",
       .summary = "two vanilla layers, one on the other",
       .settings = {{"cell", "elman"}, {"activation", "tanh"}, {"layers", "2"}},
       .equation = "h^l_t = tanh(W_l h^{l-1}_t + U_l h^l_{t-1} + b_l), h^0_t = x_t",
       .parameters = "H*(I + H + 2) + H*(2*H + 2) + O*(H + 1)",
       .options = "layers, residual, layer_norm, cell, hidden, layers, direction, h0, bias, init, "
                  "recurrent_init, pool, dropout",
       .source = "El Hihi, Bengio: Hierarchical Recurrent Neural Networks for Long-Term "
                 "Dependencies (1995)"},
      {.name = "dt-rnn",
       .summary = "a deep transition: two layers from step to step",
       .settings = {{"cell", "elman"}, {"activation", "tanh"}, {"depth", "dt"}},
       .equation = "h_t = tanh(V tanh(W x_t + U h_{t-1} + b) + d)",
       .parameters = "H*(I + H + 2) + H*(H + 1) + O*(H + 1)",
       .options = "deep_layers, cell, hidden, layers, direction, h0, bias, init, recurrent_init, "
                  "pool, dropout",
       .source = "Pascanu, Gulcehre, Cho, Bengio: How to Construct Deep Recurrent Neural Networks "
                 "(2014)"},
      {.name = "dt-s-rnn",
       .summary = "a deep transition with a shortcut past it",
       .settings = {{"cell", "elman"}, {"activation", "tanh"}, {"depth", "dt-s"}},
       .equation = "h_t = tanh(V tanh(W x_t + U h_{t-1} + b) + S h_{t-1} + d)",
       .parameters = "H*(I + H + 2) + H*(H + 1) + H*H + O*(H + 1)",
       .options = "deep_layers, cell, hidden, layers, direction, h0, bias, init, recurrent_init, "
                  "pool, dropout",
       .source = "Pascanu, Gulcehre, Cho, Bengio: How to Construct Deep Recurrent Neural Networks "
                 "(2014)"},
      {.name = "dot-rnn",
       .summary = "a deep transition and a deep output",
       .settings = {{"cell", "elman"}, {"activation", "tanh"}, {"depth", "dot"}},
       .equation = "h_t = tanh(V tanh(W x_t + U h_{t-1} + b) + d), y_t = P tanh(R h_t + e) + c",
       .parameters = "H*(I + H + 2) + 2*H*(H + 1) + O*(H + 1)",
       .options = "deep_layers, cell, hidden, layers, direction, h0, bias, init, recurrent_init, "
                  "pool, dropout",
       .source = "Pascanu, Gulcehre, Cho, Bengio: How to Construct Deep Recurrent Neural Networks "
                 "(2014)"},
      {.name = "dot-s-rnn",
       .summary = "a deep transition with a shortcut, and a deep output",
       .settings = {{"cell", "elman"}, {"activation", "tanh"}, {"depth", "dot-s"}},
       .equation =
           "h_t = tanh(V tanh(W x_t + U h_{t-1} + b) + S h_{t-1} + d), y_t = P tanh(R h_t + e) + c",
       .parameters = "H*(I + H + 2) + 2*H*(H + 1) + H*H + O*(H + 1)",
       .options = "deep_layers, cell, hidden, layers, direction, h0, bias, init, recurrent_init, "
                  "pool, dropout",
       .source = "Pascanu, Gulcehre, Cho, Bengio: How to Construct Deep Recurrent Neural Networks "
                 "(2014)"},
      {.name = "deep-output-rnn",
       .summary = "a vanilla layer under a hidden layer of the read-out",
       .settings = {{"cell", "elman"}, {"activation", "tanh"}, {"depth", "deep-output"}},
       .equation = "h_t = tanh(W x_t + U h_{t-1} + b), y_t = V tanh(R h_t + d) + c",
       .parameters = "H*(I + H + 2) + H*(H + 1) + O*(H + 1)",
       .options = "deep_layers, cell, hidden, layers, direction, h0, bias, init, recurrent_init, "
                  "pool, dropout",
       .source = "Pascanu, Gulcehre, Cho, Bengio: How to Construct Deep Recurrent Neural Networks "
                 "(2014)"},
      {.name = "deep-input-rnn",
       .summary = "a hidden layer on each input step, under a vanilla layer",
       .settings = {{"cell", "elman"}, {"activation", "tanh"}, {"depth", "deep-input"}},
       .equation = "h_t = tanh(W tanh(R x_t + d) + U h_{t-1} + b)",
       .parameters = "H*(I + 1) + H*(2*H + 2) + O*(H + 1)",
       .options = "deep_layers, cell, hidden, layers, direction, h0, bias, init, recurrent_init, "
                  "pool, dropout",
       .source = "Pascanu, Gulcehre, Cho, Bengio: How to Construct Deep Recurrent Neural Networks "
                 "(2014)"},
      {.name = "skip-rnn",
       .summary = "two vanilla layers, each seeing the input and seen by the output",
       .settings = {{"cell", "elman"}, {"activation", "tanh"}, {"layers", "2"}, {"depth", "skip"}},
       .equation =
           "h^l_t = tanh(W_l [x_t; h^{l-1}_t] + U_l h^l_{t-1} + b_l), y_t = V [h^1_t; h^2_t] + c",
       .parameters = "H*(I + H + 2) + H*(I + 2*H + 2) + O*(2*H + 1)",
       .options =
           "layers, cell, hidden, layers, direction, h0, bias, init, recurrent_init, pool, dropout",
       .source = "Graves: Generating Sequences With Recurrent Neural Networks (2013)"},
      {.name = "residual-rnn",
       .summary = "three vanilla layers, each adding to what it reads",
       .settings =
           {{"cell", "elman"}, {"activation", "tanh"}, {"layers", "3"}, {"residual", "true"}},
       .equation = "h^l_t = h^{l-1}_t + tanh(W_l h^{l-1}_t + U_l s^l_{t-1} + b_l) for l > 1",
       .parameters = "H*(I + H + 2) + 2*H*(2*H + 2) + O*(H + 1)",
       .options = "layers, layer_norm, cell, hidden, layers, direction, h0, bias, init, "
                  "recurrent_init, pool, dropout",
       .source = "He et al.: Deep Residual Learning (2016); Wu et al.: Google's Neural Machine "
                 "Translation System (2016)"},
  };
}

}  // namespace rnnlab
