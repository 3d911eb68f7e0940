#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/arena.hpp"
#include "nn/source_decoder.hpp"

namespace rnnlab {

/// How a target is searched for.
struct BeamOptions {
  int beam = 1;               // k: hypotheses that are lengthened side by side; 1: greedy
  double length_penalty = 0;  // α of length_penalty()
  bool alignments = false;    // whether they are kept
};

/// A target as it was found.
struct Hypothesis {
  std::vector<std::int32_t> symbols;  // without the end symbol
  bool ended = false;                 // whether one follows; else the longest target was reached
  double log_probability = 0;         // nats, of all symbols, the end symbol among them
  double score = 0;                   // log_probability / length_penalty(steps, α)
  std::vector<float> alignment;       // [steps, T], if kept and the model has attention
};

/// ((5 + steps) / 6)^α, the end symbol counted as a step (Wu et al. 2016, equation 14): with α > 0
/// longer targets are less of a disadvantage.
double length_penalty(int steps, double alpha);

/// Beam search (Graves 2012; Sutskever, Vinyals and Le 2014): at every step all symbols are tried
/// after each of at most k hypotheses, and of all that come out the k likeliest stay; those among
/// them that end, or have as many steps as a target can have, are done. It goes on until none of
/// the others can get a better score than the k best that are done. Among equals the smaller symbol
/// comes first, then the earlier hypothesis. Log probabilities are added in double.
class BeamSearch {
 public:
  /// REQUIRES: decoder and packed outlive it; beam ≥ 1.
  BeamSearch(const SourceDecoder<float>&, const float* packed, const BeamOptions&);

  /// At most k targets of a source, a batch of one column, best score first; there is at least one.
  /// `steps`: of the longest target, its end symbol included, 1 … Facts::target_length. Throws
  /// Error(diverged) if the model predicts something that is not finite.
  std::vector<Hypothesis> operator()(const Batch& source, int steps);

 private:
  /// A hypothesis, seen from its last symbol.
  struct Node {
    std::int32_t symbol;
    int before;       // index in nodes_; −1: the empty one
    std::size_t row;  // of alignments_: what was looked at when the symbol was predicted
    int steps;
    double log_probability;
  };
  struct Candidate {
    int hypothesis;  // index in live_
    std::int32_t symbol;
    double log_probability;
  };
  struct Done {
    int node;
    double score;
    bool ended;
  };

  void lengthen(const Batch& source);
  void add_candidates(int hypothesis, double log_probability, std::span<const float> logits);
  void choose(int most_steps);
  bool decided(int most_steps) const;
  Hypothesis hypothesis(const Done&, int T) const;

  const SourceDecoder<float>& decoder_;
  const float* packed_;
  const BeamOptions options_;
  Slab<float> frame_;
  std::vector<float> states_, reordered_;  // [k, state_size]
  std::vector<std::int32_t> symbols_;      // [k], the last of each live hypothesis
  std::vector<int> live_;  // indices in nodes_, likeliest first; −1: the empty one
  std::vector<Node> nodes_;
  std::vector<Candidate> candidates_;
  std::vector<Done> done_;         // at most k, best score first
  std::vector<float> alignments_;  // rows [T], one per live hypothesis and step
  std::size_t rows_ = 0;           // of the steps before
};

}  // namespace rnnlab
