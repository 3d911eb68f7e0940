#include "nn/models/models.hpp"

#include "nn/model.hpp"
#include "nn/models/sequence.hpp"

namespace rnnlab {

const std::vector<ModelPreset>& model_presets() {
  static const std::vector<ModelPreset> list{
      {"vanilla", "Elman's recurrent network, tanh", {{"cell", "elman"}, {"activation", "tanh"}}},
      {"lstm",
       "long short-term memory, forget bias 1",
       {{"cell", "lstm"}, {"activation", "tanh"}, {"forget_bias", "1"}}},
      {"gru",
       "gated recurrent unit, reset after the product",
       {{"cell", "gru"}, {"activation", "tanh"}}},
      {"deep-rnn",
       "two vanilla layers, one on the other",
       {{"cell", "elman"}, {"activation", "tanh"}, {"layers", "2"}}},
      {"deep-lstm",
       "two LSTM layers, one on the other",
       {{"cell", "lstm"}, {"activation", "tanh"}, {"layers", "2"}, {"forget_bias", "1"}}},
      {"deep-gru",
       "two GRU layers, one on the other",
       {{"cell", "gru"}, {"activation", "tanh"}, {"layers", "2"}}},
  };
  return list;
}

template <class S>
std::unique_ptr<Model<S>> make_model(const ModelOptions& options, const Facts& facts) {
  return make_sequence_model<S>(options, facts);
}

template std::unique_ptr<Model<float>> make_model(const ModelOptions&, const Facts&);
template std::unique_ptr<Model<double>> make_model(const ModelOptions&, const Facts&);

}  // namespace rnnlab
