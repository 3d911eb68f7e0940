// One training step: draw, forward, softmax cross-entropy over 10 classes at every t, full BPTT,
// Adam. Input width 10, task `noise`. Names: train_step/lstm/B:20/T:100/H:64/L:1/D:1/threads:1 (L
// layers, D directions).
#include <benchmark/benchmark.h>
#include <string>

#include "tasks.hpp"
#include "train/stepper.hpp"

namespace {

using namespace rnnlab;

struct Case {
  const char* name;  // as published tables call the model
  const char* cell;
  int B, T, H, layers, threads;

  std::string title() const {
    return "train_step/" + std::string(name) + "/B:" + std::to_string(B) +
           "/T:" + std::to_string(T) + "/H:" + std::to_string(H) + "/L:" + std::to_string(layers) +
           "/D:1/threads:" + std::to_string(threads);
  }
};

/// Gives the noise task its length; everything else stays at its default.
class SetLength final : public OptionVisitor {
 public:
  explicit SetLength(int length) : length_(length) {}
  void visit(const OptionInfo&, bool&) override {}
  void visit(const OptionInfo& info, std::int64_t& value) override {
    if (info.name == "length") value = length_;
  }
  void visit(const OptionInfo&, double&) override {}
  void visit(const OptionInfo&, std::string&) override {}

 private:
  int length_;
};

std::unique_ptr<Task> noise(int length) {
  SetLength set(length);
  for (const TaskEntry& entry : task_list()) {
    if (entry.name == "noise") return entry.make(set);
  }
  return nullptr;
}

/// 2 floating-point operations per weight, position and product; three products (forward, through,
/// weight gradient).
double operations(const ParamLayout& parameters, const Case& c) {
  double weights = 0;
  for (const Parameter& p : parameters)
    weights += p.columns > 0 ? static_cast<double>(p.size()) : 0;
  return 6.0 * c.B * c.T * weights;
}

void train_step(benchmark::State& state, const Case& c) {
  const auto task = noise(c.T);
  ModelOptions model;
  model.cell = c.cell;
  model.hidden = c.H;
  model.layers = c.layers;
  TrainOptions options;
  options.batch = c.B;
  Pool pool(c.threads);
  Stepper<float> stepper(*task, DataOptions{}, 0, model, options, pool);
  std::int64_t step = 0;
  for (; step < 3; ++step) {
    stepper.gradient(step, {});
    stepper.update(step);
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(stepper.gradient(step, {}).loss);
    stepper.update(step++);
  }
  state.counters["FLOP/s"] = benchmark::Counter(operations(stepper.model().parameters(), c),
                                                benchmark::Counter::kIsIterationInvariantRate,
                                                benchmark::Counter::kIs1000);
}

void register_all() {
  const std::pair<const char*, const char*> models[] = {
      {"vanilla", "elman"}, {"lstm", "lstm"}, {"gru", "gru"}};
  for (const auto& [name, cell] : models) {
    for (int B : {1, 20, 32, 128}) {
      for (int T : {100, 500}) {
        for (int H : {32, 64, 128, 256, 512}) {
          for (int threads : {1, 2}) {
            const Case c{name, cell, B, T, H, 1, threads};
            benchmark::RegisterBenchmark(c.title().c_str(), [c](benchmark::State& state) {
              train_step(state, c);
            })->Unit(benchmark::kMillisecond);
          }
        }
      }
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  register_all();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
}
