#pragma once

#include <algorithm>

#include "nn/layers/composite_frame.hpp"

namespace rnnlab {

// A step program's gather at step t, and its adjoint.

template <class S>
void gather(const CompositeParts<S>& parts, const CompositeFrame<S>& f,
            const typename CompositeParts<S>::Gather& gather, int t) {
  for (const int target : gather.targets) {
    std::fill_n(f.value(target, t), size(f.columns(), parts.at(target).ld), S{0});
  }
  for (const auto& e : gather.entries) {
    const S* from = f.value(e.from, t) + e.from_place;
    S* to = f.value(e.to, t) + e.to_place;
    const int ld_from = parts.at(e.from).ld, ld_to = parts.at(e.to).ld;
    for (int column = 0; column < f.columns(); ++column) {
      std::copy_n(from + size(column, ld_from), e.count, to + size(column, ld_to));
    }
  }
}

template <class S>
void gather_back(const CompositeParts<S>& parts, const CompositeFrame<S>& f,
                 const typename CompositeParts<S>::Gather& gather, int t) {
  for (const int source : gather.cleared) {
    std::fill_n(f.adjoint(source, t), size(f.columns(), parts.at(source).ld_adjoint), S{0});
  }
  for (const auto& e : gather.entries) {
    const int ld_to = parts.at(e.from).ld_adjoint, ld_from = parts.at(e.to).ld_adjoint;
    for (int column = 0; column < f.columns(); ++column) {
      S* const to = f.adjoint(e.from, t) + size(column, ld_to) + e.from_place;
      const S* const from = f.adjoint(e.to, t) + size(column, ld_from) + e.to_place;
      for (int u = 0; u < e.count; ++u) to[u] += from[u];
    }
  }
}

}  // namespace rnnlab
