#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "study/evaluation.hpp"

namespace rnnlab {

/// A target, or what was predicted in its place: symbols as a text, or values.
struct Answer {
  std::string text;
  std::vector<float> values;
};

/// An example of a test split, and what a trained run makes of it.
struct Prediction {
  std::uint64_t example;
  std::vector<std::string> sources;  // as texts, one or two; empty where inputs are numbers
  Answer target, predicted;
};

/// Of every example of the test split, in its order, where it has targets:
///
///   classes                the likeliest one, at every step that is scored
///   sequence to sequence   what greedy decoding finds, the end left out
///   ctc                    the labels of the likeliest path (Graves et al. 2006, section 3.2)
///   binary outputs         the probability of each
///   values                 themselves
///
/// A model that writes one symbol after the other without a decoder has read the true ones so far.
/// Symbols follow each other where the text of each is one character, else with blanks between;
/// those that have no text stand there by number. Throws Error(usage) where the test is a stream.
std::vector<Prediction> test_predictions(RunEvaluator&, const TrainedRun&, const Task&);

}  // namespace rnnlab
