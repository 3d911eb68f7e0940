#include "nn/models/presets.hpp"

namespace rnnlab {

std::vector<ModelPreset> gated_presets() {
  return {
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
  };
}

}  // namespace rnnlab
