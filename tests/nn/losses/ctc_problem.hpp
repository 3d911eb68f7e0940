#pragma once

#include <algorithm>
#include <vector>

#include "nn/layers/layer_run.hpp"
#include "nn/losses/ctc.hpp"
#include "reference/ctc.hpp"

namespace rnnlab::test {

using reference::Labels;

/// Examples of these lengths and targets under one loss, in one batch of the longest length.
struct CtcProblem {
  int K;
  std::vector<int> length;
  std::vector<Labels> target;

  int B() const { return static_cast<int>(length.size()); }
  int T() const { return *std::max_element(length.begin(), length.end()); }
  int U() const {
    std::size_t most = 1;
    for (const Labels& labels : target) most = std::max(most, labels.size());
    return static_cast<int>(most);
  }
  /// Of more steps and labels than any example has, if asked for.
  Batch batch(int more_steps = 0, int more_labels = 0) const {
    Batch batch;
    batch.reset({.inputs = 1,
                 .outputs = K,
                 .length = T() + more_steps,
                 .target_length = U() + more_labels,
                 .loss = LossKind::ctc,
                 .readout = Readout::every},
                B());
    batch.length = length;
    for (std::size_t b = 0; b < length.size(); ++b) {
      batch.target_steps[b] = static_cast<int>(target[b].size());
      for (std::size_t u = 0; u < target[b].size(); ++u)
        batch.label[u * length.size() + b] = target[b][u];
      for (std::size_t t = static_cast<std::size_t>(length[b]); size(1, batch.T) > t; ++t)
        batch.weight[t * length.size() + b] = 0;
    }
    return batch;
  }
};

struct CtcResult {
  LossSums sums;
  std::vector<double> gradient;  // [T, B, K]
  double padding = 0;            // largest magnitude between the columns
};

/// The loss of logits [T, B, K] that are single numbers.
template <class S>
CtcResult ctc_of(const Batch& batch, const std::vector<double>& logits, int K,
                 bool gradient = true) {
  const int U = static_cast<int>(batch.label.size()) / batch.B;
  const OwnedSeq<S> y(logits, batch.T, batch.B, K, round_up(K, lanes<S>), 77);
  const Slab<double> scratch(ctc_scratch(batch.T, U, K));
  for (std::size_t i = 0; i < scratch.size(); ++i) scratch[i] = std::nan("");
  Targets targets = targets_of(batch);
  targets.scratch = scratch.data();
  CtcResult result{loss(LossKind::ctc, y.view(), targets, gradient), dense_copy<S>(y.view())};
  for (int t = 0; t < batch.T; ++t) {
    for (int b = 0; b < batch.B; ++b) {
      for (int k = K; k < y.view().ld; ++k)
        result.padding =
            std::max(result.padding, std::abs(static_cast<double>(y.view().at(t, b)[k])));
    }
  }
  return result;
}

}  // namespace rnnlab::test
