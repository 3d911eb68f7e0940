#include <string>
#include <utility>

#include "hs1997.hpp"
#include "latch.hpp"
#include "settings.hpp"

namespace rnnlab {
namespace {

/// What an experiment has of its own.
struct Experiment {
  std::string name, place;
  const char *informative, *signal_noise, *target, *lr, *stop, *steps;
  std::vector<std::string> deviates;
};

Protocol experiment(Experiment own) {
  std::vector<std::string> deviates = std::move(own.deviates);
  for (const char* shared :
       {"weights are normal of standard deviation 0.0577 (published: uniform in [-0.1, 0.1], the "
        "same deviation)",
        "the output has a bias; all biases but those of the gates start at 0 (published: none; as "
        "the weights)",
        "looked at every 500 sequences on the same 256 (published: how often is not stated), and "
        "gives up after train.steps (published: no limit is stated)",
        "models that are not in the paper (vanilla, lstm, gru) get our size and initialisation"}) {
    deviates.emplace_back(shared);
  }
  return {.name = std::move(own.name),
          .source = "Hochreiter, Schmidhuber: Long Short-Term Memory (1997), " + own.place,
          .settings = joined({same_lengths("110", "100"),
                              {{"task.informative", own.informative},
                               {"task.noise", "0.2"},
                               {"task.signal_noise", own.signal_noise},
                               {"task.target", own.target},
                               {"task.target_noise", "0.1"}},
                              split_sizes("0", "256", "2560"),
                              hs1997::online_descent(own.lr, own.steps, "500", own.stop)}),
          .per_model = {hs1997::memory_blocks({.cells = "3",
                                               .block = "1",
                                               .init_std = "0.0577350269",
                                               .input_gate_bias = "-1",
                                               .input_gate_bias_step = "-2",
                                               .output_gate_bias = "-2",
                                               .output_gate_bias_step = "-2"})},
          .deviates = std::move(deviates)};
}

const std::string classes =
    "two classes, softmax and cross-entropy; right is the likelier one (published: a logistic "
    "output, squared error, right where it is off by less than 0.2)";
const std::string first_criterion =
    "stops at the paper's first criterion (published: its second one too, a mean error below ";

}  // namespace

std::vector<Protocol> latch_protocols() {
  const std::vector<std::string> noise_free{classes, first_criterion + "0.01)"};
  return {
      experiment({"hs1997-3a", "experiment 3a, N = 3, T = 100", "3", "0", "class", "1", "1",
                  "1000000", noise_free}),
      experiment({"hs1997-3a-n1", "experiment 3a, N = 1, T = 100", "1", "0", "class", "1", "1",
                  "1000000", noise_free}),
      experiment({"hs1997-3b",
                  "experiment 3b, N = 3, T = 100; with task.informative = 1 its other",
                  "3",
                  "0.2",
                  "class",
                  "1",
                  "0.98046875",
                  "1000000",
                  {classes, first_criterion + "0.04)"}}),
      experiment(
          {"hs1997-3c",
           "experiment 3c, N = 3, T = 100; with task.informative = 1 its other",
           "3",
           "0",
           "number",
           "0.1",
           "0.000225",
           "5000000",
           {"a linear output (published: logistic)",
            "stops when the root mean square error against the noise-free target is below 0.015 "
            "(published: when the mean error is, and none of 256 is off by more than 0.1)"}})};
}

}  // namespace rnnlab
