#include "nn/layers/row_blocks.hpp"

#include <numeric>

namespace rnnlab {

template <class S>
std::vector<int> RowBlocks<S>::in_order(int gates) {
  std::vector<int> place(static_cast<std::size_t>(gates));
  std::iota(place.begin(), place.end(), 0);
  return place;
}

template <class S>
template <class F>
void RowBlocks<S>::for_each_run(F&& f) const {
  for (int k = 0; k < count(); ++k) {
    for (int g = 0; g < G_; ++g) {
      const int units = std::min(width(k), H_ - begin(k));
      f(g * H_ + begin(k), G_ * begin(k) + place_[static_cast<std::size_t>(g)] * width(k), units,
        k);
    }
  }
}

template <class S>
void RowBlocks<S>::pack(const S* weights, int N, S* packed) const {
  if (Hp_ != H_) std::fill_n(packed, packed_size(N), S{0});
  for_each_run([&](int from, int to, int units, int k) {
    const int rows = G_ * width(k);
    S* block = packed + size(N, G_ * begin(k)) + (to - G_ * begin(k));
    const S* matrix = weights + size(from, N);
    for (int n = 0; n < N; ++n) {
      for (int u = 0; u < units; ++u) block[size(n, rows) + u] = matrix[size(u, N) + n];
    }
  });
}

template <class S>
void RowBlocks<S>::unpack(const S* packed, int N, S scale, S* weights) const {
  for_each_run([&](int to, int from, int units, int k) {
    const int rows = G_ * width(k);
    const S* block = packed + size(N, G_ * begin(k)) + (from - G_ * begin(k));
    S* matrix = weights + size(to, N);
    for (int u = 0; u < units; ++u) {
      for (int n = 0; n < N; ++n) matrix[size(u, N) + n] += scale * block[size(n, rows) + u];
    }
  });
}

template <class S>
void RowBlocks<S>::pack_transposed(const S* weights, int N, S* packed) const {
  if (Hp_ != H_ || N % L != 0) std::fill_n(packed, transposed_size(N), S{0});
  for (int p = 0; p < panels(N); ++p) {
    const int width_p = panel_width(N, p), columns = std::min(width_p, N - panel * p);
    S* out = packed + size(rows(), panel * p);
    for_each_run([&](int from, int to, int units, int) {
      for (int u = 0; u < units; ++u) {
        std::copy_n(weights + size(from + u, N) + panel * p, columns, out + size(to + u, width_p));
      }
    });
  }
}

template class RowBlocks<float>;
template class RowBlocks<double>;

}  // namespace rnnlab
