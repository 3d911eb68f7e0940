#include "nn/models/presets.hpp"

namespace rnnlab {

std::vector<ModelPreset> others_presets() {
  return {
      {.name = "transformer",
       .summary = "a transformer encoder of two blocks; causal where every step has a target",
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
       .summary =
           "a GRU encoder whose last state, transformed, is the decoder's start and, transformed "
           "again, an input of every step",
       .settings =
           {{"cell", "gru"}, {"activation", "tanh"}, {"bridge", "transform"}, {"context", "both"}},
       .equation = "s_-1 = tanh(W encoder(x)_last + b), c = tanh(V encoder(x)_last + d), s_t = "
                   "gru(s_{t-1}, [y_{t-1}; c])",
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
}

}  // namespace rnnlab
