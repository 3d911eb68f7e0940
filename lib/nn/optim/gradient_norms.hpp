#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "math/ordered_sum.hpp"
#include "nn/params.hpp"

namespace rnnlab {

/// L2 norms of a gradient in θ's layout, whole and by parameter, from sums of squares over fixed
/// pieces: cut where a tile of the slab ends and where a parameter does. Tiles may be measured in
/// any order and thread; the pieces are added in their own.
class GradientNorms {
 public:
  /// Part of the code's `numerics`.
  static constexpr std::size_t tile = std::size_t{1} << 14;

  explicit GradientNorms(const ParamLayout& layout) {
    for (std::size_t i = 0; i < layout.count(); ++i) {
      const std::size_t last = layout[i].offset + layout[i].size();
      for (std::size_t begin = layout[i].offset, end; begin < last; begin = end) {
        end = std::min(last, (begin / tile + 1) * tile);
        pieces_.push_back({i, begin, end});
      }
    }
  }

  /// Measures the pieces inside [begin, end), which are whole tiles or end with the slab.
  template <class S>
  void measure(const S* gradient, std::size_t begin, std::size_t end) {
    const auto before = [](const Piece& piece, std::size_t at) { return piece.begin < at; };
    for (auto p = std::lower_bound(pieces_.begin(), pieces_.end(), begin, before);
         p != pieces_.end() && p->begin < end; ++p) {
      p->square = sum_of_squares(gradient + p->begin, p->end - p->begin);
    }
  }

  double whole() const {
    double sum = 0;
    for (const Piece& piece : pieces_) sum += piece.square;
    return std::sqrt(sum);
  }
  /// `norms`: one per parameter.
  void by_parameter(std::span<double> norms) const {
    std::fill(norms.begin(), norms.end(), 0.0);
    for (const Piece& piece : pieces_) norms[piece.parameter] += piece.square;
    for (double& norm : norms) norm = std::sqrt(norm);
  }

 private:
  struct Piece {
    std::size_t parameter, begin, end;
    double square = 0;
  };

  std::vector<Piece> pieces_;  // in the order of θ
};

}  // namespace rnnlab
