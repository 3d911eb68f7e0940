#include "nn/layers/attention_core.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.hpp"
#include "math/gemm.hpp"
#include "math/lanes.hpp"

namespace rnnlab {

template <class S>
AttentionCore<S>::AttentionCore(int width, int heads, bool causal)
    : width_(width),
      heads_(heads),
      d_(width / heads),
      dp_(round_up(width / heads, lanes<S>)),
      ld_(round_up(width, lanes<S>)),
      causal_(causal) {
  RNNLAB_CHECK_EQ(width % heads, 0);
}

template <class S>
auto AttentionCore<S>::frame(Carver<S>& c, int Tq, int Tm, int b) const -> Frame {
  const std::size_t q = size(tiles(Tq) * tile, dp_), m = size(tiles(Tm) * tile, dp_);
  Frame f{};
  f.y = c.take(size(Tq, b, ld_));
  f.share = c.take(size(b, heads_) * size(tiles(Tq) * tile, tiles(Tm) * tile));
  f.shown = c.take(size(Tq, b, heads_ * Tm));
  f.q = c.take(q);
  f.dq = c.take(q);
  f.dy = c.take(q);
  f.k = c.take(m);
  f.v = c.take(m);
  f.dk = c.take(m);
  f.dv = c.take(m);
  f.ds = c.take(size(tiles(Tm), tile, tile));
  return f;
}

template <class S>
std::size_t AttentionCore<S>::frame_size(int Tq, int Tm, int b) const {
  return room_for<S>([&](Carver<S>& carver) { frame(carver, Tq, Tm, b); });
}

template <class S>
Seq<const S> AttentionCore<S>::output(S* memory, int Tq, int Tm, int b) const {
  Carver<S> carver(memory);
  return {frame(carver, Tq, Tm, b).y, Tq, b, width_, ld_};
}

template <class S>
int AttentionCore<S>::allowed(int i, int queries, int memory) const {
  if (i >= queries) return 0;
  return causal_ ? std::min(i + 1, memory) : memory;
}

template <class S>
int AttentionCore<S>::tiles_for(int i, int memory) const {
  return causal_ ? std::min(i + 1, tiles(memory)) : tiles(memory);
}

template <class S>
S* AttentionCore<S>::share(const Frame& f, int Tq, int Tm, int column, int head, int i,
                           int j) const {
  const int tile_row = (column * heads_ + head) * tiles(Tq) + i;
  return f.share + (size(tile_row, tiles(Tm)) + static_cast<std::size_t>(j)) * size(tile, tile);
}

// Between sequences and the tiles of one head ---------------------------------------------------

template <class S>
void AttentionCore<S>::gather(Seq<const S> from, int column, int head, int steps, S factor,
                              S* to) const {
  std::fill_n(to, size(tiles(steps) * tile, dp_), S{0});
  for (int t = 0; t < steps; ++t) {
    const S* x = from.at(t, column) + head * d_;
    for (int u = 0; u < d_; ++u) to[size(t, dp_) + static_cast<std::size_t>(u)] = factor * x[u];
  }
}

template <class S>
void AttentionCore<S>::gather_transposed(Seq<const S> from, int column, int head, int steps,
                                         S* to) const {
  std::fill_n(to, size(tiles(steps) * tile, dp_), S{0});
  for (int t = 0; t < steps; ++t) {
    const S* x = from.at(t, column) + head * d_;
    S* at = to + size(t / tile * tile, dp_) + t % tile;
    for (int u = 0; u < d_; ++u) at[size(u, tile)] = x[u];
  }
}

template <class S>
void AttentionCore<S>::scatter(const S* from, int steps, S factor, Seq<S> to, int column,
                               int head) const {
  for (int t = 0; t < to.T; ++t) {
    S* x = to.at(t, column) + head * d_;
    for (int u = 0; u < d_; ++u)
      x[u] = t < steps ? factor * from[size(t, dp_) + static_cast<std::size_t>(u)] : S{0};
  }
}

// One tile of queries ---------------------------------------------------------------------------

/// Scores to weights in place, query by query.
template <class S>
void AttentionCore<S>::softmax(S* scores, int count, int i, int queries, int memory) const {
  constexpr int L = lanes<S>;
  constexpr S lowest = -std::numeric_limits<S>::infinity();
  for (int c = 0; c < tile; ++c) {
    const int seen = allowed(i * tile + c, queries, memory);
    const auto for_each_group = [&](auto&& f) {
      for (int place = 0; place < count * tile; place += L) {
        f(scores + size(place / tile, tile, tile) + size(c, tile) + place % tile, seen - place);
      }
    };
    S largest = lowest;
    for_each_group([&](const S* at, int real) {
      if (real > 0) largest = std::max(largest, first_lanes(load(at), real, lowest).maxCoeff());
    });
    Lane<S> sum = Lane<S>::Zero();
    for_each_group([&](S* at, int real) {
      if (real <= 0) return store<S>(at, Lane<S>::Zero());
      const Lane<S> e = first_lanes(Lane<S>((load(at) - largest).exp()), real, S{0});
      sum += e;
      store<S>(at, e);
    });
    if (seen == 0) continue;
    const S share = S{1} / sum.sum();
    for_each_group([&](S* at, int) { store<S>(at, load(at) * share); });
  }
}

/// ds, ∂L/∂A, becomes the gradient by the scores: A ∘ (∂L/∂A − Σ A ∘ ∂L/∂A), query by query.
template <class S>
void AttentionCore<S>::softmax_backward(const S* share, S* ds, int count) const {
  constexpr int L = lanes<S>;
  for (int c = 0; c < tile; ++c) {
    const auto for_each_group = [&](auto&& f) {
      for (int place = 0; place < count * tile; place += L)
        f(size(place / tile, tile, tile) + size(c, tile) + static_cast<std::size_t>(place % tile));
    };
    Lane<S> sum = Lane<S>::Zero();
    for_each_group([&](std::size_t at) { sum += load(share + at) * load(ds + at); });
    const S mean = sum.sum();
    for_each_group(
        [&](std::size_t at) { store<S>(ds + at, load(share + at) * (load(ds + at) - mean)); });
  }
}

// Passes ----------------------------------------------------------------------------------------

template <class S>
Seq<S> AttentionCore<S>::forward(Seq<const S> q, Seq<const S> k, Seq<const S> v, S* memory) const {
  RNNLAB_CHECK_EQ(q.F, width_);
  RNNLAB_CHECK_EQ(k.T, v.T);
  Carver<S> carver(memory);
  const Frame f = frame(carver, q.T, k.T, q.B);
  const Seq<S> y{f.y, q.T, q.B, width_, ld_, q.length};
  for (int column = 0; column < q.T * q.B; ++column)
    std::fill(y.p + size(column, ld_) + width_, y.p + size(column + 1, ld_), S{0});
  const Product<S> scores(
      {.m = tile, .n = tile, .k = dp_, .lda = tile, .ldb = dp_, .ldc = tile, .accumulate = false});
  const Product<S> mix({.m = dp_, .n = tile, .k = tile, .lda = dp_, .ldb = tile, .ldc = dp_});
  const S scale = S{1} / std::sqrt(static_cast<S>(d_));
  for (int column = 0; column < q.B; ++column) {
    const int queries = steps(q.length, column, q.T), places = steps(k.length, column, k.T);
    for (int head = 0; head < heads_; ++head) {
      gather(q, column, head, queries, scale, f.q);
      gather_transposed(k, column, head, places, f.k);
      gather(v, column, head, places, S{1}, f.v);
      std::fill_n(f.dy, size(tiles(queries) * tile, dp_), S{0});
      for (int i = 0; i < tiles(queries); ++i) {
        const int count = tiles_for(i, places);
        const std::size_t at = size(i * tile, dp_);
        for (int j = 0; j < count; ++j)
          scores(f.k + size(j * tile, dp_), f.q + at, share(f, q.T, k.T, column, head, i, j));
        softmax(share(f, q.T, k.T, column, head, i, 0), count, i, queries, places);
        for (int j = 0; j < count; ++j)
          mix(f.v + size(j * tile, dp_), share(f, q.T, k.T, column, head, i, j), f.dy + at);
      }
      scatter(f.dy, queries, S{1}, y, column, head);
    }
  }
  return y;
}

template <class S>
void AttentionCore<S>::backward(Seq<const S> q, Seq<const S> k, Seq<const S> v, Seq<const S> dy,
                                Seq<S> dq, Seq<S> dk, Seq<S> dv, S* memory) const {
  Carver<S> carver(memory);
  const Frame f = frame(carver, q.T, k.T, q.B);
  const Product<S> by_share(
      {.m = tile, .n = tile, .k = dp_, .lda = tile, .ldb = dp_, .ldc = tile, .accumulate = false});
  const Product<S> mix({.m = dp_, .n = tile, .k = tile, .lda = dp_, .ldb = tile, .ldc = dp_});
  const Product<S> spread(
      {.m = dp_, .n = tile, .k = tile, .lda = dp_, .ldb = tile, .ldc = dp_, .transpose_b = true});
  const S scale = S{1} / std::sqrt(static_cast<S>(d_));
  for (int column = 0; column < q.B; ++column) {
    const int queries = steps(q.length, column, q.T), places = steps(k.length, column, k.T);
    for (int head = 0; head < heads_; ++head) {
      gather(q, column, head, queries, scale, f.q);
      gather(k, column, head, places, S{1}, f.k);
      gather_transposed(v, column, head, places, f.v);
      gather(dy, column, head, queries, S{1}, f.dy);
      std::fill_n(f.dq, size(tiles(queries) * tile, dp_), S{0});
      std::fill_n(f.dk, size(tiles(places) * tile, dp_), S{0});
      std::fill_n(f.dv, size(tiles(places) * tile, dp_), S{0});
      for (int i = 0; i < tiles(queries); ++i) {
        const int count = tiles_for(i, places);
        const std::size_t at = size(i * tile, dp_);
        for (int j = 0; j < count; ++j)
          by_share(f.v + size(j * tile, dp_), f.dy + at, f.ds + size(j, tile, tile));
        softmax_backward(share(f, q.T, k.T, column, head, i, 0), f.ds, count);
        for (int j = 0; j < count; ++j) {
          const std::size_t place = size(j * tile, dp_);
          spread(f.dy + at, share(f, q.T, k.T, column, head, i, j), f.dv + place);
          spread(f.q + at, f.ds + size(j, tile, tile), f.dk + place);
          mix(f.k + place, f.ds + size(j, tile, tile), f.dq + at);
        }
      }
      scatter(f.dq, queries, scale, dq, column, head);
      scatter(f.dk, places, S{1}, dk, column, head);
      scatter(f.dv, places, S{1}, dv, column, head);
    }
  }
}

template <class S>
Seq<const S> AttentionCore<S>::weights(S* memory, int Tq, int Tm, int b, const int* queries,
                                       const int* places) const {
  Carver<S> carver(memory);
  const Frame f = frame(carver, Tq, Tm, b);
  const Seq<S> shown{f.shown, Tq, b, heads_ * Tm, heads_ * Tm};
  for (int column = 0; column < b; ++column) {
    for (int n = 0; n < Tq; ++n) {
      const int seen = allowed(n, steps(queries, column, Tq), steps(places, column, Tm));
      for (int head = 0; head < heads_; ++head) {
        S* to = shown.at(n, column) + head * Tm;
        for (int m = 0; m < Tm; ++m) {
          to[m] = m < seen ? share(f, Tq, Tm, column, head, n / tile,
                                   m / tile)[size(n % tile, tile) + m % tile]
                           : S{0};
        }
      }
    }
  }
  return shown;
}

template class AttentionCore<float>;
template class AttentionCore<double>;

}  // namespace rnnlab
