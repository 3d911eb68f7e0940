#include "pascanu2013.hpp"

#include "settings.hpp"

namespace rnnlab::pascanu2013 {

std::string source(const std::string& place) {
  return "Pascanu, Mikolov, Bengio: On the difficulty of training recurrent neural networks (ICML "
         "2013), " +
         place;
}

Settings descent(const char* hidden) {
  return joined({split_sizes("0", "10000", "10000"),
                 {{"train.steps", "5000000"}, {"train.batch", "20"}},
                 sgd("0.01"),
                 clipping("0", "1"),
                 {{"train.eval_every", "1000"}, {"model.hidden", hidden}, {"model.layers", "1"}}});
}

Settings basic_tanh() {
  return {{"model.activation", "tanh"},
          {"model.init", "normal"},
          {"model.recurrent_init", "normal"},
          {"model.init_std", "0.1"}};
}

Settings smart_tanh() {
  return {{"model.activation", "tanh"},     {"model.init", "normal"},
          {"model.init_std", "0.01"},       {"model.recurrent_init", "sparse"},
          {"model.init_connections", "15"}, {"model.spectral_radius", "0.95"}};
}

Settings sigmoid() {
  return {{"model.activation", "sigmoid"},
          {"model.init", "normal"},
          {"model.recurrent_init", "normal"},
          {"model.init_std", "0.01"}};
}

std::vector<std::string> deviates(std::vector<std::string> own) {
  for (const char* common :
       {"two biases, both trained (published: one)",
        "a gradient whose norm is not finite ends the run (the code shrinks W_hh and goes on)",
        "models that are not in the paper (lstm, gru) get our initialisation, and no "
        "regulariser"}) {
    own.emplace_back(common);
  }
  return own;
}

}  // namespace rnnlab::pascanu2013
