#include "deletang2023.hpp"

#include <cmath>

#include "base/text.hpp"
#include "settings.hpp"

namespace rnnlab {
namespace {

constexpr int hidden = 256;

/// Initial weights there have standard deviation 1/√(fan in) and are cut at two of them, which
/// leaves 0.8796 of each. Ours is gain/√columns; they differ where a matrix holds more than these.
std::string gain(int columns, int fan_in) {
  return format_short(0.879626 * std::sqrt(static_cast<double>(columns) / fan_in));
}

}  // namespace

Protocol deletang2023(const std::string& task, int inputs, const Settings& own,
                      const std::vector<std::string>& deviates) {
  Protocol protocol{
      .name = "deletang2023",
      .source = "Deletang et al.: Neural Networks and the Chomsky Hierarchy (ICLR 2023), task " +
                task + ", and its published code",
      .settings = joined({{{"task.length", "40"},
                           {"task.min_length", "1"},
                           {"task.test_length", "500"},
                           {"task.test_min_length", "41"}},
                          own,
                          split_sizes("0", "1000", "235520"),
                          {{"train.steps", "1000000"}, {"train.batch", "128"}},
                          adam("0.0003"),
                          clipping("0", "1"),
                          {{"train.eval_every", "10000"},
                           {"model.hidden", std::to_string(hidden)},
                           {"model.layers", "1"}}}),
      // Vanilla has a matrix for the input and one for the state, lstm one for both.
      .per_model = {{"vanilla",
                     {{"model.activation", "relu"},
                      {"model.init", "normal"},
                      {"model.input_gain", gain(inputs, inputs)},
                      {"model.recurrent_init", "normal"},
                      {"model.spectral_radius", gain(hidden, hidden)}}},
                    {"lstm",
                     {{"model.forget_bias", "1"},
                      {"model.init", "normal"},
                      {"model.input_gain", gain(inputs, inputs + hidden)},
                      {"model.recurrent_init", "normal"},
                      {"model.spectral_radius", gain(hidden, inputs + hidden)}}}},
      .deviates = deviates};
  for (const char* difference :
       {"the state is read by a linear layer alone (published: rectified first, then linear)",
        "one learning rate and one seed; the paper reports the best of ten seeds and of the rates "
        "0.0001, 0.0003, 0.0005",
        "every example draws its own length (published: one length for all of a batch), in the "
        "test too (published: 512 of each length, and the mean over lengths)",
        "the accuracy is that over lengths 41 to 500; the published example leaves out 41",
        "initial weights are normal (published: cut at two standard deviations; the variance "
        "agrees for 256 units), those of the output uniform; lstm: two biases per gate, both "
        "trained (published: one)",
        "models that are not in the paper (gru) get our initialisation"}) {
    protocol.deviates.push_back(difference);
  }
  return protocol;
}

}  // namespace rnnlab
