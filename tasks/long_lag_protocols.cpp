#include <string>
#include <utility>

#include "hs1997.hpp"
#include "long_lag.hpp"
#include "settings.hpp"

namespace rnnlab {
namespace {

const std::string paper = "Hochreiter, Schmidhuber: Long Short-Term Memory (1997), ";

/// Experiments 2a and 2b: the same but for what stands between, and for what success is.
Protocol next_symbol(std::string name, const std::string& place, std::string variant,
                     std::string scored, std::string success) {
  return {
      .name = std::move(name),
      .source = paper + place + ", delay p = 100: task.length is p, task.distractors p - 1",
      .settings =
          joined({same_lengths("100", "0"),
                  {{"task.variant", variant}, {"task.distractors", "99"}, {"task.scored", scored}},
                  split_sizes("0", "1000", "10000"),
                  hs1997::online_descent("1", "5000000", "500", "1"),
                  {{"train.reduction", "mean"}}}),
      .per_model = {hs1997::memory_blocks(
          {.cells = "1", .block = "1", .init_std = "0.1154700538"})},
      .deviates = {
          "the output sees the cell alone, not the input, so that one cell cannot tell what stands "
          "between: give model.hidden more (published: connections from all layers below)",
          "lstm-1997: with an output gate, g in [-2, 2] and h in [-1, 1], from the start "
          "(published: none, g in [0, 1], h the identity; cell and gate are added once the error "
          "has stopped decreasing)",
          "softmax and cross-entropy (published: logistic outputs and squared error)",
          "one weight update per sequence, from the mean over its steps; with cross-entropy their "
          "sum "
          "diverges at this rate (published: on-line, every step's error in full)",
          "weights are normal of standard deviation 0.115, biases start at 0 (published: uniform "
          "in [-0.2, 0.2], the same deviation)",
          std::move(success),
          "models that are not in the paper (lstm, gru) get our size and initialisation"}};
}

Protocol hs1997_2c() {
  return {.name = "hs1997-2c",
          .source = paper +
                    "experiment 2c, q = 50 and p = 50: task.length is q + 3, "
                    "task.distractors p; its others: (q, p) = (100, 100), (200, 200), (500, "
                    "500), (1000, 1000), (1000, 500), (1000, 200), (1000, 100), (1000, 50)",
          .settings = joined({same_lengths("53", "0"),
                              {{"task.variant", "noisy"},
                               {"task.distractors", "50"},
                               {"task.tail", "100"},
                               {"task.scored", "memory"}},
                              split_sizes("0", "1000", "10000"),
                              hs1997::online_descent("0.01", "1000000", "1000", "1")}),
          .per_model = {{"lstm-1997",
                         {{"model.hidden", "2"},
                          {"model.block", "1"},
                          {"model.bias", "false"},
                          {"model.truncated_gradient", "true"},
                          {"model.init", "normal"},
                          {"model.recurrent_init", "normal"},
                          {"model.init_std", "0.1154700538"}}}},
          .deviates = {
              "softmax and cross-entropy (published: two logistic outputs and squared error)",
              "a sequence is right where the likelier class is (published: where both outputs are "
              "off by less than 0.2)",
              "looked at every 1000 sequences on the same 1000, and gives up after 1000000 "
              "(published: no limit is stated)",
              "at most 100 distractors more than q; 1 sequence in 42000 would have more "
              "(published: no limit)",
              "any of the p distractors at every step (published: p in the table, q in the text)",
              "weights are normal of standard deviation 0.115 (published: uniform in [-0.2, 0.2], "
              "the same deviation)",
              "models that are not in the paper (vanilla, lstm, gru) get our size and "
              "initialisation"}};
}

}  // namespace

std::vector<Protocol> long_lag_protocols() {
  return {next_symbol("hs1997-2a", "experiment 2a", "regular", "all",
                      "stops when the likeliest symbol is right at every step of 1000 sequences "
                      "(published: every output off by less than 0.25, in 10000)"),
          next_symbol("hs1997-2b", "experiment 2b", "random", "memory",
                      "stops when the last symbol is right in 1000 sequences (published: every "
                      "output off by less than 0.25 at the end of 10000)"),
          hs1997_2c()};
}

}  // namespace rnnlab
