#pragma once

#include <cstddef>
#include <optional>

#include "nn/losses/loss.hpp"

namespace rnnlab {

/// Connectionist temporal classification: labels l_1 … l_U in their order, at places that nobody
/// gives (Graves, Fernández, Gomez and Schmidhuber: Connectionist Temporal Classification, ICML
/// 2006; recursions in section 4.1, the gradient is equation 16).
///
/// Every step predicts one of K classes, labels or the blank "–", class 0. A path π is a class per
/// step; it stands for the labels that are left when equal neighbours are merged and blanks left
/// out:
///
///   a a – – a b b   →   a a b
///   p(l | x) = Σ over the paths of l of Π_t softmax(y_t)_{π_t}
///
/// Paths run through S = 2U + 1 states l' = – l_1 – l_2 – … l_U –, from one of the first two to one
/// of the last two. In each step they stay, go on by one, or by two, into a label that differs from
/// the one before (skip_s). With u_t = ln softmax(y_t)
///
///   ln α_t(s) = u_t(l'_s) + ln(α_{t−1}(s) + α_{t−1}(s−1) + skip_s α_{t−1}(s−2))
///   ln β_t(s) = ln(γ_{t+1}(s) + γ_{t+1}(s+1) + skip_{s+2} γ_{t+1}(s+2))
///   ln γ_t(s) = u_t(l'_s) + ln β_t(s)
///
/// and, whatever the step, p = Σ_s α_t(s) β_t(s), so that
///
///   ∂(−ln p)/∂y_t(k) = softmax(y_t)_k − Σ_{s: l'_s = k} α_t(s) β_t(s) / p
///
/// all in logarithms and in double: nothing underflows, however long the sequence. (Their β has the
/// step's own softmax in it, which they divide by again.)
///
/// Example b of T_b steps and weight w counts w (−ln p) in LossSums::loss and w T_b in its weight:
/// ℓ_b = −ln p / T_b, nats per step. `metric` and `labels` are w times the Levenshtein distance
/// from what the best path stands for (of every step the likeliest class, of equals the first) to
/// the target, and w U_b, so their ratio over any examples is Graves' label error rate.
///
/// Where no path has a target's labels (see fewest_steps() in base/label_sequence.hpp) −ln p is
/// infinite and the gradient is NaN: such an example is the task's to leave out, and ends a run as
/// diverged.
///
/// REQUIRES: labels in 1 … K − 1; an example's weights are equal over its own steps and 0 past its
/// end; Targets::scratch has ctc_scratch(y.T, most labels, K) entries. Allocates nothing.
template <class S>
LossSums ctc_loss(Seq<S> y, const Targets& targets, bool gradient);

/// Entries of scratch for an example of T steps, U labels and K classes, or a smaller one.
std::size_t ctc_scratch(int T, int U, int K);

/// The first scored example of a batch whose target is too long for its steps.
std::optional<int> too_long_target(const Batch&);

}  // namespace rnnlab
