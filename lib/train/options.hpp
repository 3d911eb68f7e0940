#pragma once

#include <cstdint>
#include <string>

#include "base/options.hpp"

namespace rnnlab {

/// The keys of section `train`.
struct TrainOptions {
  std::int64_t steps = 5000;
  std::int64_t batch = 32;
  std::string optimizer = "adam";
  double lr = 1e-3;
  std::string schedule = "constant";
  std::int64_t warmup = 0;
  double momentum = 0;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double decay = 0.99;
  double epsilon = 1e-8;
  std::string epsilon_at = "outside";
  double accumulator = 0;
  bool centered = false;
  double weight_decay = 0;
  double clip_norm = 0;
  double clip_value = 0;
  std::int64_t truncate = 0;
  std::int64_t stride = 0;
  double omega = 0;
  double scheduled_sampling = 0;
  std::int64_t sampling_steps = 1000;
  std::string reduction = "mean";
  std::string precision = "float32";
  std::int64_t seed = 0;
  double target = 0;
  std::string select = "last";
  std::int64_t eval_every = 100;
  double max_seconds = 0;

  void describe(OptionVisitor& v);
};

/// The keys of section `run`: how it runs; no number of the result depends on them.
struct RunOptions {
  std::int64_t threads = 1;
  std::int64_t checkpoint_every = 0;
  std::string dir = "";

  void describe(OptionVisitor& v);
};

/// The keys of section `record`.
struct RecordOptions {
  std::string instruments = "gradient-flow parameter-norms";
  std::int64_t every = 100;
  std::string mode = "auto";

  void describe(OptionVisitor& v);
};

}  // namespace rnnlab
