#include "hs1997.hpp"
#include "reber.hpp"
#include "settings.hpp"

namespace rnnlab {
namespace {

Protocol experiment_1() {
  return {
      .name = "hs1997",
      .source =
          "Hochreiter, Schmidhuber: Long Short-Term Memory (1997), experiment 1, three blocks "
          "of two cells, learning rate 0.5, the last row of its table 1",
      .settings = joined({same_lengths("50", "8"),
                          {{"task.scored", "determined"}},
                          split_sizes("256", "256", "256"),
                          hs1997::online_descent("0.5", "200000", "100", "1"),
                          {{"train.reduction", "sum"}}}),
      .per_model = {hs1997::memory_blocks({.cells = "6",
                                           .block = "2",
                                           .init_std = "0.1154700538",
                                           .output_gate_bias = "-1",
                                           .output_gate_bias_step = "-1"})},
      .deviates = {
          "softmax and cross-entropy (published: seven logistic outputs and squared error)",
          "the step that is checked is the one whose successor is certain (published: at every "
          "step "
          "the possible successors must be the most active outputs, on the training set too)",
          "strings of at most 51 symbols, all but 2 in a million (published: any)",
          "weights are normal of standard deviation 0.115 (published: uniform in [-0.2, 0.2], the "
          "same deviation); biases of input gates start at 0 (published: as the weights)",
          "the output and the cells have biases, which start at 0 (published: the gates alone)",
          "every string of the training set once in 256 steps (published: picked at random)",
          "strings of validation and test may be in the training set too (published: they are not)",
          "one weight update per string, from the sum over its steps (published: on-line)",
          "gives up after 200000 strings (published: no limit is stated)",
          "models that are not in the paper (vanilla, lstm, gru) get our size and "
          "initialisation"}};
}

}  // namespace

std::vector<Protocol> embedded_reber_protocols() { return {experiment_1()}; }

}  // namespace rnnlab
