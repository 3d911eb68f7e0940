#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

// Connectionist temporal classification by its definition, and by another algorithm than ours.

namespace rnnlab::reference {

using Labels = std::vector<std::int32_t>;
using Matrix = std::vector<std::vector<double>>;  // [T][K]

/// What a path stands for, a state at a time: it says a label when it enters one.
inline Labels said_by(const std::vector<int>& path) {
  Labels said;
  int before = 0;
  for (const int k : path) {
    if (k != 0 && k != before) said.push_back(k);
    before = k;
  }
  return said;
}

/// Of logits [T, K].
inline Matrix softmax_of(const std::vector<double>& logits, std::size_t K) {
  Matrix p;
  for (auto row = logits.begin(); row != logits.end(); row += static_cast<std::ptrdiff_t>(K)) {
    p.emplace_back(row, row + static_cast<std::ptrdiff_t>(K));
    double sum = 0;
    for (double& v : p.back()) sum += v = std::exp(v);
    for (double& v : p.back()) v /= sum;
  }
  return p;
}

struct CtcLoss {
  double loss = 0;  // −ln p
  Matrix gradient;  // … by the logits
};

/// The sum over all K^T paths.
inline CtcLoss brute_force(const Matrix& softmax, const Labels& target) {
  const std::size_t T = softmax.size(), K = softmax[0].size();
  CtcLoss exact{0, Matrix(T, std::vector<double>(K))};
  double all = 0;
  std::vector<int> path(T);
  for (bool more = true; more;) {
    if (said_by(path) == target) {
      double p = 1;
      for (std::size_t t = 0; t < T; ++t) p *= softmax[t][static_cast<std::size_t>(path[t])];
      all += p;
      for (std::size_t t = 0; t < T; ++t) exact.gradient[t][static_cast<std::size_t>(path[t])] += p;
    }
    more = false;
    for (std::size_t t = 0; t < T && !more; ++t) {
      path[t] = (path[t] + 1) % static_cast<int>(K);
      more = path[t] != 0;
    }
  }
  for (std::size_t t = 0; t < T; ++t) {
    for (std::size_t k = 0; k < K; ++k)
      exact.gradient[t][k] = softmax[t][k] - exact.gradient[t][k] / all;
  }
  exact.loss = -std::log(all);
  return exact;
}

/// Every target of up to `most` of the labels 1 … K − 1.
inline std::vector<Labels> all_targets(int K, std::size_t most) {
  std::vector<Labels> all{{}};
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].size() == most) continue;
    for (int k = 1; k < K; ++k) {
      all.push_back(all[i]);
      all.back().push_back(k);
    }
  }
  return all;
}

/// The smallest cost of turning a into b, from places i and j on, tried out.
template <class Sequence>
int edits_between(const Sequence& a, const Sequence& b, std::size_t i = 0, std::size_t j = 0) {
  if (i == a.size()) return static_cast<int>(b.size() - j);
  if (j == b.size()) return static_cast<int>(a.size() - i);
  return std::min({edits_between(a, b, i + 1, j) + 1, edits_between(a, b, i, j + 1) + 1,
                   edits_between(a, b, i + 1, j + 1) + (a[i] != b[j])});
}

/// Probabilities rescaled in every step, not logarithms (Graves et al. 2006, section 4.1), in long
/// double.
inline CtcLoss rescaled(const Matrix& softmax, const Labels& target) {
  const std::size_t T = softmax.size(), S = 2 * target.size() + 1;
  const auto label = [&](std::size_t s) {
    return s % 2 == 0 ? std::size_t{0} : static_cast<std::size_t>(target[s / 2]);
  };
  const auto skips = [&](std::size_t s) {
    return s >= 2 && label(s) != 0 && label(s) != label(s - 2);
  };
  using Row = std::vector<long double>;
  std::vector<Row> alpha(T, Row(S)), beta(T, Row(S));
  long double log_p = 0;
  for (std::size_t t = 0; t < T; ++t) {
    long double scale = 0;
    for (std::size_t s = 0; s < S; ++s) {
      long double from = t == 0 ? (s < 2 ? 1.0L : 0.0L) : alpha[t - 1][s];
      if (t > 0 && s > 0) from += alpha[t - 1][s - 1];
      if (t > 0 && skips(s)) from += alpha[t - 1][s - 2];
      alpha[t][s] = from * static_cast<long double>(softmax[t][label(s)]);
      scale += alpha[t][s];
    }
    for (long double& a : alpha[t]) a /= scale;
    log_p += std::log(scale);
  }
  log_p += std::log(alpha[T - 1][S - 1] + (S > 1 ? alpha[T - 1][S - 2] : 0));
  for (std::size_t t = T; t-- > 0;) {
    long double scale = 0;
    for (std::size_t s = 0; s < S; ++s) {
      const auto later = [&](std::size_t to) {
        return beta[t + 1][to] * static_cast<long double>(softmax[t + 1][label(to)]);
      };
      if (t + 1 == T) {
        beta[t][s] = s + 2 >= S ? 1 : 0;
      } else {
        beta[t][s] = later(s) + (s + 1 < S ? later(s + 1) : 0) +
                     (s + 2 < S && skips(s + 2) ? later(s + 2) : 0);
      }
      scale += beta[t][s];
    }
    for (long double& b : beta[t]) b /= scale;
  }
  CtcLoss exact{static_cast<double>(-log_p), softmax};
  for (std::size_t t = 0; t < T; ++t) {
    long double all = 0;
    for (std::size_t s = 0; s < S; ++s) all += alpha[t][s] * beta[t][s];
    for (std::size_t s = 0; s < S; ++s)
      exact.gradient[t][label(s)] -= static_cast<double>(alpha[t][s] * beta[t][s] / all);
  }
  return exact;
}

}  // namespace rnnlab::reference
