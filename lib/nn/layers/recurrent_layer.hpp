#pragma once

#include <algorithm>
#include <array>

#include "base/arena.hpp"
#include "base/phases.hpp"
#include "math/gemm.hpp"
#include "nn/cells/cell.hpp"
#include "nn/layers/carried_state.hpp"
#include "nn/layers/initial_state.hpp"
#include "nn/layers/one_hot.hpp"
#include "nn/layers/prefetch.hpp"
#include "nn/layers/recurrent.hpp"
#include "nn/layers/recurrent_weights.hpp"
#include "nn/layers/scaled_adjoint.hpp"
#include "nn/layers/time_blocks.hpp"

// The class and its forward pass; recurrent_backward.hpp has the rest.

namespace rnnlab {
// Of internal linkage, for the compiler to inline what is called once.
namespace {

template <std::size_t N>
constexpr int first_of(const std::array<int, N>& slots) {
  return *std::min_element(slots.begin(), slots.end());
}

/// See recurrent.hpp.
template <class Cell, class S>
class Recurrent final : public Layer<S> {
 public:
  explicit Recurrent(const RecurrentOptions& o)
      : weights_(o, CellShape::of<Cell>()),
        rows_(weights_.x_rows()),
        I_(o.inputs),
        H_(o.hidden),
        Hp_(rows_.padded()),
        ld_(G * Hp_ + L),
        input_gradient_(o.input_gradient),
        initial_(o.h0, o.suffix, H_, Hp_, carry) {}

  void declare(ParamLayout& layout) override {
    weights_.declare(layout);
    initial_.declare(layout);
  }
  void initialize(Key key, S* theta) const override {
    weights_.initialize(key, theta);
    initial_.initialize(key, theta);
  }
  std::size_t packed_size() const override {
    return room_for<S>([&](Carver<S>& carver) {
      weights_.packed(carver);
      initial_.take(carver);
    });
  }
  void pack(const S* theta, S* to) const override {
    Carver<S> carver(to);
    weights_.packed(carver);
    weights_.pack(theta, to);
    initial_.pack(theta, initial_.take(carver));
  }
  std::size_t slab_size() const override {
    return room_for<S>([&](Carver<S>& carver) {
      weights_.slab(carver);
      initial_.take(carver);
    });
  }
  void unpack(const S* theta, const S* from, S scale, S* to) const override {
    Carver<S> carver(const_cast<S*>(from));
    weights_.slab(carver);
    weights_.unpack(theta, from, scale, to);
    initial_.unpack(initial_.take(carver), scale, to);
  }
  std::size_t frame_size(int T, int b) const override {
    return room_for<S>([&](Carver<S>& carver) { frame(carver, T, b); });
  }
  Seq<S> forward(const S* weights, Seq<const S> x, S* memory, const Pass<S>& pass) const override;
  int state_size() const override { return carry * Hp_; }
  int state_at(int, int piece) const override { return piece < carry ? piece * Hp_ : -1; }
  bool regularizes() const override { return true; }
  int da_rows(int) const override { return G * Hp_; }
  int h_rows(int) const override { return H_; }
  Seq<const S> output(S* memory, int T, int b) const override { return state(0, memory, T, b); }
  std::vector<NamedSeq<S>> tensors(S* memory, int T, int b) const override {
    if constexpr (carry > 1) return {{"c", state(1, memory, T, b)}, {"h", state(0, memory, T, b)}};
    return {{"h", state(0, memory, T, b)}};
  }
  bool takes_last() const override { return true; }
  Upstream<S> backward(const S* weights, Seq<const S> x, const Upstream<S>& dy, S* gradient,
                       S* memory, const StateTrace& trace) const override;

 private:
  static constexpr int L = lanes<S>;
  static constexpr int G = Cell::gates, slots = Cell::slots, carry = Cell::carry;
  static constexpr int saved = Cell::saved, params = Cell::params;
  // W_ih feeds the run of G slots from x_first on, W_hh the one from h_first on.
  static constexpr int x_first = first_of(Cell::input_slot);
  static constexpr int h_first = first_of(Cell::recurrent_slot);
  static constexpr bool same_slots = x_first == h_first;

  using Packed = typename RecurrentWeights<S>::Packed;
  using Slab = typename RecurrentWeights<S>::Slab;
  struct Frame {
    std::array<S*, carry> s;   // [T+1, b, Hp] each; s[j] + 0 is the state before the first step
    S* keep;                   // [T], per block [b, saved, width]
    S* a;                      // [b, slots, width] of one block
    S* dh;                     // [b, Hp]: ∂L/∂h_t
    S* dc;                     // [b, Hp]: ∂L/∂c_t, for the trace
    std::array<S*, carry> ds;  // [b, Hp]: what flows to s_{t−1} beside W_hh
    S* da_h;                   // [time_block + 1, b, G·Hp]: gradient of what W_hh feeds
    S* da_x;           // [time_block + 1, b, G·Hp]: of what W_ih feeds; da_h where they agree
    S* dx;             // [T, b, Ip]
    int* dx_exponent;  // [T, b]
    int* starts;       // [b]: columns that start from the initial state, where that is trained
    S* h_omega;        // [time_block, b, Hp]: h_{t−1} with the regulariser's share
  };

  Frame frame(Carver<S>& c, int T, int b) const;
  Seq<const S> state(int j, S* memory, int T, int b) const {
    Carver<S> carver(memory);
    return {frame(carver, T, b).s[j] + size(b, Hp_), T, b, H_, Hp_};
  }

  /// The four products of a block or panel, for a full one and for the narrower last one.
  Product<S> product(int m, int n, int k, int ldb, int ldc, bool accumulate) const {
    return Product<S>(
        {.m = m, .n = n, .k = k, .lda = m, .ldb = ldb, .ldc = ldc, .accumulate = accumulate});
  }
  template <class F>
  auto full_and_last(int full, int last, F&& make) const {
    return std::array{make(full), make(last)};
  }
  bool is_last_block(int k) const { return k + 1 == rows_.count(); }

  /// The cell's own weights of the lane group u of a block.
  static std::array<Lane<S>, params> unit_weights(const S* unit, int begin, int width, int u) {
    std::array<Lane<S>, params> p;
    for (int j = 0; j < params; ++j) p[j] = load(unit + size(params, begin) + size(j, width) + u);
    return p;
  }
  void step(const Frame& f, const S* unit, int t, int b, int k) const;
  void step_back(const Frame& f, const S* unit, const Slab& g, int t, int slot, int b, int k,
                 bool last_step, bool trace) const;
  void add_upstream(const Upstream<S>& dy, S* dh, int t, int b, int begin, int width,
                    const ScaledAdjoint<S>& scaled) const;
  void write_trace(const Frame& f, const StateTrace& trace, int t, int slot, int b) const;
  /// to [b, Hp] = W_hhᵀ ∂L/∂a of the slot's step + its direct path: what reaches the h before it.
  void back_through_recurrent(const Frame& f, const Packed& w, int slot, int b, S* to) const;
  void regularize(const Frame& f, const Packed& w, const StateTrace& trace, int t, int slot,
                  int b) const;
  void add_initial(const Frame& f, int b, S* slab) const;
  void add_left(const Upstream<S>& dy, Seq<const S> x, int t, int j, S* to, int begin,
                int width) const;

  RecurrentWeights<S> weights_;
  const RowBlocks<S>& rows_;  // the cut into blocks, common to both orders
  int I_, H_, Hp_;
  int ld_;  // between columns of ∂L/∂a: at a power of two they would evict each other from L1
  bool input_gradient_;
  InitialState<S> initial_;
};

template <class Cell, class S>
auto Recurrent<Cell, S>::frame(Carver<S>& c, int T, int b) const -> Frame {
  Frame f{};
  for (S*& s : f.s) s = c.take(size(T + 1, b, Hp_));
  f.keep = c.take(size(T, b, saved * Hp_));
  f.a = c.take(size(b, slots, rows_.units()));
  f.dh = c.take(size(b, Hp_));
  f.dc = c.take(size(b, Hp_));
  for (S*& ds : f.ds) ds = c.take(size(b, Hp_));
  f.da_h = c.take(size(time_block + 1, b, ld_));
  f.da_x = same_slots ? f.da_h : c.take(size(time_block + 1, b, ld_));
  f.dx = c.take(input_gradient_ ? size(T, b, round_up(I_, L)) : 0);
  f.dx_exponent = take_ints(c, input_gradient_ ? size(T, b) : 0);
  f.starts = initial_.take_starts(c, b);
  f.h_omega = c.take(size(time_block, b, Hp_));
  return f;
}

// Forward ---------------------------------------------------------------------------------------

/// The cell's rule for block k at time t, from the pre-activations in f.a.
template <class Cell, class S>
void Recurrent<Cell, S>::step(const Frame& f, const S* unit, int t, int b, int k) const {
  const int begin = rows_.begin(k), width = rows_.width(k);
  const std::size_t stride = size(b, Hp_);
  S* keep = f.keep + size(t, saved) * stride + size(begin, b, saved);
  for (int column = 0; column < b; ++column) {
    for (int u = 0; u < width; u += L) {
      const S* a_from = f.a + size(column, slots, width) + u;
      const std::size_t at = size(column, Hp_) + begin + u;
      std::array<Lane<S>, slots> a;
      std::array<Lane<S>, carry> s, s_next;
      std::array<Lane<S>, saved> kept;
      for (int j = 0; j < slots; ++j) a[j] = load(a_from + size(j, width));
      for (int j = 0; j < carry; ++j) s[j] = load(f.s[j] + t * stride + at);
      forward_of<Cell>(a, s, unit_weights(unit, begin, width, u), s_next, kept);
      for (int j = 0; j < carry; ++j) store(f.s[j] + (t + 1) * stride + at, s_next[j]);
      for (int j = 0; j < saved; ++j)
        store(keep + size(column, saved, width) + size(j, width) + u, kept[j]);
    }
  }
}

template <class Cell, class S>
Seq<S> Recurrent<Cell, S>::forward(const S* weights, Seq<const S> x, S* memory,
                                   const Pass<S>& pass) const {
  const CarriedState<S>& carried = pass.carried;
  Carver<S> weight_carver(const_cast<S*>(weights)), frame_carver(memory);
  const Packed w = weights_.packed(weight_carver);
  const int T = x.T, b = x.B, blocks = rows_.count();
  const Frame f = frame(frame_carver, T, b);
  const auto into_block = [&](int k, int ldb) {
    return full_and_last(rows_.width(0), rows_.width(blocks - 1), [&](int width) {
      return product(G * width, b, k, ldb, slots * width, true);
    });
  };
  const auto from_x = into_block(I_, x.ld), from_h = into_block(H_, Hp_);

  const S* const initial = initial_.take(weight_carver);
  for (int j = 0; j < carry; ++j) initial_.enter(initial, carried, j, f.s[j], b);
  initial_.mark_starts(carried, b, f.starts);
  const bool starts_at_zero = !carried.p && !initial_;
  for (int t = 0; t < T; ++t) {
    for (int k = 0; k < blocks; ++k) {
      const int begin = rows_.begin(k), width = rows_.width(k);
      prefetch<Use::write>(f.keep + size(t, saved) * size(b, Hp_) + size(begin, b, saved),
                           size(width, b, saved));
      enter_phase(Phase::input_product);
      const S* bias = w.bias + size(slots, begin);
      for (int column = 0; column < b; ++column) {
        std::copy_n(bias, slots * width, f.a + size(column, slots, width));
      }
      if (x.symbol) {
        add_picked(w.wx + size(I_, G, begin), G * width, x.symbol + size(t, b), b,
                   f.a + x_first * width, slots * width);
      } else {
        from_x[is_last_block(k)](w.wx + size(I_, G, begin), x.at(t), f.a + x_first * width);
      }
      enter_phase(Phase::recurrent_product);
      if (t > 0 || !starts_at_zero) {
        from_h[is_last_block(k)](w.wh + size(H_, G, begin), f.s[0] + size(t, b, Hp_),
                                 f.a + h_first * width);
      }
      enter_phase(Phase::pointwise);
      step(f, w.unit, t, b, k);
    }
    if (x.length) {
      for (S* state : f.s) clear_past_end(x.length, t, state + size(t + 1, b, Hp_), Hp_, b);
    }
  }
  if (carried.p) {
    for (int j = 0; j < carry; ++j) leave(carried.from(j * Hp_), f.s[j], Hp_, x);
  }
  return {f.s[0] + size(b, Hp_), T, b, H_, Hp_, x.length};
}

}  // namespace
}  // namespace rnnlab
