#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/view.hpp"

namespace rnnlab {

/// The first value, in the order of a training step's computation, that is not finite.
struct NonFinite {
  std::string tensor;  // `input`, `target`, `h`, `c`, `y`, `loss`, `dL/dh`, `gradient` …
  std::string of;      // the layer or the parameter; empty: nobody's
  int time = -1;       // time step of the step's window, from 0; −1: none
  int example = -1;    // column of the batch; −1: none
  double value = 0;
  /// Largest magnitudes of the same tensor at the time steps (of this pass) before, oldest first.
  std::vector<double> before = {};
};

/// Where it stands in a sentence: "h of layers.0.forward is inf at time step 12 of example 3".
std::string described(const NonFinite&);

/// A tensor of a pass.
template <class S>
struct NamedSeq {
  const char* name;
  Seq<const S> values;
};

/// The first value that is not finite in tensors that are computed together, step by step in time
/// and at each step in this order.
template <class S>
std::optional<NonFinite> first_nonfinite(const std::vector<NamedSeq<S>>& tensors,
                                         const std::string& of) {
  constexpr int shown = 5;
  const int T = tensors.empty() ? 0 : tensors.front().values.T;
  for (int t = 0; t < T; ++t) {
    for (const auto& [name, values] : tensors) {
      for (int b = 0; b < values.B; ++b) {
        const S* const column = values.at(t, b);
        const S* const found = std::find_if_not(column, column + values.F,
                                                [](S value) { return std::isfinite(value); });
        if (found == column + values.F) continue;
        NonFinite result{name, of, t, b, static_cast<double>(*found)};
        for (int before = std::max(0, t - shown); before < t; ++before) {
          double largest = 0;
          for (int other = 0; other < values.B; ++other) {
            const S* const from = values.at(before, other);
            for (int i = 0; i < values.F; ++i)
              largest = std::max(largest, std::abs(static_cast<double>(from[i])));
          }
          result.before.push_back(largest);
        }
        return result;
      }
    }
  }
  return std::nullopt;
}

}  // namespace rnnlab
