#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <type_traits>

#include "base/view.hpp"
#include "math/lanes.hpp"
#include "nn/cells/cell.hpp"

namespace rnnlab {

/// Where entry `unit` of slot `slot` stands in a column of `slots` slots of H units each: in the
/// order of RowBlocks, blocks of units with all their slots.
template <class S>
constexpr int place_in_column(int slots, int padded, int slot, int unit) {
  const int block = (slots == 1 ? 4 : slots == 2 ? 2 : 1) * lanes<S>;  // RowBlocks::units
  const int begin = unit & -block;
  return slots * begin + slot * std::min(block, padded - begin) + (unit - begin);
}

/// One slot of a signal at one step: columns [b], `ld` apart, or no signal (p null).
template <class S>
struct Field {
  S* p = nullptr;
  int ld = 0;
  int slots = 1, slot = 0;
};

/// What a pointwise rule works on at one step, values and adjoints.
template <class S>
struct RuleFields {
  static constexpr int most = 8;
  using Fields = std::array<Field<S>, most>;
  Fields slots, given, made;  // values
  Fields d_slots, d_given, d_made;
  S* keep = nullptr;           // [Hp/L, b, saved, L]
  const S* weights = nullptr;  // [params, Hp]
  S* d_weights = nullptr;      // likewise, added to
  int b = 0, padded = 0;
  bool totals = false;  // backward leaves in d_made the whole derivatives
};

/// A pointwise rule without its type: between two products, for every unit of every column,
///
///   (made, saved) = forward(slots, given)      (d slots, d given) = backward(d made, …)
///
/// A rule is a struct of static templates on a value type V, as a cell is (nn/cells/elman.hpp):
///
///   static constexpr int slots, given, made, saved;
///   forward(array<V, slots> a, array<V, given> s, array<V, made>& out, array<V, saved>& keep)
///   backward(array<V, made> dout, array<V, given> s, array<V, made> out, array<V, saved> keep,
///            array<V, slots>& da, array<V, given>& ds)
///   totals(array<V, made>& dout, out, keep)   only where one thing made comes by way of another:
///                                             adds to ∂L/∂(the other) what came by that way
///
/// `slots` are pre-activations, whose values backward does not see; what is `given` it does. A rule
/// with weights of its own per unit has `params` of them, and forward, backward and totals are
/// given their values p as a cell's are (nn/cells/cell.hpp). Such a rule may work on a function of
/// its parameters, made once per update:
///
///   derive(array<double, params>& p)                      p = f(p), of one unit
///   derive_back(array<double, params> p, array<…>& dp)    dp = (∂f/∂p)ᵀ dp
struct Rule {
  template <class S>
  using Function = void (*)(const RuleFields<S>&);
  template <class S>
  struct Functions {
    Function<S> forward, backward;
  };

  int slots, given, made, saved, params;
  Functions<float> in_float;
  Functions<double> in_double;
  void (*derive)(double* p);  // null: the parameters themselves
  void (*derive_back)(const double* p, double* dp);

  template <class S>
  const Functions<S>& in() const {
    if constexpr (std::is_same_v<S, float>) {
      return in_float;
    } else {
      return in_double;
    }
  }
};

/// How many weights of its own a rule has per unit.
template <class R>
constexpr int params_of() {
  if constexpr (requires { R::params; }) {
    return R::params;
  } else {
    return 0;
  }
}

namespace pointwise {

/// The rule's own weights of the lane group of unit u, at `p` [params, Hp].
template <class R, class S>
[[gnu::always_inline]] inline auto own_weights(const S* p, int padded, int u) {
  std::array<Lane<S>, params_of<R>()> w;
  for (int j = 0; j < params_of<R>(); ++j) w[j] = load(p + j * padded + u);
  return w;
}

/// A pointer per field to the first lane group of unit u, moved on column by column.
template <class S, int N>
class Walk {
 public:
  Walk(const typename RuleFields<S>::Fields& fields, int padded, int u) {
    for (int j = 0; j < N; ++j) {
      const Field<S>& f = fields[static_cast<std::size_t>(j)];
      p_[j] = f.p + place_in_column<S>(f.slots, padded, f.slot, u);
      ld_[j] = f.ld;
    }
  }
  [[gnu::always_inline]] void read(std::array<Lane<S>, N>& to) const {
    for (int j = 0; j < N; ++j) to[j] = load(p_[j]);
  }
  [[gnu::always_inline]] void write(const std::array<Lane<S>, N>& from) const {
    for (int j = 0; j < N; ++j) store<S>(p_[j], from[j]);
  }
  [[gnu::always_inline]] void add(const std::array<Lane<S>, N>& from) const {
    for (int j = 0; j < N; ++j) store<S>(p_[j], load(p_[j]) + from[j]);
  }
  [[gnu::always_inline]] void next() {
    for (int j = 0; j < N; ++j) p_[j] += ld_[j];
  }

 private:
  S* p_[N == 0 ? 1 : N];
  std::ptrdiff_t ld_[N == 0 ? 1 : N];
};

template <class R, class S>
void forward(const RuleFields<S>& f) {
  constexpr int L = lanes<S>;
  S* keep = f.keep;
  for (int u = 0; u < f.padded; u += L) {
    Walk<S, R::slots> at_a(f.slots, f.padded, u);
    Walk<S, R::given> at_s(f.given, f.padded, u);
    Walk<S, R::made> at_out(f.made, f.padded, u);
    const auto p = own_weights<R>(f.weights, f.padded, u);
    for (int column = 0; column < f.b; ++column) {
      std::array<Lane<S>, R::slots> a;
      std::array<Lane<S>, R::given> s;
      std::array<Lane<S>, R::made> out;
      std::array<Lane<S>, R::saved> kept;
      at_a.read(a);
      at_s.read(s);
      forward_of<R>(a, s, p, out, kept);
      at_out.write(out);
      for (int j = 0; j < R::saved; ++j) store<S>(keep + j * L, kept[j]);
      keep += R::saved * L;
      at_a.next(), at_s.next(), at_out.next();
    }
  }
}

template <class R, class S>
void backward(const RuleFields<S>& f) {
  constexpr int L = lanes<S>;
  const S* keep = f.keep;
  for (int u = 0; u < f.padded; u += L) {
    Walk<S, R::given> at_s(f.given, f.padded, u), at_ds(f.d_given, f.padded, u);
    Walk<S, R::made> at_out(f.made, f.padded, u), at_dout(f.d_made, f.padded, u);
    Walk<S, R::slots> at_da(f.d_slots, f.padded, u);
    constexpr int P = params_of<R>();
    const auto p = own_weights<R>(f.weights, f.padded, u);
    auto p_sum = own_weights<R>(f.d_weights, f.padded, u);
    for (int column = 0; column < f.b; ++column) {
      std::array<Lane<S>, R::slots> da;
      std::array<Lane<S>, R::given> s, ds;
      std::array<Lane<S>, R::made> out, dout;
      std::array<Lane<S>, R::saved> kept;
      std::array<Lane<S>, P> dp;
      at_s.read(s);
      at_out.read(out);
      at_dout.read(dout);
      for (int j = 0; j < R::saved; ++j) kept[j] = load(keep + j * L);
      keep += R::saved * L;
      backward_of<R>(dout, s, out, kept, p, da, ds, dp);
      for (int j = 0; j < P; ++j) p_sum[j] += dp[j];
      at_da.write(da);
      at_ds.add(ds);
      constexpr bool plain = requires { R::totals(dout, out, kept); };
      if constexpr (plain || requires { R::totals(dout, out, kept, p); }) {
        if (f.totals) {
          if constexpr (plain) {
            R::totals(dout, out, kept);
          } else {
            R::totals(dout, out, kept, p);
          }
          at_dout.write(dout);
        }
      }
      at_s.next(), at_ds.next(), at_out.next(), at_dout.next(), at_da.next();
    }
    for (int j = 0; j < P; ++j) store<S>(f.d_weights + j * f.padded + u, p_sum[j]);
  }
}

template <class R>
void derive(double* p) {
  std::array<double, params_of<R>()> values;
  std::copy_n(p, values.size(), values.data());
  R::derive(values);
  std::copy_n(values.data(), values.size(), p);
}
template <class R>
void derive_back(const double* p, double* dp) {
  std::array<double, params_of<R>()> values, d;
  std::copy_n(p, values.size(), values.data());
  std::copy_n(dp, d.size(), d.data());
  R::derive_back(values, d);
  std::copy_n(d.data(), d.size(), dp);
}

}  // namespace pointwise

template <class R>
const Rule* rule() {
  static constexpr int most = RuleFields<float>::most;
  static_assert(R::slots <= most && R::given <= most && R::made <= most);
  static_assert(params_of<R>() <= most);
  static const Rule erased = [] {
    Rule r{R::slots,
           R::given,
           R::made,
           R::saved,
           params_of<R>(),
           {&pointwise::forward<R, float>, &pointwise::backward<R, float>},
           {&pointwise::forward<R, double>, &pointwise::backward<R, double>},
           nullptr,
           nullptr};
    if constexpr (requires(std::array<double, params_of<R>()> p) { R::derive(p); }) {
      r.derive = &pointwise::derive<R>;
      r.derive_back = &pointwise::derive_back<R>;
    }
    return r;
  }();
  return &erased;
}

}  // namespace rnnlab
