#include "adding_protocols.hpp"

#include "hs1997.hpp"
#include "pascanu2013.hpp"
#include "settings.hpp"

namespace rnnlab {
namespace {

/// Sequences of `length` steps, two numbers of U[0, 1) marked, their sum asked for.
Settings sum_of_two(const char* length, const char* markers) {
  return joined({same_lengths(length, "0"),
                 {{"task.stretch", "0"},
                  {"task.stretch_end", "open"},
                  {"task.markers", markers},
                  {"task.values", "unit"},
                  {"task.target", "sum"}}});
}

Protocol arjovsky2016() {
  return {.name = "arjovsky2016",
          .source =
              "Arjovsky, Shah, Bengio: Unitary Evolution Recurrent Neural Networks (ICML 2016), "
              "section 5.2 and its published code",
          .settings = joined({sum_of_two("100", "halves"),
                              split_sizes("100000", "10000", "10000"),
                              rmsprop("0.001", "0.9", "1e-08", "none", "0.001"),
                              clipping("1", "0"),
                              {{"train.steps", "10000"},
                               {"train.batch", "20"},
                               {"train.eval_every", "50"},
                               {"model.hidden", "128"},
                               {"model.layers", "1"},
                               {"model.init", "glorot"},
                               {"model.recurrent_init", "glorot"},
                               {"model.init_fan", "gate"}}}),
          .per_model = {{"lstm", {{"model.forget_bias", "1"}}},
                        {"irnn",
                         {{"model.recurrent_init", "identity"}, {"model.spectral_radius", "1"}}}},
          .deviates = {
              "the result is that of the last parameters on a test set of its own; the published "
              "code reports the best test value of the run",
              "lstm: h_0 and c_0 are zero (published: learned), and the output gate does not see "
              "the cell through a full matrix",
              "each epoch is a fresh permutation of the training set; the published code "
              "reshuffles at every step or never"}};
}

Protocol bai2018() {
  return {
      .name = "bai2018",
      .source =
          "Bai, Kolter, Koltun: An Empirical Evaluation of Generic Convolutional and Recurrent "
          "Networks for Sequence Modeling (2018), section 4 and its published code, T = 600",
      .settings = joined({sum_of_two("600", "anywhere"),
                          split_sizes("50000", "1000", "1000"),
                          adam("0.001"),
                          clipping("0", "5"),
                          {{"train.steps", "15625"},
                           {"train.batch", "32"},
                           {"train.eval_every", "1563"},
                           {"model.layers", "1"},
                           {"model.init", "uniform"},
                           {"model.recurrent_init", "uniform"}}}),
      .per_model = {{"lstm", {{"model.hidden", "130"}, {"model.forget_bias", "1"}}},
                    {"gru", {{"model.hidden", "150"}}},
                    {"vanilla", {{"model.hidden", "262"}}}},
      .deviates = {
          "the LSTM is the paper's for T = 600 at every length; its others: T = 200, two layers of "
          "77, forget bias 5, sgd 0.001, norm 50; T = 400, two of 77, forget bias 10, adam 0.002, "
          "norm 50",
          "the paper does not give the settings of gru and vanilla: the LSTM's optimizer, and the "
          "width that gives the stated 70 thousand parameters",
          "the result is that of the last parameters; the paper's is a mean over the last three "
          "epochs",
          "biases start at 0 but for the forget bias (published: uniform, as the weights)",
          "each epoch is a fresh permutation of the training set, batches go across its end "
          "(published: always in the same order, the last batch of an epoch half as large)"}};
}

Protocol pascanu() {
  return {
      .name = "pascanu2013",
      .source = pascanu2013::source(
          "section 4.1, stochastic gradient descent with clipping, initialisation basic_tanh of "
          "its published code"),
      .settings = joined({same_lengths("199", "50"),
                          {{"task.stretch", "0.1"},
                           {"task.stretch_end", "open"},
                           {"task.markers", "early"},
                           {"task.values", "unit"},
                           {"task.target", "mean"}},
                          pascanu2013::descent("50")}),
      .per_model = {{"vanilla", pascanu2013::basic_tanh()}},
      .deviates = pascanu2013::deviates(
          {"without the regulariser Omega (published: weight 4 in the paper, 2 in the code), so "
           "this is the paper's descent with clipping alone; train.omega = 4 adds it",
           "of the three initialisations basic_tanh",
           "the value is input 0 and the marker input 1 (published: the other way round)",
           "every example draws its own length (published: one length for all of a batch)",
           "runs all its steps and reports the mean squared error; published: stops when fewer "
           "than 1 % of 10000 fresh sequences have a squared error above 0.04"})};
}

Protocol hochreiter() {
  return {
      .name = "hs1997",
      .source =
          "Hochreiter, Schmidhuber: Long Short-Term Memory (1997), experiment 4; task.length is "
          "its T: 100, 500, 1000",
      .settings = joined({same_lengths("100", "0"),
                          {{"task.stretch", "0.1"},
                           {"task.stretch_end", "closed"},
                           {"task.markers", "hs1997"},
                           {"task.values", "signed"},
                           {"task.target", "scaled"}},
                          split_sizes("0", "2560", "2560"),
                          hs1997::online_descent("0.25", "2000000", "2000", "0.0001"),
                          {{"model.layers", "1"}}}),
      .per_model = {hs1997::memory_blocks({.cells = "4",
                                           .block = "2",
                                           .init_std = "0.0577350269",
                                           .input_gate_bias = "-3",
                                           .input_gate_bias_step = "-3"})},
      .deviates = {
          "the rate 0.25 is 0.5 of half the squared error, as the paper has it",
          "the output is linear (published: logistic)",
          "initial weights are normal of standard deviation 0.1/sqrt(3), biases but the input "
          "gates' start at 0 (published: uniform on [-0.1, 0.1], biases too)",
          "if the first pair is a marked one, its marker stays -1 and its value is 0 (published: "
          "X1 is set to 0)",
          "stops at a validation mse of 0.0001, an error of 0.01, or after 2000000 sequences "
          "(published: once the average training error is below 0.01 and the last 2000 sequences "
          "are off by less than 0.04; on average after 74000, 209000 and 853000)",
          "models that are not in the paper (lstm, gru, vanilla) get our initialisation and size"}};
}

Protocol helfrich2018() {
  return {
      .name = "helfrich2018",
      .source =
          "Helfrich, Willmott, Ye: Orthogonal Recurrent Neural Networks with Scaled Cayley "
          "Transform (ICML 2018) and its published code; task.length: 200, 400, 750",
      .settings = joined({sum_of_two("200", "uneven"),
                          split_sizes("100000", "10000", "10000"),
                          adam("0.001"),
                          clipping("0", "0"),
                          {{"train.steps", "20000"},
                           {"train.batch", "50"},
                           {"train.eval_every", "100"},
                           {"model.layers", "1"}}}),
      // Uniform on [-0.01, 0.01] has the standard deviation 0.0057735 = input_gain/sqrt(2).
      .per_model = {{"scornn",
                     {{"model.hidden", "170"},
                      {"model.activation", "modrelu"},
                      {"model.recurrent_map", "cayley"},
                      {"model.negative_ones", "0.5"},
                      {"model.recurrent_init", "helfrich"},
                      {"model.init", "normal"},
                      {"model.input_gain", "0.0081649658"}}},
                    {"lstm",
                     {{"model.hidden", "60"},
                      {"model.forget_bias", "1"},
                      {"model.init", "glorot"},
                      {"model.recurrent_init", "glorot"},
                      {"model.init_fan", "fused"}}}},
      .deviates = {
          "scornn: one optimizer, adam of rate 0.001 (published: rmsprop of rate 0.0001 for the "
          "skew-symmetric matrix)",
          "scornn: input weights are normal (published: uniform, of the same standard deviation), "
          "and there are PyTorch's two biases besides modReLU's (published: modReLU's alone)",
          "lstm: input and recurrent matrices are drawn apart, and there are two biases per gate, "
          "both trained (published: one matrix, one bias)",
          "the published code leaves the LSTM's width to its caller: here 60, which has as many "
          "parameters as scornn's 15 thousand trained ones",
          "the lengths but 200 are the paper's, by the command line of its code",
          "the result is that of the last parameters; the published code plots the test error",
          "each epoch is a fresh permutation of the training set (published: always in the same "
          "order)"}};
}

Protocol hu2018() {
  return {
      .name = "hu2018",
      .source =
          "Hu, Huber, Anumula, Liu: Overcoming the Vanishing Gradient Problem in Plain Recurrent "
          "Networks (2018), section 3.1, T = 200; T = 300 and 400 with train.lr = 1e-05 and 1e-06",
      .settings = joined({sum_of_two("200", "anywhere"),
                          split_sizes("100000", "10000", "10000"),
                          adam("0.0001"),
                          clipping("100", "0"),
                          {{"train.steps", "937500"},
                           {"train.batch", "32"},
                           {"train.eval_every", "3125"},
                           {"model.hidden", "100"},
                           {"model.layers", "1"}}}),
      // Standard deviation 0.001 = input_gain/sqrt(2).
      .per_model = {{"irnn",
                     {{"model.activation", "relu"},
                      {"model.init", "normal"},
                      {"model.input_gain", "0.00141421356"},
                      {"model.recurrent_init", "identity"},
                      {"model.spectral_radius", "1"}}},
                    {"lstm",
                     {{"model.forget_bias", "0"},
                      {"model.init", "glorot"},
                      {"model.init_fan", "fused"},
                      {"model.recurrent_init", "orthogonal"},
                      {"model.spectral_radius", "1"}}}},
      .deviates = {
          "the paper's own network, RIN, is not offered: irnn and lstm are what it is compared "
          "with",
          "N(0, 0.001) is read as a standard deviation, and \"gradient clipping value 100\" as "
          "that of each entry; the paper does not say",
          "adam's other constants are the usual ones; the paper does not give them",
          "two biases per gate, both trained (published: one)",
          "lstm: one orthogonal matrix per gate (published: one for all of them)",
          "300 epochs (published: at most 300, until it has converged), and the result is that of "
          "the last parameters"}};
}

}  // namespace

std::vector<Protocol> adding_protocols() {
  return {arjovsky2016(), bai2018(), helfrich2018(), hochreiter(), hu2018(), pascanu()};
}

}  // namespace rnnlab
