#include "nn/layers/two_dimensional.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/arena.hpp"
#include "base/check.hpp"
#include "base/phases.hpp"
#include "math/ordered_sum.hpp"
#include "nn/layers/diagonals.hpp"
#include "nn/layers/outer_products.hpp"
#include "nn/layers/points.hpp"
#include "nn/layers/time_blocks.hpp"
#include "nn/layers/trace_writers.hpp"
#include "nn/layers/two_dimensional_weights.hpp"

namespace rnnlab {
namespace {

template <class S>
class TwoDimensional final : public Layer<S> {
 public:
  explicit TwoDimensional(const TwoDimensionalOptions& o)
      : o_(o),
        points_(points_of(o)),
        map_(o.rows, o.columns),
        H_(o.hidden),
        Hp_(round_up(o.hidden, L)),
        I_(points_.is_grid() ? o.hidden : o.inputs),
        width_(o.memory_out ? 2 * H_ : H_),
        weights_(o, points_, I_) {}

  void declare(ParamLayout& layout) override { weights_.declare(layout); }
  void initialize(Key key, S* theta) const override { weights_.initialize(key, theta); }
  std::size_t packed_size() const override { return weights_.packed_size(); }
  void pack(const S* theta, S* packed) const override { weights_.pack(theta, packed); }
  std::size_t slab_size() const override { return weights_.slab_size(); }
  void unpack(const S* /*theta*/, const S* slab, S scale, S* gradient) const override {
    weights_.unpack(slab, scale, gradient);
  }

  int da_rows(int) const override { return rows(); }
  int h_rows(int) const override { return 2 * H_; }
  bool takes_last() const override { return true; }
  std::size_t frame_size(int T, int b) const override {
    return room_for<S>([&](Carver<S>& carver) { frame(carver, T, b); });
  }
  Seq<const S> output(S* memory, int T, int b) const override {
    Carver<S> carver(memory);
    return {frame(carver, T, b).y, T, b, width_, round_up(width_, L)};
  }
  std::vector<NamedSeq<S>> tensors(S* memory, int T, int b) const override {
    Carver<S> carver(memory);
    return {{"state", {frame(carver, T, b).state, T, b, ld(), ld()}}, {"y", output(memory, T, b)}};
  }

  Seq<S> forward(const S* weights, Seq<const S> x, S* memory, const Pass<S>&) const override;
  Upstream<S> backward(const S* weights, Seq<const S> x, const Upstream<S>& dy, S* gradient,
                       S* memory, const StateTrace& trace) const override;

 private:
  static constexpr int L = lanes<S>;
  static std::size_t index(int i) { return static_cast<std::size_t>(i); }

  struct Frame {
    S *state, *dstate;        // [T, b, pieces · Hp]
    S* y;                     // [T, b, width up]
    S* h[2];                  // [T, b, Hp]: of the left neighbour, of the upper one
    S *given[3], *dgiven[3];  // [T, b, Hp], [diagonal, b, Hp]: memories by Neighbour
    S* keep;                  // [T, b, saved · Hp]
    S *a, *dh;                // [diagonal, b, G·Hp], in backward ∂a; [diagonal, b, Hp]
    S* dx;                    // [T, b, I up]
    int* exponent;            // [T, b], in sweeps
  };

  int rows() const { return points_.gates * Hp_; }
  int ld() const { return points_.pieces * Hp_; }
  int saved() const {
    int n = 0;
    for (const PointRule& use : points_.rules) n += use.rule->saved;
    return n;
  }
  Frame frame(Carver<S>& c, int T, int b) const {
    const std::size_t all = size(T, b), some = size(map_.largest, b);
    const auto padded = index(Hp_);
    const auto has = [&](int neighbour) {
      return std::any_of(points_.rules.begin(), points_.rules.end(), [&](const PointRule& use) {
        return std::count(use.given.begin(), use.given.end(), neighbour) > 0;
      });
    };
    Frame f{};
    f.state = c.take(all * index(ld()));
    f.dstate = c.take(all * index(ld()));
    f.y = c.take(all * index(round_up(width_, L)));
    for (S*& h : f.h) h = c.take(all * padded);
    for (int n = 0; n < 3; ++n) {
      if (!has(n)) continue;
      f.given[n] = c.take(all * padded);
      f.dgiven[n] = c.take(some * padded);
    }
    f.keep = c.take(all * padded * index(saved()));
    f.a = c.take(some * index(rows()));
    f.dh = c.take(some * padded);
    f.dx = c.take(o_.input_gradient ? all * index(round_up(o_.inputs, L)) : 0);
    f.exponent = take_ints(c, all);
    return f;
  }
  S* piece(S* states, int column, int which) const {
    return states + size(column, ld()) + which * Hp_;
  }
  /// Column b of the left or upper neighbour of a step; −1: none.
  int neighbour(bool up, int t, int b, int B) const {
    const int step = (up ? map_.up : map_.left)[index(t)];
    return step < 0 ? -1 : step * B + b;
  }
  void gather(const Frame& f, Seq<const S> x, int t) const;
  void run_rules(const Frame& f, const Diagonals::Diagonal& d, int b, bool backward,
                 bool totals) const;
  void deposit(const Frame& f, bool sweeps, int column, int which, const S* from, int count,
               int exponent) const;
  void arrive(const Frame& f, const Upstream<S>& dy, bool sweeps, int t, int b, int B) const;
  void normalise(const Frame& f, int column) const;
  void write_trace(const Frame& f, const StateTrace& trace, int t, int within, int b) const;
  void give_input(const Frame& f, int first, int columns) const;

  const TwoDimensionalOptions o_;
  const Points points_;
  const Diagonals map_;
  const int H_, Hp_, I_, width_;
  TwoDimensionalWeights<S> weights_;
};

/// What step t sees of its neighbours.
template <class S>
void TwoDimensional<S>::gather(const Frame& f, Seq<const S> x, int t) const {
  for (int b = 0; b < x.B; ++b) {
    const std::size_t to = size(t * x.B + b, Hp_);
    for (const bool up : {false, true}) {
      const int from = neighbour(up, t, b, x.B);
      const auto copy = [&](int which, S* target) {
        if (from < 0) {
          std::fill_n(target, Hp_, S{0});
        } else {
          std::copy_n(piece(f.state, from, which), Hp_, target);
        }
      };
      copy(up ? points_.h_up : points_.h_left, f.h[up] + to);
      const int memory = up ? points_.c_up : points_.c_left;
      if (memory >= 0) copy(memory, f.given[up ? Points::up : Points::left] + to);
    }
    if (!points_.is_grid()) continue;
    S* const below = f.given[Points::below] + to;
    std::fill(std::copy_n(x.at(t, b) + H_, H_, below), below + Hp_, S{0});
  }
}

template <class S>
void TwoDimensional<S>::run_rules(const Frame& f, const Diagonals::Diagonal& d, int b,
                                  bool backward, bool totals) const {
  const int first = d.first * b, columns = d.count * b;
  S* keep = f.keep + size(first, Hp_) * index(saved());
  for (const PointRule& use : points_.rules) {
    RuleFields<S> fields;
    fields.b = columns;
    fields.padded = Hp_;
    fields.totals = totals;
    fields.keep = keep;
    keep += size(columns, Hp_) * index(use.rule->saved);
    for (int slot = 0; slot < use.rule->slots; ++slot)
      fields.slots[index(slot)] =
          fields.d_slots[index(slot)] = {f.a, rows(), points_.gates, use.first + slot};
    for (std::size_t k = 0; k < use.given.size(); ++k) {
      fields.given[k] = {f.given[use.given[k]] + size(first, Hp_), Hp_};
      fields.d_given[k] = {f.dgiven[use.given[k]], Hp_};
    }
    for (std::size_t k = 0; k < use.made.size(); ++k) {
      fields.made[k] = {piece(f.state, first, use.made[k]), ld()};
      fields.d_made[k] = {piece(f.dstate, first, use.made[k]), ld()};
    }
    const auto& run = use.rule->template in<S>();
    (backward ? run.backward : run.forward)(fields);
  }
}

template <class S>
Seq<S> TwoDimensional<S>::forward(const S* weights, Seq<const S> x, S* memory,
                                  const Pass<S>&) const {
  RNNLAB_CHECK_EQ(x.F, o_.inputs);
  RNNLAB_CHECK_EQ(index(x.T), map_.row.size());
  Carver<S> weight_carver(const_cast<S*>(weights)), carver(memory);
  const auto w = weights_.packed(weight_carver);
  const Frame f = frame(carver, x.T, x.B);
  const Seq<S> y{f.y, x.T, x.B, width_, round_up(width_, L), x.length};
  for (const auto& d : map_.diagonals) {
    const int columns = d.count * x.B;
    enter_phase(Phase::recurrent_product);
    for (int t = d.first; t < d.first + d.count; ++t) gather(f, x, t);
    for (int column = 0; column < columns; ++column)
      std::copy_n(w.bias, rows(), f.a + size(column, rows()));
    const typename Affine<S>::Forward of_x(weights_.from_x(), columns, x.ld, rows());
    const typename Affine<S>::Forward of_h(weights_.from_h(), columns, Hp_, rows());
    const std::size_t at = size(d.first * x.B, Hp_);
    for (int k = 0; k < weights_.from_x().rows().count(); ++k) {
      of_x(k, w.x.w, x.at(d.first), f.a);
      of_h(k, w.left.w, f.h[0] + at, f.a);
      of_h(k, w.up.w, f.h[1] + at, f.a);
    }
    enter_phase(Phase::pointwise);
    run_rules(f, d, x.B, false, false);
    for (int column = d.first * x.B; column < d.first * x.B + columns; ++column) {
      S* const to = y.at(0, column);
      S* end = std::copy_n(piece(f.state, column, points_.depth), H_, to);
      if (o_.memory_out) end = std::copy_n(piece(f.state, column, points_.memory), H_, end);
      std::fill(end, to + y.ld, S{0});
    }
  }
  return y;
}

// Backward --------------------------------------------------------------------------------------

/// Adds to a piece of a column's adjoint, whose pieces have one exponent.
template <class S>
void TwoDimensional<S>::deposit(const Frame& f, bool sweeps, int column, int which, const S* from,
                                int count, int exponent) const {
  S* const to = piece(f.dstate, column, which);
  if (!sweeps) {
    for (int u = 0; u < count; ++u) to[u] += from[u];
    return;
  }
  const auto power = [](int e) { return static_cast<S>(std::ldexp(1.0, std::max(e, -2000))); };
  int& own = f.exponent[column];
  const int common = std::max(own, exponent);
  if (own < common) {
    const S kept = power(own - common);
    for (int i = 0; i < ld(); ++i) piece(f.dstate, column, 0)[i] *= kept;
    own = common;
  }
  const S factor = power(exponent - common);
  for (int u = 0; u < count; ++u) to[u] += factor * from[u];
}

template <class S>
void TwoDimensional<S>::arrive(const Frame& f, const Upstream<S>& dy, bool sweeps, int t, int b,
                               int B) const {
  const auto add = [&](const S* from, int exponent) {
    const int column = t * B + b;
    deposit(f, sweeps, column, points_.depth, from, H_, exponent);
    if (o_.memory_out) deposit(f, sweeps, column, points_.memory, from + H_, H_, exponent);
  };
  if (dy.every.p) {
    const int step = dy.step(t, b);
    add(dy.every.at(step, b), dy.exponent ? dy.exponent[step * B + b] : 0);
  }
  if (dy.last.p && dy.length[b] - 1 == t) add(dy.last.at(0, b), 0);
}

/// Brings a column's adjoint back to norm 1, by a power of two.
template <class S>
void TwoDimensional<S>::normalise(const Frame& f, int column) const {
  S* const d = piece(f.dstate, column, 0);
  const double norm = std::sqrt(sum_of_squares(d, index(ld())));
  if (!(norm > 0) || !std::isfinite(norm)) return;
  const int shift = std::ilogb(norm);
  for (int i = 0; i < ld(); ++i) d[i] *= static_cast<S>(std::ldexp(1.0, -shift));
  f.exponent[column] += shift;
}

template <class S>
void TwoDimensional<S>::write_trace(const Frame& f, const StateTrace& trace, int t, int within,
                                    int b) const {
  const int hidden = points_.hidden * Hp_;
  const S* d = piece(f.dstate, t * b, 0);
  if (trace.hidden) write_norms(d, hidden, ld(), b, trace, trace.hidden + size(t, trace.ld));
  if (trace.cell)
    write_norms(d + hidden, ld() - hidden, ld(), b, trace, trace.cell + size(t, trace.ld));
  if (trace.da) {
    write_transposed(f.a + size(within, b, rows()), rows(), rows(), b, trace.ld,
                     trace.da + size(t, rows(), trace.ld));
    double* before = trace.h_before + size(t, 2 * H_, trace.ld);
    for (const S* h : f.h) {
      write_transposed(h + size(t, b, Hp_), H_, Hp_, b, trace.ld, before);
      before += size(H_, trace.ld);
    }
  }
  for (int column = 0; trace.sweep && column < b; ++column) {
    const double norm = std::sqrt(sum_of_squares(d + size(column, ld()), index(hidden)));
    trace.sweep->log_hidden[size(t, trace.sweep->ld) + index(column)] =
        std::log(norm) + f.exponent[t * b + column] * std::log(2.0);
  }
}

/// The rows of ∂L/∂x that are not a product's: the memory below, and the padding.
template <class S>
void TwoDimensional<S>::give_input(const Frame& f, int first, int columns) const {
  const int ld_x = round_up(o_.inputs, L);
  for (int column = 0; points_.is_grid() && column < columns; ++column) {
    S* const to = f.dx + size(first + column, ld_x);
    std::fill(std::copy_n(f.dgiven[Points::below] + size(column, Hp_), H_, to + H_), to + ld_x,
              S{0});
  }
}

template <class S>
Upstream<S> TwoDimensional<S>::backward(const S* weights, Seq<const S> x, const Upstream<S>& dy,
                                        S* gradient, S* memory, const StateTrace& trace) const {
  Carver<S> weight_carver(const_cast<S*>(weights)), slab_carver(gradient), carver(memory);
  const auto w = weights_.packed(weight_carver);
  const auto g = weights_.slab(slab_carver);
  const int b = x.B;
  const Frame f = frame(carver, x.T, b);
  const Seq<S> dx{f.dx, x.T, b, o_.inputs, round_up(o_.inputs, L)};
  const bool sweeps = trace.sweep, traced = trace.hidden || trace.da || sweeps;
  std::fill_n(f.dstate, size(x.T, b, ld()), S{0});
  if (sweeps) std::fill_n(f.exponent, size(x.T, b), nothing);

  for (auto d = map_.diagonals.rbegin(); d != map_.diagonals.rend(); ++d) {
    enter_phase(Phase::backward);
    const int first = d->first * b, columns = d->count * b;
    for (int t = d->first; t < d->first + d->count; ++t) {
      for (int column = 0; column < b; ++column) arrive(f, dy, sweeps, t, column, b);
    }
    for (int column = first; sweeps && column < first + columns; ++column) normalise(f, column);
    for (const PointRule& use : points_.rules) {
      for (const int from : use.given) std::fill_n(f.dgiven[from], size(columns, Hp_), S{0});
    }
    run_rules(f, *d, b, true, traced);
    for (int t = d->first; traced && t < d->first + d->count; ++t)
      write_trace(f, trace, t, t - d->first, b);

    const typename Affine<S>::Backward through(weights_.from_h(), columns, rows(), Hp_, false);
    for (const bool up : {false, true}) {
      for (int p = 0; p < through.panels(); ++p) through(p, (up ? w.up : w.left).wt, f.a, f.dh);
      const int h = up ? points_.h_up : points_.h_left, c = up ? points_.c_up : points_.c_left;
      for (int column = 0; column < columns; ++column) {
        const int to = neighbour(up, d->first + column / b, column % b, b);
        if (to < 0) continue;
        const int exponent = sweeps ? f.exponent[first + column] : 0;
        const std::size_t at = size(column, Hp_);
        deposit(f, sweeps, to, h, f.dh + at, Hp_, exponent);
        if (c >= 0)
          deposit(f, sweeps, to, c, f.dgiven[up ? Points::up : Points::left] + at, Hp_, exponent);
      }
    }
    if (o_.input_gradient) {
      const typename Affine<S>::Backward to_x(weights_.from_x(), columns, rows(), dx.ld, false);
      for (int p = 0; p < to_x.panels(); ++p) to_x(p, w.x.wt, f.a, dx.at(d->first));
      give_input(f, first, columns);
    }
    if (sweeps) continue;

    enter_phase(Phase::weight_gradients);
    const OuterProducts<S> by_x(weights_.from_x().rows(), I_, d->count, b, rows(), x.ld);
    const OuterProducts<S> by_h(weights_.from_h().rows(), H_, d->count, b, rows(), Hp_);
    for_time_blocks_backwards(d->count, [&](int t0, int n) {
      const S* da = f.a + size(t0, b, rows());
      const std::size_t at = size(d->first + t0, b, Hp_);
      by_x.add(da, x.at(d->first + t0), n, g.x);
      by_h.add(da, f.h[0] + at, n, g.left);
      by_h.add(da, f.h[1] + at, n, g.up);
      for (int column = 0; column < n * b; ++column) {
        for (int i = 0; i < rows(); ++i) g.bias[i] += da[size(column, rows()) + index(i)];
      }
    });
  }
  if (!o_.input_gradient) return {};
  return {.every = dx, .exponent = sweeps ? f.exponent : nullptr};
}

}  // namespace

template <class S>
std::unique_ptr<Layer<S>> make_two_dimensional(const TwoDimensionalOptions& options) {
  return std::make_unique<TwoDimensional<S>>(options);
}

template std::unique_ptr<Layer<float>> make_two_dimensional(const TwoDimensionalOptions&);
template std::unique_ptr<Layer<double>> make_two_dimensional(const TwoDimensionalOptions&);

}  // namespace rnnlab
