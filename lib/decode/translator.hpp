#pragma once

#include <memory>
#include <span>
#include <vector>

#include "decode/beam.hpp"
#include "nn/model.hpp"

namespace rnnlab {

/// A trained sequence-to-sequence model, from a source's symbols to targets.
class Translator {
 public:
  /// `parameters` in the order of the model's layout, `trained` the facts that it was trained with,
  /// `longest` the most symbols that a source will have. Throws Error(usage) if the facts do not
  /// fit, or the model cannot read as long a source.
  Translator(const ModelOptions&, const Facts& trained, int longest,
             std::span<const double> parameters, const BeamOptions&);

  /// Targets, best score first. They have at most as many steps as the longest one in training, and
  /// one more for every symbol that the source is longer than the longest one there.
  /// REQUIRES: 1 … `longest` symbols.
  std::vector<Hypothesis> operator()(std::span<const std::int32_t> source);

 private:
  Facts facts_;
  const int length_, target_length_;  // as trained
  std::unique_ptr<Model<float>> model_;
  Slab<float> packed_;
  Batch source_;
  BeamSearch search_;
};

}  // namespace rnnlab
