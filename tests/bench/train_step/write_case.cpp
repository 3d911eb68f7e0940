// rnnlab_bench_case CELL B T H LAYERS FILE: a training step of ours as a case file, for rivals to
// check their answers by. Parameters, batch and options are those that rnnlab_bench times.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <numeric>

#include "train_step/case_file.hpp"
#include "train_step/session.hpp"

namespace rnnlab::bench {
namespace {

constexpr int losses = 4;
constexpr std::uint64_t task_seed = 0;

/// The stepper of the case, on a training set that is one batch: every step sees the same examples.
struct OneBatch {
  OneBatch(const Case& c, const TrainOptions& options)
      : task(noise(c.T)),
        data{.train_examples = c.B},
        pool(1),
        stepper(*task, data, task_seed, c.model(), options, pool) {}

  std::unique_ptr<Task> task;
  DataOptions data;
  Pool pool;
  Stepper<float> stepper;
};

void add(CaseFile& file, const std::string& group, const ParamLayout& layout,
         std::span<const float> values) {
  for (const Parameter& p : layout) {
    std::vector<int> shape{p.rows};
    if (p.columns > 0) shape.push_back(p.columns);
    const auto part = values.subspan(p.offset, p.size());
    file.arrays[group + "/" + p.name] = {shape, {part.begin(), part.end()}};
  }
}

/// The gradient of step 0. A stepper does not show it, so that a plain gradient step tells, one so
/// long that θ − lr g loses nothing of g; a power of two, which rounds nothing.
std::vector<float> first_gradient(const Case& c) {
  TrainOptions options = adam(c.B);
  options.optimizer = "sgd";
  options.lr = 0x1p30;
  OneBatch run(c, options);
  const auto theta = run.stepper.parameters();
  std::vector<double> before(theta.begin(), theta.end());
  run.stepper.gradient(0, {});
  run.stepper.update(0);
  std::vector<float> gradient(theta.size());
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    gradient[i] = static_cast<float>((before[i] - static_cast<double>(theta[i])) / options.lr);
  }
  return gradient;
}

CaseFile make_case(const Case& c) {
  CaseFile file{.shape = c, .arrays = {}};
  OneBatch run(c, adam(c.B));
  const ParamLayout& layout = run.stepper.model().parameters();

  std::vector<std::uint64_t> ids(static_cast<std::size_t>(c.B));
  Sampler(0, ids.size(), c.B).examples(0, 0, ids);
  Batch batch;
  run.task->draw({task_seed, Stream::train}, ids, batch);
  file.arrays["x"] = {{c.T, c.B, inputs}, batch.x};
  file.arrays["label"] = {{c.T, c.B}, {batch.label.begin(), batch.label.end()}};

  add(file, "parameter", layout, run.stepper.parameters());
  add(file, "gradient", layout, first_gradient(c));
  Array& loss = file.arrays["loss"] = {{losses}, {}};
  for (int step = 0; step < losses; ++step) {
    loss.values.push_back(static_cast<float>(run.stepper.gradient(step, {}).loss));
    run.stepper.update(step);
    if (step == 0) add(file, "updated", layout, run.stepper.parameters());
  }
  return file;
}

}  // namespace
}  // namespace rnnlab::bench

int main(int argc, char** argv) {
  using namespace rnnlab::bench;
  if (argc != 7) {
    std::fprintf(stderr, "usage: rnnlab_bench_case vanilla|lstm|gru B T H LAYERS FILE\n");
    return 2;
  }
  try {
    write_case(argv[6], make_case({argv[1], std::atoi(argv[2]), std::atoi(argv[3]),
                                   std::atoi(argv[4]), std::atoi(argv[5])}));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rnnlab_bench_case: error: %s\n", error.what());
    return 1;
  }
}
