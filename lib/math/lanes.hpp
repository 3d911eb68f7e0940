#pragma once

// Eigen 3.4 uses std::initializer_list without including it.
#include <Eigen/Core>
#include <cmath>
#include <cstring>
#include <initializer_list>
#include <utility>

namespace rnnlab {

/// How many values of S one lane group holds: one 64-byte register where the machine has them.
template <class S>
inline constexpr int lanes = static_cast<int>(64 / sizeof(S));

/// The value type of the pointwise rules in production: L consecutive units of one column.
template <class S>
using Lane = Eigen::Array<S, lanes<S>, 1>;

template <class S>
[[gnu::always_inline]] inline Lane<S> load(const S* p) {
  return Eigen::Map<const Lane<S>, Eigen::Aligned64>(p);
}

template <class S>
[[gnu::always_inline]] inline void store(S* p, const Lane<S>& v) {
  Eigen::Map<Lane<S>, Eigen::Aligned64>{p} = v;
}

/// A lane group as the compiler's own vector, whose `?:` is one blend; Eigen 3.4's select goes lane
/// by lane.
template <class S>
struct Register {
  typedef S Type __attribute__((vector_size(64)));
  [[gnu::always_inline]] static Type of(const Lane<S>& lane) {
    Type v;
    std::memcpy(&v, lane.data(), sizeof(v));
    return v;
  }
  [[gnu::always_inline]] static Lane<S> lane(const Type& v) {
    Lane<S> out;
    std::memcpy(out.data(), &v, sizeof(v));
    return out;
  }
};

/// The first `count` lanes of v, the others `otherwise`.
template <class S>
[[gnu::always_inline]] inline Lane<S> first_lanes(const Lane<S>& v, int count, S otherwise) {
  using V = Register<S>;
  typename V::Type place;
  for (int i = 0; i < lanes<S>; ++i) place[i] = static_cast<S>(i);
  return V::lane(place < static_cast<S>(count) ? V::of(v) : typename V::Type{} + otherwise);
}

/// Lane k of the result is the lanes of parts[k] taken together by `join`, in an order that is the
/// same for every k. Leaves nothing of use in `parts`.
template <class S, class Join>
[[gnu::always_inline]] inline typename Register<S>::Type fold_lanes(
    typename Register<S>::Type (&parts)[lanes<S>], Join&& join) {
  const auto halve = [&]<int... I>(int count, std::integer_sequence<int, I...>) {
    for (int i = 0; i < count; ++i) {
      const auto a = parts[2 * i], b = parts[2 * i + 1];
      parts[i] = join(__builtin_shufflevector(a, b, (2 * I)...),
                      __builtin_shufflevector(a, b, (2 * I + 1)...));
    }
  };
  for (int count = lanes<S> / 2; count > 0; count /= 2)
    halve(count, std::make_integer_sequence<int, lanes<S>>{});
  return parts[0];
}

/// Lane k of the result is the sum of the lanes of parts[k].
template <class S>
[[gnu::always_inline]] inline typename Register<S>::Type sums_of_lanes(
    typename Register<S>::Type (&parts)[lanes<S>]) {
  return fold_lanes<S>(parts, [](const auto& a, const auto& b) { return a + b; });
}

// The nonlinearities of the pointwise rules, for Lane<S>, for double and for dual numbers alike.
// A template, because g++ would otherwise keep the helpers out of line.

/// σ(x) = 1 / (1 + e^−x)
template <class V>
[[gnu::always_inline]] inline V sigmoid(const V& x) {
  using std::exp;
  return V(1.0f / (1.0f + exp(V(-x))));
}

template <class V>
[[gnu::always_inline]] inline V hyperbolic_tangent(const V& x) {
  using std::tanh;
  return V(tanh(x));
}

/// max(x, 0); the derivative at 0 is 0. A NaN stays one.
template <class V>
[[gnu::always_inline]] inline V rectify(const V& x) {
  if constexpr (requires { V::Zero(); }) {
    using R = Register<typename V::Scalar>;
    const auto v = R::of(x);
    return R::lane(v <= 0 ? typename R::Type{} : v);
  } else {
    return x <= V(0) ? V(0) : x;
  }
}

/// 1 where x > 0, else 0.
template <class V>
[[gnu::always_inline]] inline V step(const V& x) {
  if constexpr (requires { V::Zero(); }) {
    using R = Register<typename V::Scalar>;
    return R::lane(R::of(x) > 0 ? typename R::Type{} + 1 : typename R::Type{});
  } else {
    return x > V(0) ? V(1) : V(0);
  }
}

}  // namespace rnnlab
