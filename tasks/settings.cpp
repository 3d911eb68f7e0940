#include "settings.hpp"

namespace rnnlab {

Settings joined(std::initializer_list<Settings> parts) {
  Settings all;
  for (const Settings& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

Settings same_lengths(const char* length, const char* least) {
  return {{"task.length", length},
          {"task.min_length", least},
          {"task.test_length", "0"},
          {"task.test_min_length", "0"}};
}

Settings split_sizes(const char* train, const char* valid, const char* test) {
  return {
      {"task.train_examples", train}, {"task.valid_examples", valid}, {"task.test_examples", test}};
}

Settings sgd(const char* lr) {
  return {{"train.optimizer", "sgd"}, {"train.lr", lr}, {"train.momentum", "0"}};
}

Settings adam(const char* lr) {
  return {{"train.optimizer", "adam"},
          {"train.lr", lr},
          {"train.beta1", "0.9"},
          {"train.beta2", "0.999"},
          {"train.epsilon", "1e-08"}};
}

Settings rmsprop(const char* lr, const char* decay, const char* epsilon, const char* at,
                 const char* accumulator) {
  return {{"train.optimizer", "rmsprop"},
          {"train.lr", lr},
          {"train.momentum", "0"},
          {"train.decay", decay},
          {"train.epsilon", epsilon},
          {"train.epsilon_at", at},
          {"train.accumulator", accumulator},
          {"train.centered", "false"}};
}

Settings clipping(const char* value, const char* norm) {
  return {{"train.clip_value", value}, {"train.clip_norm", norm}};
}

}  // namespace rnnlab
