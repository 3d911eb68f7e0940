#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "data/task.hpp"

namespace rnnlab {

/// What counting reaches, in bits per symbol of `scored`: uniform, unigram, bigram, trigram, 4-gram
/// and interpolated 4-gram, counted in `training` alone. With c the n − 1 symbols before x, N(c x)
/// and N(c) how often x and anything follow c, T(c) how many different symbols do, V = `symbols`:
///
///   n-gram         P(x | c) = (N(c x) + δ) / (N(c) + δ V), δ = 0.1: additive smoothing (Lidstone
///                  1920); where c was never seen, 1/V
///   interpolated   P(x | c) = (N(c x) + T(c) P(x | c')) / (N(c) + T(c)), c' without c's first
///                  symbol, and 1/V below the unigram: Witten and Bell (1991); where c was never
///                  seen, P(x | c')
///
/// Where V is some thousands, δ V outweighs what was seen: the first gets worse with n, and the
/// interpolated one is what a network has to beat (Chen and Goodman 1999 compare both).
///
/// Every symbol of `scored` counts, its first ones after the last ones of `training`.
/// REQUIRES: `scored` is not empty, every symbol is in 0 … V − 1.
std::vector<Baseline> ngram_baselines(std::span<const std::int32_t> training,
                                      std::span<const std::int32_t> scored, int symbols);

/// The same of separate sequences: the first symbol of each is given and not counted, and no
/// context goes beyond it. REQUIRES: some sequence of `scored` has two symbols or more.
using Sequences = std::vector<std::span<const std::int32_t>>;
std::vector<Baseline> ngram_baselines(const Sequences& training, const Sequences& scored,
                                      int symbols);

}  // namespace rnnlab
