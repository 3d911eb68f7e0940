#include <catch2/catch.hpp>
#include <cstring>

#include "math/gemm.hpp"
#include "nn/cores.hpp"
#include "nn/models/model_run.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

struct Result {
  LossSums sums;
  std::vector<float> slab;
};

/// The same examples in a batch of `length` steps; `regularised`: with Omega asked of every layer.
Result padded(const ModelOptions& options, Facts facts, const std::vector<int>& lengths, int length,
              bool regularised) {
  const auto theta = random_parameters(options, facts);
  Batch batch = ragged_batch(facts, lengths);
  facts.length = length;
  Batch longer;
  longer.reset(facts, batch.B);
  longer.length = batch.length;
  if (facts.readout == Readout::every) std::fill(longer.weight.begin(), longer.weight.end(), 0.0f);
  std::copy(batch.x.begin(), batch.x.end(), longer.x.begin());
  std::copy(batch.y.begin(), batch.y.end(), longer.y.begin());
  std::copy(batch.label.begin(), batch.label.end(), longer.label.begin());
  std::copy(batch.weight.begin(), batch.weight.end(), longer.weight.begin());

  ModelRun<float> run(options, facts, batch.B);
  run.set(theta);
  std::vector<double> ones(lengths.size(), 1.0), values(lengths.size());
  const Omega omega{0.5, ones.data(), values.data()};
  const std::vector<StateTrace> traces(regularised ? run.model->traced().size() : 0,
                                       {.ld = batch.B, .scale = ones.data(), .omega = &omega});
  Result result{run.train(longer, traces), {}};
  result.slab.assign(run.slab.data(), run.slab.data() + run.slab.size());
  return result;
}

}  // namespace

TEST_CASE("padding: more steps past every end change no bit of loss and gradient",
          "[nn][models][padding]") {
  if (best_backend() != Backend::xsmm) {
    WARN("skipped: only libxsmm promises it, and it is not built in");
    return;
  }
  const Readout readout = GENERATE(Readout::last, Readout::every);
  const int layers = GENERATE(1, 2);
  for (const Core& core : all_cores()) {
    // Widths of one register of rows, of whole blocks and of neither; few columns and many.
    const bool plain = is_plain(core);
    for (const int hidden : {8, 16, 37, 64, 80}) {
      if (!plain && hidden != 16 && hidden != 37) continue;
      for (const int inputs : {2, 12}) {
        if (!plain && inputs == 12) continue;
        for (const std::vector<int>& lengths :
             {std::vector<int>{20, 1, 16, 17, 7}, std::vector<int>{3, 20}}) {
          CAPTURE(core.name(), static_cast<int>(readout), layers, hidden, inputs, lengths.size());
          ModelOptions options;
          options.hidden = hidden;
          core.set(options);
          options.layers = layers;
          options.h0 = hidden == 37 ? "learned" : "zero";
          const bool regularised = hidden == 16;
          const Facts facts{.inputs = inputs,
                            .outputs = 3,
                            .length = 20,
                            .loss = LossKind::cross_entropy,
                            .readout = readout};
          const Result exact = padded(options, facts, lengths, 20, regularised);
          for (const int length : {21, 32, 37}) {
            const Result more = padded(options, facts, lengths, length, regularised);
            CHECK(more.sums.loss == exact.sums.loss);
            CHECK(more.sums.weight == exact.sums.weight);
            CHECK(more.sums.metric == exact.sums.metric);
            CHECK((more.slab == exact.slab));
          }
        }
      }
    }
  }
}
