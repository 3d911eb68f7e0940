#include "temporal_order_protocols.hpp"

#include "hs1997.hpp"
#include "pascanu2013.hpp"
#include "settings.hpp"

namespace rnnlab {
namespace {

Protocol pascanu(std::string name, const std::string& where, const char* symbols, const char* omega,
                 const Settings& initialisation, std::vector<std::string> deviates) {
  deviates.insert(
      deviates.end(),
      {"every example draws its own length from 50 to 199 (published: one length for all of a "
       "batch)",
       "stops at 1 % errors, the paper's criterion (the code: none), looked at every 1000 steps "
       "on the same 10000 sequences (the code: every 20, on fresh ones)"});
  return {
      .name = std::move(name),
      .source = pascanu2013::source("section 4.1, " + where + " of its published code"),
      .settings = joined(
          {{{"task.encoding", "pascanu2013"}, {"task.symbols", symbols}, {"train.target", "0.99"}},
           same_lengths("199", "50"),
           pascanu2013::descent("50")}),
      .per_model = {{"vanilla", joined({initialisation, {{"train.omega", omega}}})}},
      .deviates = pascanu2013::deviates(std::move(deviates))};
}

const std::string clipped = "stochastic gradient descent with clipping, initialisation ",
                  regulariser =
                      "stochastic gradient descent with clipping and the regulariser, "
                      "initialisation ";
const char* const no_omega =
    "without the regulariser Omega, so this is the paper's descent with clipping alone; "
    "train.omega = 4 adds it";
const char* const with_omega =
    "the regulariser is the paper's, weight 4; that of the published code differs from it, weight "
    "2";

/// Experiments 6a and 6b of 1997, which differ in what is given.
Protocol hochreiter(const char* name, const char* task, const char* symbols, const char* rate,
                    const char* cells, const char* steps, std::vector<std::string> deviates) {
  deviates.insert(
      deviates.end(),
      {"cross-entropy of a softmax (published: squared error of logistic outputs, correct where "
       "each is off by less than 0.3)",
       "initial weights are normal of standard deviation 0.1/sqrt(3), biases but the input gates' "
       "start at 0 (published: uniform on [-0.1, 0.1], biases too)",
       "stops at 99.9 % right of 2560 sequences, looked at every 1000 (published: once the average "
       "training error is below 0.1 and the last 2000 were right)",
       "models that are not in the paper (lstm, gru, vanilla) get our initialisation and size"});
  return {.name = name,
          .source = std::string("Hochreiter, Schmidhuber: Long Short-Term Memory (1997), ") + task,
          .settings = joined({{{"task.encoding", "hs1997"}, {"task.symbols", symbols}},
                              same_lengths("100", "0"),
                              split_sizes("0", "2560", "2560"),
                              hs1997::online_descent(rate, steps, "1000", "0.999"),
                              {{"model.layers", "1"}}}),
          .per_model = {hs1997::memory_blocks({.cells = cells,
                                               .block = "2",
                                               .init_std = "0.0577350269",
                                               .input_gate_bias = "-2",
                                               .input_gate_bias_step = "-2"})},
          .deviates = std::move(deviates)};
}

}  // namespace

std::vector<Protocol> temporal_order_protocols() {
  return {
      pascanu("pascanu2013", clipped + "basic_tanh", "2", "0", pascanu2013::basic_tanh(),
              {no_omega}),
      pascanu("pascanu2013-cr", regulariser + "basic_tanh", "2", "4", pascanu2013::basic_tanh(),
              {with_omega}),
      pascanu("pascanu2013-smart-tanh", clipped + "smart_tanh", "2", "0", pascanu2013::smart_tanh(),
              {no_omega,
               "each unit has 15 incoming connections, as in the paper (the code: 15 outgoing)"}),
      pascanu("pascanu2013-sigmoid", clipped + "sigmoid", "2", "0", pascanu2013::sigmoid(),
              {no_omega}),
      pascanu("pascanu2013-3bit", regulariser + "basic_tanh", "3", "4", pascanu2013::basic_tanh(),
              {with_omega, "of the three initialisations basic_tanh (published: not told)"}),
      hochreiter("hs1997", "experiment 6a", "2", "0.5", "4", "500000",
                 {"at most 500000 sequences (published: until it is learned, on average 31390)"}),
      hochreiter(
          "hs1997-6b", "experiment 6b", "3", "0.1", "6", "2000000",
          {"at most 2000000 sequences (published: until it is learned, on average 571100)"})};
}

}  // namespace rnnlab
