#pragma once

#include <array>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "base/arena.hpp"
#include "nn/layers/layer_run.hpp"
#include "nn/model.hpp"

namespace rnnlab::test {

/// Examples of different lengths with weights 0, ½, 1 and 2, at least one of them positive per
/// example; nothing but zeros past an example's end.
inline Batch ragged_batch(const Facts& facts, const std::vector<int>& lengths) {
  Batch batch;
  batch.reset(facts, static_cast<int>(lengths.size()));
  batch.length = lengths;
  for (std::size_t b = 0; b < lengths.size(); ++b) {
    Rng rng({41, Stream::test}, b);
    for (int t = 0; t < facts.length; ++t) {
      const auto p = static_cast<std::size_t>(t) * lengths.size() + b;
      const bool inside = t < lengths[b], scored = facts.readout == Readout::every || t == 0;
      const bool given = inside && (t == 0 || !facts.once);
      for (std::size_t i = 0; i < static_cast<std::size_t>(facts.inputs) && given; ++i) {
        batch.x[p * static_cast<std::size_t>(facts.inputs) + i] = static_cast<float>(rng.normal());
      }
      if (!scored) continue;
      // The last step's weight is never 0.
      const std::array<float, 4> weights{0.5f, 1.0f, 2.0f, 0.0f};
      const bool last = facts.readout == Readout::last || t == lengths[b] - 1;
      batch.weight[p] = last || inside ? weights[rng.below(last ? 3 : 4)] : 0.0f;
      if (facts.loss == LossKind::mse) {
        for (std::size_t j = 0; j < static_cast<std::size_t>(facts.outputs); ++j) {
          batch.y[p * static_cast<std::size_t>(facts.outputs) + j] =
              static_cast<float>(rng.normal());
        }
      } else {
        batch.label[p] =
            static_cast<std::int32_t>(rng.below(static_cast<std::uint32_t>(facts.outputs)));
      }
    }
  }
  return batch;
}

/// A model with memory for one shard, all but the slab full of NaN.
template <class S>
struct ModelRun {
  std::unique_ptr<Model<S>> model;
  Slab<S> theta, packed, slab, frame;

  ModelRun(const ModelOptions& options, const Facts& facts, int b)
      : model(make_model<S>(options, facts)),
        theta(model->parameters().size()),
        packed(spoiled(model->packed_size())),
        slab(model->slab_size()),
        frame(spoiled(model->frame_size(facts.length, b))) {}

  void set(const std::vector<double>& values) {
    for (std::size_t i = 0; i < theta.size(); ++i) theta[i] = static_cast<S>(values[i]);
    model->pack(theta.data(), packed.data());
  }
  LossSums evaluate(const Batch& batch) const {
    return model->evaluate(packed.data(), batch, frame.data());
  }
  LossSums train(const Batch& batch, std::span<const StateTrace> traces = {}) const {
    return model->train(packed.data(), batch, slab.data(), frame.data(), traces);
  }
  std::vector<double> gradient() const {
    std::vector<S> g(theta.size(), S{0});
    model->unpack(theta.data(), slab.data(), S{1}, g.data());
    return {g.begin(), g.end()};
  }

 private:
  static Slab<S> spoiled(std::size_t n) {
    Slab<S> memory(n);
    for (std::size_t i = 0; i < n; ++i) memory[i] = std::numeric_limits<S>::quiet_NaN();
    return memory;
  }
};

/// Parameters that are nowhere zero.
inline std::vector<double> random_parameters(const ModelOptions& options, const Facts& facts) {
  return float_noise(make_model<double>(options, facts)->parameters().size(),
                     0.7 / std::sqrt(static_cast<double>(options.hidden)), 11);
}

}  // namespace rnnlab::test
