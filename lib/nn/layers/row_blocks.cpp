#include "nn/layers/row_blocks.hpp"

#include <cstring>
#include <numeric>
#include <utility>

namespace rnnlab {
namespace {

/// L rows of L values in registers.
template <class S>
class Square {
 public:
  void read(int i, const S* from) { std::memcpy(&rows_[i], from, sizeof(Row)); }
  void write(int i, S* to) const { std::memcpy(to, &rows_[i], sizeof(Row)); }
  void add(int i, S scale, S* to) const {
    Row sum;
    std::memcpy(&sum, to, sizeof(sum));
    sum += scale * rows_[i];
    std::memcpy(to, &sum, sizeof(sum));
  }

  /// log₂ L rounds, each of which shuffles the upper half of the rows into the lower one: a round
  /// turns the bits of an entry's place, row before lane, by one.
  void transpose() {
    for (int round = 1; round < L; round *= 2) shuffle(std::make_integer_sequence<int, L>{});
  }

 private:
  static constexpr int L = lanes<S>;
  using Row = typename Register<S>::Type;

  template <int... I>
  [[gnu::always_inline]] void shuffle(std::integer_sequence<int, I...>) {
    Row next[L];
    for (int i = 0; i < L / 2; ++i) {
      const Row a = rows_[i], b = rows_[i + L / 2];
      next[2 * i] = __builtin_shufflevector(a, b, (I / 2 + I % 2 * L)...);
      next[2 * i + 1] = __builtin_shufflevector(a, b, (L / 2 + I / 2 + I % 2 * L)...);
    }
    std::copy_n(next, L, rows_);
  }

  Row rows_[L];
};

/// Covers units × N: whole squares of L, square(u, n) from (u, n) on, and single entries beside
/// them.
template <int L, class Square, class Entry>
void for_tiles(int units, int N, Square&& square, Entry&& entry) {
  const int whole_u = units - units % L, whole_n = N - N % L;
  for (int n = 0; n < whole_n; n += L) {
    for (int u = 0; u < whole_u; u += L) square(u, n);
  }
  for (int u = 0; u < units; ++u) {
    for (int n = u < whole_u ? whole_n : 0; n < N; ++n) entry(u, n);
  }
}

}  // namespace

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
void RowBlocks<S>::pack(const S* weights, int N, S* packed, int ld) const {
  const int apart = ld > 0 ? ld : N;
  if (Hp_ != H_) std::fill_n(packed, packed_size(N), S{0});
  for_each_run([&](int from, int to, int units, int k) {
    const int rows = G_ * width(k);
    S* block = packed + size(N, G_ * begin(k)) + (to - G_ * begin(k));
    const S* matrix = weights + size(from, apart);
    for_tiles<L>(
        units, N,
        [&](int u, int n) {
          Square<S> square;
          for (int i = 0; i < L; ++i) square.read(i, matrix + size(u + i, apart) + n);
          square.transpose();
          for (int i = 0; i < L; ++i) square.write(i, block + size(n + i, rows) + u);
        },
        [&](int u, int n) { block[size(n, rows) + u] = matrix[size(u, apart) + n]; });
  });
}

template <class S>
void RowBlocks<S>::unpack(const S* packed, int N, S scale, S* weights, int ld) const {
  const int apart = ld > 0 ? ld : N;
  for_each_run([&](int to, int from, int units, int k) {
    const int rows = G_ * width(k);
    const S* block = packed + size(N, G_ * begin(k)) + (from - G_ * begin(k));
    S* matrix = weights + size(to, apart);
    for_tiles<L>(
        units, N,
        [&](int u, int n) {
          Square<S> square;
          for (int i = 0; i < L; ++i) square.read(i, block + size(n + i, rows) + u);
          square.transpose();
          for (int i = 0; i < L; ++i) square.add(i, scale, matrix + size(u + i, apart) + n);
        },
        [&](int u, int n) { matrix[size(u, apart) + n] += scale * block[size(n, rows) + u]; });
  });
}

template <class S>
void RowBlocks<S>::pack_transposed(const S* weights, int N, S* packed, int ld) const {
  const int apart = ld > 0 ? ld : N;
  if (Hp_ != H_ || N % L != 0) std::fill_n(packed, transposed_size(N), S{0});
  for (int p = 0; p < panels(N); ++p) {
    const int width_p = panel_width(N, p), columns = std::min(width_p, N - panel * p);
    S* out = packed + size(rows(), panel * p);
    for_each_run([&](int from, int to, int units, int) {
      for (int u = 0; u < units; ++u) {
        std::copy_n(weights + size(from + u, apart) + panel * p, columns,
                    out + size(to + u, width_p));
      }
    });
  }
}

template class RowBlocks<float>;
template class RowBlocks<double>;

}  // namespace rnnlab
