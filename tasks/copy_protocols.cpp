#include "copy_protocols.hpp"

#include "settings.hpp"

namespace rnnlab {
namespace {

/// Ten symbols of eight, a marker once.
Settings ten_symbols(const char* input, const char* answer, const char* delay,
                     const char* min_delay, const char* train, const char* test) {
  return {
      {"task.delay", delay},          {"task.min_delay", min_delay},  {"task.test_delay", "0"},
      {"task.test_min_delay", "0"},   {"task.symbols", "10"},         {"task.alphabet", "8"},
      {"task.input", input},          {"task.marker", "once"},        {"task.answer", answer},
      {"task.marker_class", "false"}, {"task.train_examples", train}, {"task.valid_examples", test},
      {"task.test_examples", test}};
}

/// What all of them share besides: one layer, the mean over steps, no clipping by norm.
Settings one_layer(const char* clip_value) {
  return joined({clipping(clip_value, "0"), {{"train.reduction", "mean"}, {"model.layers", "1"}}});
}

Protocol arjovsky2016() {
  return {.name = "arjovsky2016",
          .source =
              "Arjovsky, Shah, Bengio: Unitary Evolution Recurrent Neural Networks (ICML 2016), "
              "section 5.1 and its published code; task.delay is its T: 100, 200, 300, 500",
          .settings = joined({ten_symbols("one-hot", "after", "100", "0", "100000", "10000"),
                              rmsprop("0.001", "0.9", "1e-08", "none", "0.001"),
                              one_layer("1"),
                              {{"train.steps", "50000"},
                               {"train.batch", "20"},
                               {"train.eval_every", "50"},
                               {"model.init", "glorot"},
                               {"model.recurrent_init", "glorot"},
                               {"model.init_fan", "gate"}}}),
          .per_model = {{"vanilla", {{"model.hidden", "80"}}},
                        {"lstm", {{"model.hidden", "40"}, {"model.forget_bias", "1"}}},
                        {"irnn",
                         {{"model.hidden", "80"},
                          {"model.recurrent_init", "identity"},
                          {"model.spectral_radius", "1"}}}},
          .deviates = {
              "the result is that of the last parameters on a test set of its own; the published "
              "code reports the best test value of the run",
              "h_0 and c_0 are zero (published: learned); lstm: the output gate does not see the "
              "cell through a full matrix",
              "two biases per gate, both trained (published: one)",
              "each epoch is a fresh permutation of the training set; the published code "
              "reshuffles at every step or never",
              "models that are not in the paper (gru) get this optimizer and our default size"}};
}

Protocol bai2018() {
  return {.name = "bai2018",
          .source =
              "Bai, Kolter, Koltun: An Empirical Evaluation of Generic Convolutional and Recurrent "
              "Networks for Sequence Modeling (2018), section 4 and its published code; task.delay "
              "is its T: 500, 1000, 2000",
          .settings = joined({{{"task.delay", "1000"},
                               {"task.min_delay", "0"},
                               {"task.test_delay", "0"},
                               {"task.test_min_delay", "0"},
                               {"task.symbols", "10"},
                               {"task.alphabet", "8"},
                               {"task.input", "scalar"},
                               {"task.marker", "held"},
                               {"task.answer", "after"},
                               {"task.marker_class", "true"}},
                              split_sizes("10000", "1000", "1000"),
                              rmsprop("0.0005", "0.99", "1e-08", "outside", "0"),
                              one_layer("0"),
                              {{"train.steps", "15625"},
                               {"train.batch", "32"},
                               {"train.eval_every", "313"},
                               {"model.init", "uniform"},
                               {"model.recurrent_init", "uniform"}}}),
          .per_model = {{"lstm", {{"model.hidden", "50"}, {"model.forget_bias", "0"}}},
                        {"gru", {{"model.hidden", "70"}}},
                        {"vanilla", {{"model.hidden", "120"}}}},
          .deviates = {
              "the published code has no recurrent baselines: optimizer and rate are those of its "
              "convolutional network; gru and vanilla have the width that gives the stated 16 "
              "thousand parameters",
              "no clipping: the published code clips by norm 1 before the backward pass, which "
              "does nothing",
              "the result is that of the last parameters; the paper's may be a mean over the last "
              "epochs",
              "biases start at 0 (published: uniform, as the weights)",
              "each epoch is a fresh permutation of the training set, batches go across its end "
              "(published: always in the same order, the last batch of an epoch half as large)"}};
}

Protocol wisdom2016() {
  return {
      .name = "wisdom2016",
      .source =
          "Wisdom, Powers, Hershey, Le Roux, Atlas: Full-Capacity Unitary Recurrent Neural "
          "Networks (NIPS 2016), its published code and script; task.delay: 1000, 2000",
      .settings = joined({ten_symbols("one-hot", "after", "1000", "0", "100000", "10000"),
                          rmsprop("0.001", "0.9", "1e-08", "none", "0.001"),
                          one_layer("1"),
                          {{"train.steps", "10000"},
                           {"train.batch", "20"},
                           {"train.eval_every", "50"},
                           {"model.init", "glorot"},
                           {"model.recurrent_init", "glorot"},
                           {"model.init_fan", "gate"}}}),
      .per_model =
          {{"lstm", {{"model.hidden", "68"}, {"model.forget_bias", "1"}, {"model.h0", "learned"}}}},
      .deviates = {
          "the paper's own networks, unitary ones of 128 and 470 complex units, are not offered",
          "lstm: the output gate does not see the cell through a full matrix, and there are two "
          "biases per gate, both trained (published: one)",
          "the result is that of the last parameters on a test set of its own; the published code "
          "reports the best test value of the run",
          "each epoch is a fresh permutation of the training set (published: reshuffled at every "
          "step or never)"}};
}

Protocol helfrich2018() {
  return {
      .name = "helfrich2018",
      .source =
          "Helfrich, Willmott, Ye: Orthogonal Recurrent Neural Networks with Scaled Cayley "
          "Transform (ICML 2018) and its published code; task.delay: 1000, 2000",
      .settings =
          joined({ten_symbols("one-hot", "after", "1000", "0", "20000", "1000"),
                  rmsprop("0.001", "0.9", "1e-10", "inside", "1"),
                  one_layer("0"),
                  {{"train.steps", "10000"}, {"train.batch", "20"}, {"train.eval_every", "50"}}}),
      // Uniform on [-0.01, 0.01] has the standard deviation 0.0057735 = input_gain/sqrt(10).
      .per_model = {{"scornn",
                     {{"model.hidden", "190"},
                      {"model.activation", "modrelu"},
                      {"model.recurrent_map", "cayley"},
                      {"model.negative_ones", "0.5"},
                      {"model.recurrent_init", "helfrich"},
                      {"model.init", "normal"},
                      {"model.input_gain", "0.0182574186"}}},
                    {"lstm",
                     {{"model.hidden", "68"},
                      {"model.forget_bias", "1"},
                      {"model.init", "glorot"},
                      {"model.recurrent_init", "glorot"},
                      {"model.init_fan", "fused"}}}},
      .deviates = {
          "scornn: one rate, 0.001 (published: 0.0001 for the skew-symmetric matrix)",
          "scornn: input weights are normal (published: uniform, of the same standard deviation), "
          "and there are PyTorch's two biases besides modReLU's (published: modReLU's alone)",
          "lstm: input and recurrent matrices are drawn apart, and there are two biases per gate, "
          "both trained (published: one matrix, one bias)",
          "the published code leaves the LSTM's width to its caller: here 68, which has as many "
          "parameters as scornn's 22 thousand trained ones",
          "the result is that of the last parameters; the published code plots the test loss",
          "each epoch is a fresh permutation of the training set (published: always in the same "
          "order)"}};
}

Protocol lezcano2019() {
  return {
      .name = "lezcano2019",
      .source =
          "Lezcano-Casado, Martinez-Rubio: Cheap Orthogonal Constraints in Neural Networks (ICML "
          "2019) and its published code, mode exprnn; task.delay is its L",
      .settings = joined({ten_symbols("one-hot", "at", "1000", "0", "0", "128"),
                          rmsprop("0.0002", "0.99", "1e-08", "outside", "0"),
                          one_layer("0"),
                          {{"train.steps", "4000"},
                           {"train.batch", "128"},
                           {"train.eval_every", "100"},
                           {"model.hidden", "190"}}}),
      // Kaiming's: standard deviation sqrt(2/fan in).
      .per_model = {{"exprnn",
                     {{"model.activation", "modrelu"},
                      {"model.recurrent_map", "exp"},
                      {"model.recurrent_init", "henaff"},
                      {"model.init", "normal"},
                      {"model.input_gain", "1.4142135624"}}},
                    {"lstm",
                     {{"model.forget_bias", "0"},
                      {"model.init", "uniform"},
                      {"model.recurrent_init", "uniform"}}}},
      .deviates = {
          "exprnn: one rate, 0.0002 (published: 0.00002 for the skew-symmetric matrix)",
          "exprnn: output weights are Glorot's (published: normal, standard deviation "
          "sqrt(2/190)), modReLU's biases start at 0 (published: uniform on [-0.01, 0.01]), and "
          "there are PyTorch's two biases besides (published: none)",
          "lstm: biases start at 0 (published: uniform, as the weights)",
          "every step draws new examples, as the published code does, which makes them all "
          "beforehand"}};
}

Protocol kerg2019() {
  return {
      .name = "kerg2019",
      .source =
          "Kerg et al.: Non-normal Recurrent Neural Network (NeurIPS 2019), its published code and "
          "the table of its README, T = 200",
      .settings = joined({ten_symbols("scalar", "after", "200", "0", "0", "1000"),
                          rmsprop("0.001", "0.99", "1e-08", "outside", "0"),
                          one_layer("0"),
                          {{"train.steps", "1500"},
                           {"train.batch", "10"},
                           {"train.eval_every", "50"},
                           {"model.hidden", "128"}}}),
      // Glorot's normal: standard deviation sqrt(2/129) of the one input, 1/sqrt(128) of the state.
      .per_model = {{"vanilla",
                     {{"train.decay", "0.9"},
                      {"model.activation", "modrelu"},
                      {"model.init", "normal"},
                      {"model.input_gain", "0.1245145"},
                      {"model.recurrent_init", "normal"},
                      {"model.spectral_radius", "1"}}},
                    {"exprnn",
                     {{"model.activation", "modrelu"},
                      {"model.recurrent_map", "exp"},
                      {"model.recurrent_init", "henaff"},
                      {"model.init", "normal"},
                      {"model.input_gain", "0.1245145"}}}},
      .deviates = {
          "the paper's own network, nnRNN, is not offered",
          "one scalar input and the nonlinearity modReLU, the published code's defaults (it also "
          "has one-hot inputs and tanh; the README does not say)",
          "exprnn: one rate, 0.001 (published: 0.0001 for the skew-symmetric matrix)",
          "output weights are Glorot's uniform ones (published: his normal ones), all biases start "
          "at 0 (published: PyTorch's and modReLU's uniform ones), and there are two besides "
          "modReLU's (published: one; exprnn: none)",
          "the number of steps is that of the published code, which shows its training loss"}};
}

Protocol tallec(const char* name, const char* what, const char* delay, const char* min_delay,
                const char* chrono, const char* steps, const char* lengths) {
  return {.name = name,
          .source =
              std::string("Tallec, Ollivier: Can Recurrent Neural Networks Warp Time? (ICLR 2018), "
                          "section 3, ") +
              what,
          .settings = joined({ten_symbols("one-hot", "after", delay, min_delay, "0", "1000"),
                              rmsprop("0.001", "0.9", "1e-08", "outside", "0"),
                              one_layer("0"),
                              {{"train.steps", steps},
                               {"train.batch", "32"},
                               {"train.eval_every", "500"},
                               {"model.hidden", "128"},
                               {"model.init", "glorot"},
                               {"model.recurrent_init", "glorot"},
                               {"model.init_fan", "gate"}}}),
          .per_model = {{"lstm", {{"model.forget_bias", "1"}, {"model.chrono", "0"}}},
                        {"lstm-chrono", {{"model.forget_bias", "0"}, {"model.chrono", chrono}}}},
          .deviates = {lengths,
                       "batch 32, that of the paper's other experiment, new examples at every step "
                       "and rmsprop's 1e-08 outside the root; the paper does not give them",
                       "Glorot's initial weights; the paper does not give them",
                       "as many steps as its figure shows"}};
}

}  // namespace

std::vector<Protocol> copy_protocols() {
  return {
      arjovsky2016(),
      bai2018(),
      helfrich2018(),
      kerg2019(),
      lezcano2019(),
      tallec("tallec2018", "copy; task.delay is its T: 500, 2000", "500", "0", "750", "60000",
             "model.chrono of lstm-chrono is 3T/2, and has to follow task.delay"),
      tallec("tallec2018-variable",
             "variable copy; 1 to T blanks before the marker, task.delay is its T + 1: 501, 1001",
             "501", "2", "500", "100000",
             "model.chrono of lstm-chrono is T, and has to follow task.delay; a sequence ends with "
             "the last symbol that is asked for; the paper does not tell whether blanks follow"),
      wisdom2016()};
}

}  // namespace rnnlab
