#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/arena.hpp"
#include "nn/model.hpp"

namespace rnnlab {

/// How likely a language model holds different continuations of one text.
///
///   ln P(s_1 … s_n | context) = Σ ln p(s_i | context, s_1 … s_{i−1})
class Continuations {
 public:
  /// `parameters` in the order of the model's layout. The model's facts have length 1.
  Continuations(const ModelOptions&, const Facts&, std::span<const double> parameters);

  /// Lengthens the context.
  void read(std::int32_t symbol);
  /// ln P of each continuation in nats, several side by side; the context stays. REQUIRES: a symbol
  /// has been read.
  std::vector<double> log_probabilities(std::span<const std::vector<std::int32_t>>);

 private:
  void predict(int columns, float* states, bool fresh);
  double log_probability(int column, std::int32_t symbol) const;

  std::unique_ptr<Model<float>> model_;
  Facts facts_;
  Batch batch_;
  Slab<float> packed_, frame_, context_, states_;
  std::vector<double> next_;  // ln p of each symbol after the context
  Seq<float> logits_;
  bool begins_ = true;
};

}  // namespace rnnlab
