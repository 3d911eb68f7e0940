#pragma once

#include <algorithm>
#include <cmath>
#include <optional>

#include "math/ordered_sum.hpp"
#include "nn/layers/outer_products.hpp"
#include "nn/layers/recurrent_cells.hpp"
#include "nn/layers/recurrent_layer.hpp"
#include "nn/layers/trace_writers.hpp"

namespace rnnlab {
namespace {

template <class Cell, class S>
void Recurrent<Cell, S>::add_upstream(const Upstream<S>& dy, S* dh, int t, int b, int begin,
                                      int width, const ScaledAdjoint<S>& scaled) const {
  for (int column = 0; column < b; ++column) {
    S* to = dh + size(column, Hp_) + begin;
    const auto add = [&](const S* from) {
      for (int u = 0; u < width; u += L) store<S>(to + u, load(to + u) + load(from + begin + u));
    };
    if (scaled) {
      scaled.add(t, dy, column, to, begin, width);
    } else {
      if (dy.every.p) add(dy.every.at(dy.step(t, column), column));
      if (dy.last.p && dy.length[column] - 1 == t) add(dy.last.at(0, column));
    }
  }
}

/// The cell's rule backwards for block k at time t, from ∂L/∂h_t in f.dh (without the direct path).
template <class Cell, class S>
void Recurrent<Cell, S>::step_back(const Frame& f, const S* unit, const Slab& g, int t, int slot,
                                   int b, int k, bool last_step, bool trace) const {
  const int begin = rows_.begin(k), width = rows_.width(k);
  const std::size_t stride = size(b, Hp_);
  const S* keep = f.keep + size(t, saved) * stride + size(begin, b, saved);
  const std::size_t da_at = size(slot, b, ld_) + size(G, begin);
  for (int u = 0; u < width; u += L) {
    S* const dbias = g.bias + size(slots, begin) + u;
    S* const dunit = g.unit + size(params, begin) + u;
    std::array<Lane<S>, slots> sum;
    std::array<Lane<S>, params> p = unit_weights(unit, begin, width, u), p_sum;
    for (int j = 0; j < slots; ++j) sum[j] = load(dbias + size(j, width));
    for (int j = 0; j < params; ++j) p_sum[j] = load(dunit + size(j, width));
    for (int column = 0; column < b; ++column) {
      const std::size_t at = size(column, Hp_) + begin + u;
      std::array<Lane<S>, carry> s, s_next, ds, ds_next;
      std::array<Lane<S>, saved> kept;
      std::array<Lane<S>, slots> da;
      std::array<Lane<S>, params> dp;
      for (int j = 0; j < carry; ++j) {
        s[j] = load(f.s[j] + t * stride + at);
        s_next[j] = load(f.s[j] + (t + 1) * stride + at);
        ds_next[j].setZero();
        if (Cell::direct[j] && !last_step) ds_next[j] = load(f.ds[j] + at);
      }
      ds_next[0] += load(f.dh + at);
      for (int j = 0; j < saved; ++j)
        kept[j] = load(keep + size(column, saved, width) + size(j, width) + u);
      backward_of<Cell>(ds_next, s, s_next, kept, p, da, ds, dp);

      for (int j = 0; j < carry; ++j) {
        if (Cell::direct[j]) store(f.ds[j] + at, ds[j]);
      }
      const std::size_t to = da_at + size(column, ld_) + u;
      for (int j = 0; j < G; ++j) store(f.da_h + to + size(j, width), da[h_first + j]);
      if constexpr (!same_slots) {
        for (int j = 0; j < G; ++j) store(f.da_x + to + size(j, width), da[x_first + j]);
      }
      for (int j = 0; j < slots; ++j) sum[j] += da[j];
      for (int j = 0; j < params; ++j) p_sum[j] += dp[j];
      if (trace) {
        store(f.dh + at, ds_next[0]);
        if constexpr (carry > 1)
          store(f.dc + at, total_cell_gradient_of<Cell>(ds_next, s_next, kept, p));
      }
    }
    for (int j = 0; j < slots; ++j) store(dbias + size(j, width), sum[j]);
    for (int j = 0; j < params; ++j) store(dunit + size(j, width), p_sum[j]);
  }
}

template <class Cell, class S>
void Recurrent<Cell, S>::write_trace(const Frame& f, const StateTrace& trace, int t, int slot,
                                     int b) const {
  if (trace.hidden) write_norms(f.dh, H_, Hp_, b, trace, trace.hidden + size(t, trace.ld));
  if (trace.cell) write_norms(f.dc, H_, Hp_, b, trace, trace.cell + size(t, trace.ld));
  if (!trace.da) return;
  const int rows = G * Hp_;
  write_transposed(f.da_h + size(slot, b, ld_), rows, ld_, b, trace.ld,
                   trace.da + size(t, rows, trace.ld));
  write_transposed(f.s[0] + size(t, b, Hp_), H_, Hp_, b, trace.ld,
                   trace.h_before + size(t, H_, trace.ld));
}

template <class Cell, class S>
void Recurrent<Cell, S>::back_through_recurrent(const Frame& f, const Packed& w, int slot, int b,
                                                S* to) const {
  const int rows = G * Hp_;
  for (int p = 0; p < RowBlocks<S>::panels(H_); ++p) {
    const int begin = RowBlocks<S>::panel * p;
    product(RowBlocks<S>::panel_width(H_, p), b, rows, ld_, Hp_, false)(
        w.wht + size(rows, begin), f.da_h + size(slot, b, ld_), to + begin);
  }
  if (!Cell::direct[0]) return;
  for (std::size_t i = 0; i < size(b, Hp_); ++i) to[i] += f.ds[0][i];
}

/// f.h_omega at the slot: h_{t−1} + weight · strength · 2 (r − 1) / (‖δ_t‖ ‖v‖) · v, where
/// v = W_hhᵀ ∂L/∂a_t + the direct path is what δ_t = ∂L/∂h_t becomes at h_{t−1}, and r = ‖v‖ /
/// ‖δ_t‖: ∂⁺Ω/∂W_hh = Σ_t 2 (r − 1) / (‖δ_t‖ ‖v‖) ∂L/∂a_t vᵀ is then part of the outer product.
template <class Cell, class S>
void Recurrent<Cell, S>::regularize(const Frame& f, const Packed& w, const StateTrace& trace, int t,
                                    int slot, int b) const {
  constexpr double least = 1e-20;
  const Omega& omega = *trace.omega;
  S* const to = f.h_omega + size(slot, b, Hp_);
  if (t > 0) back_through_recurrent(f, w, slot, b, to);
  for (int column = 0; column < b; ++column) {
    S* const v = to + size(column, Hp_);
    const S* const h = f.s[0] + size(t, b, Hp_) + size(column, Hp_);
    double factor = 0;
    if (t > 0) {
      const auto norm = [&](const S* p) {
        return std::sqrt(sum_of_squares(p, static_cast<std::size_t>(H_)));
      };
      const double delta = norm(f.dh + size(column, Hp_)), arrives = norm(v);
      const double scaled = trace.scale[column] * delta;
      if (scaled * scaled >= least) {
        const double off = arrives / delta - 1;
        omega.value[column] += off * off;
        if (arrives > 0) factor = 2 * off / (delta * arrives);
      }
    }
    const S share = static_cast<S>(omega.weight[column] * omega.strength * factor);
    for (int u = 0; u < Hp_; ++u) v[u] = share == S{0} ? h[u] : h[u] + share * v[u];
  }
}

/// to += the gradient by piece j of the state that is carried out, of the columns that end with t.
template <class Cell, class S>
void Recurrent<Cell, S>::add_left(const Upstream<S>& dy, Seq<const S> x, int t, int j, S* to,
                                  int begin, int width) const {
  for (int column = 0; column < x.B; ++column) {
    if ((x.length ? x.length[column] : x.T) - 1 != t) continue;
    const S* const from = dy.left + size(column, dy.state_ld) + size(j, Hp_);
    for (int u = begin; u < begin + width; ++u)
      to[size(column, Hp_) + static_cast<std::size_t>(u)] += from[u];
  }
}

/// After step 0 and back_through_recurrent into f.dh.
template <class Cell, class S>
void Recurrent<Cell, S>::add_initial(const Frame& f, int b, S* slab) const {
  initial_.add(0, f.dh, f.starts, b, slab);
  for (int j = 1; j < carry; ++j) initial_.add(j, f.ds[j], f.starts, b, slab);
}

template <class Cell, class S>
Upstream<S> Recurrent<Cell, S>::backward(const S* weights, Seq<const S> x, const Upstream<S>& dy,
                                         S* gradient, S* memory, const StateTrace& trace) const {
  Carver<S> weight_carver(const_cast<S*>(weights)), slab_carver(gradient), frame_carver(memory);
  const Packed w = weights_.packed(weight_carver);
  const Slab g = weights_.slab(slab_carver);
  const int T = x.T, b = x.B, panels = RowBlocks<S>::panels(H_);
  const Frame f = frame(frame_carver, T, b);
  S* const initial_gradient = initial_.take(slab_carver);
  const bool traced = trace.hidden || trace.sweep || trace.da || trace.omega;
  ScaledAdjoint<S> scaled(trace.sweep, b, input_gradient_ ? f.dx_exponent : nullptr);
  const int rows = G * Hp_;
  const auto through = [&](int columns, int ldc) {
    return full_and_last(RowBlocks<S>::panel_width(columns, 0),
                         RowBlocks<S>::panel_width(columns, RowBlocks<S>::panels(columns) - 1),
                         [&](int width) { return product(width, b, rows, ld_, ldc, false); });
  };
  const auto through_h = through(H_, Hp_);

  const OuterProducts<S> with_h(rows_, H_, T, b, ld_, Hp_);
  std::optional<OuterProducts<S>> with_x;
  if (x.p && weights_.trains_input()) with_x.emplace(rows_, I_, T, b, ld_, x.ld);
  for_time_blocks_backwards(T, [&](int t0, int n) {
    enter_phase(Phase::backward);
    for (int slot = n - 1; slot >= 0; --slot) {
      const int t = t0 + slot;
      const bool last_step = t == T - 1;
      if (dy.left) {
        for (int j = 0; j < carry; ++j) {
          S* const direct = f.ds[static_cast<std::size_t>(j)];
          if (last_step) std::fill_n(direct, size(b, Hp_), S{0});
          if (j > 0) add_left(dy, x, t, j, direct, 0, Hp_);
        }
      }
      if (scaled) scaled.meet(t, dy, {{f.ds[0], Hp_}, {f.ds[carry - 1], Hp_ * (carry > 1)}});
      for (int p = 0, k = 0; p < panels; ++p) {
        const int begin = RowBlocks<S>::panel * p, width = RowBlocks<S>::panel_width(H_, p);
        prefetch<Use::read>(f.keep + size(t, saved) * size(b, Hp_) + size(begin, b, saved),
                            size(width, b, saved));
        if (last_step) {
          for (int column = 0; column < b; ++column) {
            std::fill_n(f.dh + size(column, Hp_) + begin, width, S{0});
          }
        } else {
          through_h[p + 1 == panels](w.wht + size(rows, begin), f.da_h + size(slot + 1, b, ld_),
                                     f.dh + begin);
        }
        add_upstream(dy, f.dh, t, b, begin, width, scaled);
        if (dy.left) add_left(dy, x, t, 0, f.dh, begin, width);
        for (; k < rows_.count() && rows_.begin(k) < begin + width; ++k) {
          step_back(f, w.unit, g, t, slot, b, k, last_step && !dy.left, traced);
        }
      }
      if (traced) write_trace(f, trace, t, slot, b);
      if (trace.omega) regularize(f, w, trace, t, slot, b);
      if (scaled) {
        const std::size_t da = size(slot, b, ld_);
        scaled.leave(t, H_, {f.dh, Hp_}, {carry > 1 ? f.dc : nullptr, Hp_},
                     {{f.ds[0], Hp_},
                      {f.ds[carry - 1], Hp_ * (carry > 1)},
                      {f.da_h + da, ld_},
                      {f.da_x + da, ld_ * !same_slots}});
      }
    }
    enter_phase(Phase::weight_gradients);
    if (!scaled) {
      if (x.symbol && weights_.trains_input()) {
        for (int k = 0; k < rows_.count(); ++k) {
          const int row = G * rows_.begin(k);
          add_to_picked(f.da_x + row, ld_, G * rows_.width(k), x.symbol + size(t0, b), n * b,
                        g.wx + size(I_, row));
        }
      }
      if (with_x) with_x->add(f.da_x, x.at(t0), n, g.wx);
      const S* const h_before = trace.omega ? f.h_omega : f.s[0] + size(t0, b, Hp_);
      if (weights_.trains_recurrent()) with_h.add(f.da_h, h_before, n, g.wh);
    }
    enter_phase(Phase::backward);
    if (input_gradient_) {
      const int Ip = round_up(I_, L), input_panels = RowBlocks<S>::panels(I_);
      const auto through_x = through(I_, Ip);
      for (int slot = 0; slot < n; ++slot) {
        for (int p = 0; p < input_panels; ++p) {
          through_x[p + 1 == input_panels](w.wxt + size(rows, RowBlocks<S>::panel * p),
                                           f.da_x + size(slot, b, ld_),
                                           f.dx + size(t0 + slot, b, Ip) + RowBlocks<S>::panel * p);
        }
      }
    }
    // The step before this block needs the first one's ∂L/∂a where its own successor's would be.
    if (t0 > 0) std::copy_n(f.da_h, size(b, ld_), f.da_h + size(time_block, b, ld_));
  });
  if (initial_.trained() && !scaled) {
    back_through_recurrent(f, w, 0, b, f.dh);
    add_initial(f, b, initial_gradient);
  }
  if (!input_gradient_) return {};
  return {.every = {f.dx, T, b, I_, round_up(I_, L)},
          .exponent = trace.sweep ? f.dx_exponent : nullptr};
}

}  // namespace

template <class Some, class S>
std::unique_ptr<Layer<S>> make_recurrent_of(const RecurrentOptions& options) {
  std::unique_ptr<Layer<S>> layer;
  for_each_of<Some>([&]<class Cell>(Cell) {
    if (options.cell == Cell::name && options.activation == Cell::activation) {
      layer = std::make_unique<Recurrent<Cell, S>>(options);
    }
  });
  return layer;
}

#define RNNLAB_RECURRENT(Some)                                                             \
  template std::unique_ptr<Layer<float>> make_recurrent_of<Some>(const RecurrentOptions&); \
  template std::unique_ptr<Layer<double>> make_recurrent_of<Some>(const RecurrentOptions&)

}  // namespace rnnlab
