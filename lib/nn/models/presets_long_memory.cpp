#include "nn/models/presets.hpp"

namespace rnnlab {

std::vector<ModelPreset> long_memory_presets() {
  return {
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
      {.name = "mingru",
       .summary = "a GRU whose gate and candidate see the input alone",
       .settings = {{"cell", "mingru"}, {"activation", "tanh"}},
       .equation = "h_t = (1 - z) h_{t-1} + z (W_h x_t + b_h), z = sigmoid(W_z x_t + b_z)",
       .parameters = "2*H*(I + 1) + O*(H + 1)",
       .options = "forget_bias (of 1 - z), hidden, layers, residual, depth, direction, h0, bias, "
                  "init, pool, dropout",
       .source = "Feng et al.: Were RNNs All We Needed? (2024)"},
  };
}

}  // namespace rnnlab
