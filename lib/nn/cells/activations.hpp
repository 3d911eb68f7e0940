#pragma once

#include <cmath>
#include <tuple>

#include "math/lanes.hpp"

namespace rnnlab {

/// The recurrent activations h = φ(a) of a vanilla unit. Each gives φ, and φ'(a) from the value h =
/// φ(a) alone, which is all that backward keeps. At the corner a = 0 of the rectifiers φ' is that
/// of a < 0.

struct Tanh {
  static constexpr const char* name = "tanh";
  template <class V>
  [[gnu::always_inline]] static V value(const V& a) {
    return hyperbolic_tangent(a);
  }
  template <class V>
  [[gnu::always_inline]] static V slope(const V& h) {
    return V(1.0f - h * h);
  }
};

struct Sigmoid {
  static constexpr const char* name = "sigmoid";
  template <class V>
  [[gnu::always_inline]] static V value(const V& a) {
    return sigmoid(a);
  }
  template <class V>
  [[gnu::always_inline]] static V slope(const V& h) {
    return V(h - h * h);
  }
};

/// φ(a) = a: the linear network, whose gradient has a closed form.
struct Identity {
  static constexpr const char* name = "identity";
  template <class V>
  [[gnu::always_inline]] static V value(const V& a) {
    return a;
  }
  template <class V>
  [[gnu::always_inline]] static V slope(const V& h) {
    return V(1.0f + 0.0f * h);  // a NaN stays one
  }
};

/// φ(a) = max(a, 0)
struct Relu {
  static constexpr const char* name = "relu";
  template <class V>
  [[gnu::always_inline]] static V value(const V& a) {
    return rectify(a);
  }
  template <class V>
  [[gnu::always_inline]] static V slope(const V& h) {
    return step(h);
  }
};

/// φ(a) = a for a > 0, else a / 100 (Maas, Hannun, Ng 2013)
struct LeakyRelu {
  static constexpr const char* name = "leaky-relu";
  static constexpr float leak = 0.01f;
  template <class V>
  [[gnu::always_inline]] static V value(const V& a) {
    return V(rectify(a) - leak * rectify(V(-a)));
  }
  template <class V>
  [[gnu::always_inline]] static V slope(const V& h) {
    return V(step(h) + leak * (1.0f - step(h)));
  }
};

/// φ(a) = a for a > 0, else e^a − 1 (Clevert, Unterthiner, Hochreiter 2016)
struct Elu {
  static constexpr const char* name = "elu";
  template <class V>
  [[gnu::always_inline]] static V value(const V& a) {
    using std::exp;
    return V(rectify(a) + (exp(V(-rectify(V(-a)))) - 1.0f));
  }
  template <class V>
  [[gnu::always_inline]] static V slope(const V& h) {
    return V(1.0f - rectify(V(-h)));
  }
};

/// THE list of activations.
using Activations = std::tuple<Tanh, Sigmoid, Identity, Relu, LeakyRelu, Elu>;

/// Calls f(Phi{}) for each activation of the list.
template <class F>
void for_each_activation(F&& f) {
  std::apply([&](auto... phi) { (f(phi), ...); }, Activations{});
}

}  // namespace rnnlab
