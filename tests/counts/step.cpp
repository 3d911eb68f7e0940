// Small training steps of a fixed kind, for tests/counts/check: it counts the instructions inside
// counted_steps(). A step: draw, forward, softmax cross-entropy at every t, full BPTT with gradient
// flow traced, Adam.
#include <cstdio>
#include <map>
#include <string>

#include "math/gemm.hpp"
#include "noise.hpp"
#include "train/instruments/instruments.hpp"
#include "train/memory_sink.hpp"
#include "train/named_task.hpp"
#include "train/stepper.hpp"

using namespace rnnlab;

namespace {

constexpr int batch = 20, length = 20, hidden = 32;  // two shards
constexpr int warm_up = 2;                           // the first step generates code
constexpr int counted = 4;

const std::map<std::string, std::string> cells{
    {"vanilla", "elman"}, {"lstm", "lstm"}, {"gru", "gru"}};

ModelOptions model_of(const std::string& cell) {
  ModelOptions model;
  model.cell = cell;
  model.hidden = hidden;
  return model;
}

TrainOptions train_options() {
  TrainOptions train;
  train.batch = batch;
  return train;
}

struct Run {
  AssignIntegers options{{{"length", length}}};
  std::unique_ptr<Task> noise = noise_entry().make(options);
  Pool pool{1};
  NullSink sink;
  Stepper<float> stepper;
  std::unique_ptr<Instrument> instrument;

  explicit Run(const std::string& cell)
      : stepper(*noise, DataOptions{}, 0, model_of(cell), train_options(), pool),
        instrument(make_instrument("gradient-flow", stepper.shape(), sink)) {
    stepper.reserve(instrument->needs());
  }

  void steps(int first, int count) {
    for (int step = first; step < first + count; ++step) {
      stepper.gradient(step, instrument->needs());
      instrument->observe(stepper.view(step));
      stepper.update(step);
    }
  }
};

/// What the numbers depend on beside this project's code.
std::string built_with() { return RNNLAB_COMPILER ", " + std::string(backend_name()); }

}  // namespace

/// The name that callgrind is told; not inlined, so that it has one.
extern "C" [[gnu::noinline]] void counted_steps(Run& run) { run.steps(warm_up, counted); }

int main(int argc, char** argv) {
  const std::string what = argc == 2 ? argv[1] : "";
  if (what == "--built-with") {
    std::puts(built_with().c_str());
    return 0;
  }
  const auto cell = cells.find(what);
  if (cell == cells.end()) {
    std::fputs("usage: rnnlab_counts vanilla|lstm|gru | --built-with\n", stderr);
    return 2;
  }
  Run run(cell->second);
  run.steps(0, warm_up);
  counted_steps(run);
}
