#include "nn/models/models.hpp"

namespace rnnlab {

const std::vector<ModelPreset>& model_presets() {
  static const std::vector<ModelPreset> list{
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
      {.name = "exprnn",
       .summary = "an orthogonal recurrent matrix by the exponential map, modReLU",
       .settings = {{"cell", "elman"},
                    {"activation", "modrelu"},
                    {"recurrent_map", "exp"},
                    {"recurrent_init", "henaff"}},
       .equation = "h_t = modReLU(W x_t + e^(A - A^T) h_{t-1} + b), modReLU(a) = sign(a) max(|a| + "
                   "c, 0)",
       .parameters = "H*(I + H + 2) + H + O*(H + 1)",
       .options = "recurrent_init (henaff, helfrich), activation, hidden, layers, direction, h0, "
                  "bias, init, pool, dropout",
       .source = "Lezcano-Casado, Martinez-Rubio: Cheap Orthogonal Constraints in Neural Networks "
                 "(2019)"},
      {.name = "scornn",
       .summary = "an orthogonal recurrent matrix by the scaled Cayley transform, modReLU",
       .settings = {{"cell", "elman"},
                    {"activation", "modrelu"},
                    {"recurrent_map", "cayley"},
                    {"negative_ones", "0.5"},
                    {"recurrent_init", "helfrich"}},
       .equation = "h_t = modReLU(W x_t + (I + S)^-1 (I - S) D h_{t-1} + b), S = A - A^T",
       .parameters = "H*(I + H + 2) + H + O*(H + 1)",
       .options = "negative_ones (of D), recurrent_init (henaff, helfrich), activation, hidden, "
                  "layers, direction, h0, bias, init, pool, dropout",
       .source = "Helfrich, Willmott, Ye: Orthogonal Recurrent Neural Networks with Scaled Cayley "
                 "Transform (2018)"},
      {.name = "lru",
       .summary = "linear recurrent unit, complex and diagonal, under a dense tanh layer",
       .settings = {{"cell", "lru"}, {"activation", "tanh"}, {"depth", "deep-output"}},
       .equation = "x_t = Lambda x_{t-1} + gamma B u_t, h_t = Re(C x_t) + D u_t, Lambda = "
                   "exp(-e^nu + i e^theta), y_t = W_2 tanh(W_1 h_t + b_1) + b_2",
       .parameters = "3*H + 2*H*I + 2*H*H + H*I + H*(H + 1) + O*(H + 1)",
       .options = "r_min, r_max, max_phase, depth (deep-output, deep-input), hidden, layers, "
                  "residual, layer_norm, direction, h0, pool, dropout",
       .source = "Orvieto et al.: Resurrecting Recurrent Neural Networks for Long Sequences "
                 "(2023)"},
      {.name = "mrnn",
       .summary = "a vanilla layer beside a memory of fractionally differenced inputs",
       .settings = {{"cell", "mrnn"}, {"activation", "tanh"}},
       .equation = "m_t = tanh(W F(x; d_t) + U m_{t-1} + b), F = sum_{j=1..K} w_j(d) x_{t+1-j}, "
                   "h_t = tanh(W x_t + U h_{t-1} + b), d_t = sigmoid(x_t, h_{t-1}, m_{t-1}, "
                   "d_{t-1}) / 2",
       .parameters = "H*(I + H + 2) + H*(I + H + 1) + I*(2*I + 2*H + 1) + O*(2*H + 1)",
       .options = "memory_lags (K), activation, hidden, layers, direction, h0, bias, init, "
                  "recurrent_init, pool, dropout",
       .source = "Zhao et al.: Do RNN and LSTM have Long Memory? (2020)"},
      {.name = "mrnnf",
       .summary = "mrnn with a trained constant d",
       .settings = {{"cell", "mrnnf"}, {"activation", "tanh"}},
       .equation = "as mrnn, d = sigmoid(p) / 2",
       .parameters = "H*(I + H + 2) + H*(I + H + 1) + I + O*(2*H + 1)",
       .options = "memory_lags (K), activation, hidden, layers, direction, h0, bias, init, "
                  "recurrent_init, pool, dropout",
       .source = "Zhao et al.: Do RNN and LSTM have Long Memory? (2020)"},
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
      {.name = "lstm",
       .summary = "long short-term memory, forget bias 1",
       .settings = {{"cell", "lstm"}, {"activation", "tanh"}, {"forget_bias", "1"}},
       .equation = "i, f, o = sigmoid(W x_t + U h_{t-1} + b), g = tanh(...), c_t = f c_{t-1} + i "
                   "g, h_t = o tanh(c_t)",
       .parameters = "4*H*(I + H + 2) + O*(H + 1)",
       .options = "forget_bias, cell, hidden, layers, direction, h0, bias, init, recurrent_init, "
                  "pool, dropout",
       .source = "Hochreiter, Schmidhuber: Long Short-Term Memory (1997); Gers, Schmidhuber, "
                 "Cummins: Learning to Forget (2000)"},
      {.name = "lstm-peephole",
       .summary = "LSTM whose gates see the cell through diagonal weights",
       .settings = {{"cell", "lstm-peephole"}, {"activation", "tanh"}, {"forget_bias", "1"}},
       .equation = "as lstm, i, f of ... + p c_{t-1}, o of ... + p c_t",
       .parameters = "4*H*(I + H + 2) + 3*H + O*(H + 1)",
       .options = "forget_bias, cell, hidden, layers, direction, h0, bias, init, recurrent_init, "
                  "pool, dropout",
       .source = "Gers, Schmidhuber: Recurrent Nets that Time and Count (2000)"},
      {.name = "lstm-coupled",
       .summary = "LSTM whose input gate is what the forget gate leaves",
       .settings = {{"cell", "lstm-coupled"}, {"activation", "tanh"}, {"forget_bias", "1"}},
       .equation = "as lstm, i = 1 - f",
       .parameters = "3*H*(I + H + 2) + O*(H + 1)",
       .options = "forget_bias, cell, hidden, layers, direction, h0, bias, init, recurrent_init, "
                  "pool, dropout",
       .source = "Greff et al.: LSTM: A Search Space Odyssey (2017)"},
      {.name = "lstm-full-output",
       .summary = "LSTM whose output gate sees the cells through a full matrix",
       .settings = {{"cell", "lstm-full-output"}, {"activation", "tanh"}, {"forget_bias", "1"}},
       .equation = "as lstm, o = sigmoid(W x_t + U h_{t-1} + V c_t + b)",
       .parameters = "4*H*(I + H + 2) + H*H + O*(H + 1)",
       .options = "forget_bias, cell, hidden, layers, direction, h0, bias, init, recurrent_init, "
                  "pool, dropout",
       .source = "the baseline of Arjovsky, Shah, Bengio: Unitary Evolution Recurrent Neural "
                 "Networks (2016)"},
      {.name = "lstm-layer-norm",
       .summary = "LSTM with layer normalisation inside",
       .settings = {{"cell", "lstm-layer-norm"}, {"activation", "tanh"}, {"forget_bias", "1"}},
       .equation = "as lstm, gates of LN(W x_t) + LN(U h_{t-1}) + b, h_t = o tanh(LN(c_t))",
       .parameters = "4*H*(I + H) + 22*H + O*(H + 1)",
       .options = "forget_bias, cell, hidden, layers, direction, h0, bias, init, recurrent_init, "
                  "pool, dropout",
       .source = "Ba, Kiros, Hinton: Layer Normalization (2016)"},
      {.name = "lstm-chrono",
       .summary = "LSTM whose gates start at time scales up to a hundred steps",
       .settings = {{"cell", "lstm"}, {"activation", "tanh"}, {"chrono", "100"}},
       .equation = "as lstm, b_f = ln U(1, T - 1), b_i = -b_f at first",
       .parameters = "4*H*(I + H + 2) + O*(H + 1)",
       .options = "chrono (T), cell, hidden, layers, direction, h0, bias, init, recurrent_init, "
                  "pool, dropout",
       .source = "Tallec, Ollivier: Can Recurrent Neural Networks Warp Time? (2018)"},
      {.name = "lstm-1997",
       .summary = "the first LSTM: memory blocks, no forget gate, truncated gradient",
       .settings = {{"cell", "lstm-1997"}, {"activation", "tanh"}, {"truncated_gradient", "true"}},
       .equation = "c_t = c_{t-1} + i g(a), h_t = o h(c_t), g = 4 sigmoid - 2, h = 2 sigmoid - 1; "
                   "gates feed back as cells do",
       .parameters = "3*H*(I + 3*H + 1) + O*(H + 1)",
       .options = "block, truncated_gradient, input_gate_bias, output_gate_bias, hidden",
       .source = "Hochreiter, Schmidhuber: Long Short-Term Memory (1997)"},
      {.name = "slstm",
       .summary = "LSTM with an exponential input gate and a normalised cell",
       .settings = {{"cell", "slstm"}, {"activation", "tanh"}, {"forget_bias", "1"}},
       .equation = "c_t = f c_{t-1} + i tanh(a), n_t = f n_{t-1} + i, h_t = o c_t / n_t, i = "
                   "exp(a), f, o = sigmoid(a)",
       .parameters = "4*H*(I + H + 2) + O*(H + 1)",
       .options =
           "forget_bias, cell (slstm-exp-forget), hidden, layers, direction, h0, bias, init, "
           "recurrent_init, pool, dropout",
       .source = "Beck et al.: xLSTM: Extended Long Short-Term Memory (2024)"},
      {.name = "mlstm",
       .summary = "LSTM whose cell is fractionally differenced: it fades by a power of the lag",
       .settings = {{"cell", "mlstm"}, {"activation", "tanh"}},
       .equation = "c_t = -sum_{j=1..K} w_j(d_t) c_{t-j} + i tanh(a), h_t = o tanh(c_t), d_t = "
                   "sigmoid(x_t, h_{t-1}, d_{t-1}) / 2",
       .parameters = "4*H*(I + H + 2) + H*H + O*(H + 1)",
       .options = "memory_lags (K), forget_bias (of d), hidden, layers, direction, h0, bias, init, "
                  "recurrent_init, pool, dropout",
       .source = "Zhao et al.: Do RNN and LSTM have Long Memory? (2020)"},
      {.name = "mlstmf",
       .summary = "mlstm with a trained constant d",
       .settings = {{"cell", "mlstmf"}, {"activation", "tanh"}},
       .equation = "as mlstm, d = sigmoid(p) / 2",
       .parameters = "3*H*(I + H + 2) + H + O*(H + 1)",
       .options = "memory_lags (K), hidden, layers, direction, h0, bias, init, recurrent_init, "
                  "pool, dropout",
       .source = "Zhao et al.: Do RNN and LSTM have Long Memory? (2020)"},
      {.name = "bi-lstm",
       .summary = "an LSTM layer in each direction",
       .settings = {{"cell", "lstm"},
                    {"activation", "tanh"},
                    {"forget_bias", "1"},
                    {"direction", "bidirectional"}},
       .equation = "h_t = [LSTM(x_1 ... x_t); LSTM'(x_T ... x_t)]",
       .parameters = "8*H*(I + H + 2) + O*(2*H + 1)",
       .options = "merge, forget_bias, cell, hidden, layers, direction, h0, bias, init, "
                  "recurrent_init, pool, dropout",
       .source =
           "Graves, Schmidhuber: Framewise Phoneme Classification with Bidirectional LSTM (2005)"},
      {.name = "deep-lstm",
       .summary = "two LSTM layers, one on the other",
       .settings =
           {{"cell", "lstm"}, {"activation", "tanh"}, {"layers", "2"}, {"forget_bias", "1"}},
       .equation = "h^l = LSTM_l(h^{l-1}), h^0 = x",
       .parameters = "4*H*(I + H + 2) + 4*H*(2*H + 2) + O*(H + 1)",
       .options = "layers, residual, layer_norm, forget_bias, cell, hidden, layers, direction, h0, "
                  "bias, init, recurrent_init, pool, dropout",
       .source = "Graves, Mohamed, Hinton: Speech Recognition with Deep Recurrent Neural Networks "
                 "(2013)"},
      {.name = "gru",
       .summary = "gated recurrent unit, reset after the product",
       .settings = {{"cell", "gru"}, {"activation", "tanh"}},
       .equation = "r, z = sigmoid(W x_t + U h_{t-1} + b), n = tanh(W x_t + r (U h_{t-1} + b)), "
                   "h_t = (1 - z) n + z h_{t-1}",
       .parameters = "3*H*(I + H + 2) + O*(H + 1)",
       .options = "forget_bias (of z), cell, hidden, layers, direction, h0, bias, init, "
                  "recurrent_init, pool, dropout",
       .source = "Cho et al.: Learning Phrase Representations using RNN Encoder-Decoder (2014), in "
                 "the form that cuDNN computes"},
      {.name = "gru-original",
       .summary = "gated recurrent unit, reset before the product",
       .settings = {{"cell", "gru-original"}, {"activation", "tanh"}},
       .equation = "r, z = sigmoid(W x_t + U h_{t-1} + b), n = tanh(W x_t + U (r h_{t-1}) + b), "
                   "h_t = (1 - z) n + z h_{t-1}",
       .parameters = "3*H*(I + H + 2) + O*(H + 1)",
       .options = "cell, hidden, layers, direction, h0, bias, init, recurrent_init, pool, dropout",
       .source = "Cho et al.: Learning Phrase Representations using RNN Encoder-Decoder (2014)"},
      {.name = "mingru",
       .summary = "a GRU whose gate and candidate see the input alone",
       .settings = {{"cell", "mingru"}, {"activation", "tanh"}},
       .equation = "h_t = (1 - z) h_{t-1} + z (W_h x_t + b_h), z = sigmoid(W_z x_t + b_z)",
       .parameters = "2*H*(I + 1) + O*(H + 1)",
       .options = "forget_bias (of 1 - z), hidden, layers, residual, depth, direction, h0, bias, "
                  "init, pool, dropout",
       .source = "Feng et al.: Were RNNs All We Needed? (2024)"},
      {.name = "bi-gru",
       .summary = "a GRU layer in each direction",
       .settings = {{"cell", "gru"}, {"activation", "tanh"}, {"direction", "bidirectional"}},
       .equation = "h_t = [GRU(x_1 ... x_t); GRU'(x_T ... x_t)]",
       .parameters = "6*H*(I + H + 2) + O*(2*H + 1)",
       .options =
           "merge, cell, hidden, layers, direction, h0, bias, init, recurrent_init, pool, dropout",
       .source = "Cho et al.: Learning Phrase Representations using RNN Encoder-Decoder (2014), in "
                 "the form that cuDNN computes"},
      {.name = "deep-gru",
       .summary = "two GRU layers, one on the other",
       .settings = {{"cell", "gru"}, {"activation", "tanh"}, {"layers", "2"}},
       .equation = "h^l = GRU_l(h^{l-1}), h^0 = x",
       .parameters = "3*H*(I + H + 2) + 3*H*(2*H + 2) + O*(H + 1)",
       .options = "layers, residual, layer_norm, cell, hidden, layers, direction, h0, bias, init, "
                  "recurrent_init, pool, dropout",
       .source = "Cho et al.: Learning Phrase Representations using RNN Encoder-Decoder (2014), in "
                 "the form that cuDNN computes"},
      {.name = "transformer",
       .summary = "a transformer encoder of two blocks; causal where every step is predicted",
       .settings = {{"architecture", "transformer"}, {"activation", "relu"}, {"layers", "2"}},
       .equation = "x = LN(x + attention(x)), x = LN(x + W_2 max(0, W_1 x + b_1) + b_2) per block, "
                   "on W x_t + b + p_t",
       .parameters = "H*(I + 1) + 2*(4*H*(H + 1) + 4*H*(H + 1) + H*(4*H + 1) + 4*H) + O*(H + 1)",
       .options = "heads, feed_forward, causal, positions, max_positions, norm_first, activation, "
                  "hidden, layers, pool, dropout",
       .source = "Vaswani et al.: Attention Is All You Need (2017)"},
      {.name = "tcn",
       .summary = "four residual blocks of causal convolutions, dilated 1, 2, 4 and 8 times",
       .settings = {{"architecture", "tcn"}, {"activation", "relu"}, {"layers", "4"}},
       .equation = "x = max(0, x + max(0, conv_2(max(0, conv_1(x))))) per block l, conv(x)_t = "
                   "sum_k W_k x_{t - k 2^l} + b, k < kernel",
       .parameters = "H*(7*I + 1) + H*(7*H + 1) + H*(I + 1) + 6*H*(7*H + 1) + O*(H + 1)",
       .options = "kernel, layers, activation, hidden, pool, dropout",
       .source = "Bai, Kolter, Koltun: An Empirical Evaluation of Generic Convolutional and "
                 "Recurrent Networks for Sequence Modeling (2018)"},
      {.name = "md-rnn",
       .summary = "recurrent in both dimensions of an image, from all four corners",
       .settings = {{"architecture", "md"},
                    {"cell", "elman"},
                    {"activation", "tanh"},
                    {"direction", "bidirectional"}},
       .equation = "h_ij = tanh(W x_ij + U h_i,j-1 + V h_i-1,j + b) per corner, their states side "
                   "by side",
       .parameters = "4*H*(I + 2*H + 1) + O*(4*H + 1)",
       .options = "direction, merge, activation, hidden, layers, pool, recurrent_init, dropout",
       .source = "Graves, Fernandez, Schmidhuber: Multi-Dimensional Recurrent Neural Networks "
                 "(2007)"},
      {.name = "md-lstm",
       .summary = "LSTM in both dimensions of an image, from all four corners",
       .settings = {{"architecture", "md"},
                    {"cell", "lstm"},
                    {"activation", "tanh"},
                    {"direction", "bidirectional"},
                    {"forget_bias", "1"}},
       .equation = "c_ij = f c_i,j-1 + f' c_i-1,j + i g, h_ij = o tanh(c_ij) per corner, gates of "
                   "W x_ij + U h_i,j-1 + V h_i-1,j + b",
       .parameters = "20*H*(I + 2*H + 1) + O*(4*H + 1)",
       .options = "direction, merge, forget_bias, hidden, layers, pool, recurrent_init, dropout",
       .source = "Graves, Fernandez, Schmidhuber: Multi-Dimensional Recurrent Neural Networks "
                 "(2007), without peepholes"},
      {.name = "renet",
       .summary = "GRUs both ways along an image's rows, then along its columns",
       .settings = {{"architecture", "renet"}, {"cell", "gru"}, {"activation", "tanh"}},
       .equation = "r_ij = [GRU(x_i1 ... x_ij); GRU'(x_iC ... x_ij)], h_ij = [GRU(r_1j ... r_ij); "
                   "GRU'(r_Rj ... r_ij)]",
       .parameters = "6*H*(I + H + 2) + 6*H*(3*H + 2) + O*(2*H + 1)",
       .options = "patch, cell, merge, hidden, layers, h0, pool, recurrent_init, dropout",
       .source = "Visin et al.: ReNet: A Recurrent Neural Network Based Alternative to "
                 "Convolutional Networks (2015)"},
      {.name = "grid-lstm",
       .summary = "LSTMs along an image's rows, columns and two layers of depth",
       .settings = {{"architecture", "grid"},
                    {"activation", "tanh"},
                    {"layers", "2"},
                    {"forget_bias", "1"}},
       .equation = "(h', m')^n = LSTM_n([h^row; h^column; h^depth], m^n), n = row, column, depth",
       .parameters = "2*H*(I + 1) + 24*H*(3*H + 1) + O*(H + 1)",
       .options = "forget_bias, hidden, layers, pool, recurrent_init, dropout",
       .source = "Kalchbrenner, Danihelka, Graves: Grid Long Short-Term Memory (2015)"},
      {.name = "transformer-seq2seq",
       .summary = "a transformer of two encoder and two decoder blocks, from sequence to sequence",
       .settings = {{"architecture", "transformer"},
                    {"activation", "relu"},
                    {"layers", "2"},
                    {"attention", "multi-head"}},
       .equation = "m = encoder(x); z = LN(z + attention(z)), z = LN(z + attention(z, m)), z = "
                   "LN(z + W_2 max(0, W_1 z + b_1) + b_2) per block, on W y_{t-1} + b + p_t; "
                   "P(y_t) = softmax(V z_t + c)",
       .parameters = "H*(I + 1) + 2*(4*H*(H + 1) + 4*H*(H + 1) + H*(4*H + 1) + 4*H) + H*(O + 1) + "
                     "2*(8*H*(H + 1) + 4*H*(H + 1) + H*(4*H + 1) + 6*H) + O*(H + 1)",
       .options = "heads, feed_forward, causal (of the encoder), positions, max_positions, "
                  "norm_first, activation, hidden, layers, embedding, dropout",
       .source = "Vaswani et al.: Attention Is All You Need (2017)"},
      {.name = "seq2seq",
       .summary = "an LSTM encoder whose last state an LSTM decoder starts from",
       .settings =
           {{"cell", "lstm"}, {"activation", "tanh"}, {"forget_bias", "1"}, {"bridge", "last"}},
       .equation = "s_-1 = encoder(x)_last, s_t = lstm(s_{t-1}, y_{t-1}), P(y_t) = softmax(V s_t + "
                   "c)",
       .parameters = "4*H*(I + H + 2) + 4*H*(O + H + 2) + O*(H + 1)",
       .options = "bridge, context, direction (reverse: the source read from its end), cell, "
                  "hidden, layers, embedding, dropout",
       .source = "Sutskever, Vinyals, Le: Sequence to Sequence Learning with Neural Networks "
                 "(2014)"},
      {.name = "seq2seq-context",
       .summary = "a GRU encoder whose transformed last state is the decoder's start and an input "
                  "of every step",
       .settings =
           {{"cell", "gru"}, {"activation", "tanh"}, {"bridge", "transform"}, {"context", "both"}},
       .equation = "c = tanh(W encoder(x)_last + b), s_t = gru(s_{t-1}, [y_{t-1}; c])",
       .parameters = "3*H*(I + H + 2) + 3*H*(O + H + H + 2) + 2*H*(H + 1) + O*(H + 1)",
       .options = "bridge, context, direction, cell, hidden, layers, embedding, dropout",
       .source = "Cho et al.: Learning Phrase Representations using RNN Encoder-Decoder (2014)"},
      {.name = "seq2seq-attention",
       .summary = "a bidirectional GRU encoder and a GRU decoder with additive attention",
       .settings = {{"cell", "gru"},
                    {"activation", "tanh"},
                    {"direction", "bidirectional"},
                    {"bridge", "transform"},
                    {"attention", "additive"}},
       .equation = "e_s = v tanh(W s_{t-1} + U h_s + b), a_t = sum_s softmax(e)_s h_s, s_t = "
                   "gru(s_{t-1}, [y_{t-1}; a_t]), P(y_t) = softmax(V [s_t; a_t] + c)",
       .parameters = "2*3*H*(I + H + 2) + H*(2*H + 1) + 3*H*(O + 2*H + H + 2) + 2*H*H + H*(H + 1) "
                     "+ H + O*(3*H + 1)",
       .options = "attention, attention_at, bridge, context, input_feeding, direction, cell, "
                  "hidden, layers, embedding, dropout",
       .source = "Bahdanau, Cho, Bengio: Neural Machine Translation by Jointly Learning to Align "
                 "and Translate (2015)"},
      {.name = "seq2seq-luong",
       .summary = "an LSTM encoder and decoder with general attention after the step, fed back",
       .settings = {{"cell", "lstm"},
                    {"activation", "tanh"},
                    {"forget_bias", "1"},
                    {"bridge", "last"},
                    {"attention", "general"},
                    {"attention_at", "after"},
                    {"input_feeding", "true"}},
       .equation = "s_t = lstm(s_{t-1}, [y_{t-1}; g_{t-1}]), e_s = s_t W h_s, a_t = sum_s "
                   "softmax(e)_s h_s, g_t = tanh(C [a_t; s_t]), P(y_t) = softmax(V g_t + c)",
       .parameters = "4*H*(I + H + 2) + H*H + 4*H*(O + H + H + 2) + H*(H + H) + O*(H + 1)",
       .options = "attention, attention_at, attention_window, input_feeding, bridge, direction, "
                  "cell, hidden, layers, embedding, dropout",
       .source = "Luong, Pham, Manning: Effective Approaches to Attention-based Neural Machine "
                 "Translation (2015)"},
  };
  return list;
}

}  // namespace rnnlab
