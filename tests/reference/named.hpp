#pragma once

#include <cmath>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "nn/params.hpp"

// What the textbook's equations are written with, entry by entry, one example at a time. On a
// scalar type V: double for values, Var for derivatives.

namespace rnnlab::reference {

template <class V>
using Vector = std::vector<V>;

/// Parameters under their names: W(i, j) = theta[offset + i · columns + j]. Absent ones are zero.
template <class V>
class Named {
 public:
  Named(const ParamLayout& layout, const Vector<V>& theta) : layout_(layout), theta_(theta) {}

  /// The same parameters with a prefix that names are looked up under.
  Named under(const std::string& scope) const {
    Named scoped = *this;
    scoped.scope_ = scope;
    return scoped;
  }
  /// With a vector of that name in place of, or beside, the parameters.
  Named with(const std::string& name, const Vector<V>& values) const {
    Named more = *this;
    more.given_[name] = values;
    return more;
  }

  /// (W x + b)_row, …, `rows` entries from row `first` on.
  Vector<V> affine(const std::string& weight, const std::string& bias, int first, int rows,
                   const Vector<V>& x) const {
    const Parameter* W = find(weight);
    const Parameter* b = find(bias);
    if (!W || W->columns != static_cast<int>(x.size()))
      throw std::logic_error("shape of " + weight);
    Vector<V> y;
    for (int i = first; i < first + rows; ++i) {
      V sum = b ? theta_[b->offset + static_cast<std::size_t>(i)] : V(0);
      for (std::size_t j = 0; j < x.size(); ++j) {
        sum += theta_[W->offset + static_cast<std::size_t>(i) * x.size() + j] * x[j];
      }
      y.push_back(sum);
    }
    return y;
  }

  /// Entry u of a vector.
  V entry(const std::string& name, std::size_t u) const {
    const Parameter* p = find(name);
    if (!p) throw std::logic_error("no " + name);
    return theta_[p->offset + u];
  }
  int rows(const std::string& name) const { return find(name) ? find(name)->rows : 0; }
  int columns(const std::string& name) const { return find(name) ? find(name)->columns : 0; }

  /// `rows` entries of a vector.
  Vector<V> vector(const std::string& name, int first, int rows) const {
    if (const auto found = given_.find(name); found != given_.end()) {
      return {found->second.begin() + first, found->second.begin() + first + rows};
    }
    const Parameter* p = find(name);
    Vector<V> y;
    for (int i = first; i < first + rows; ++i) {
      y.push_back(p ? theta_[p->offset + static_cast<std::size_t>(i)] : V(0));
    }
    return y;
  }

 private:
  const Parameter* find(const std::string& name) const {
    for (const Parameter& p : layout_) {
      if (p.name == scope_ + name) return &p;
    }
    return nullptr;
  }

  const ParamLayout& layout_;
  const Vector<V>& theta_;
  std::string scope_;
  std::map<std::string, Vector<V>> given_;
};

template <class V>
Vector<V> operator+(Vector<V> a, const Vector<V>& b) {
  if (a.size() != b.size()) throw std::logic_error("sum of vectors of two sizes");
  for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
  return a;
}

/// A piece of the state before the first step: zero where there is no parameter of it.
template <class V>
Vector<V> initial(const Named<V>& theta, const std::string& name, int H) {
  return theta.vector(name, 0, H);
}

/// Entries [first, first + n).
template <class V>
Vector<V> part(const Vector<V>& x, int first, int n) {
  return Vector<V>(x.begin() + first, x.begin() + first + n);
}

/// The same values, through which nothing is differentiated.
inline Vector<double> detached(const Vector<double>& x) { return x; }
template <class V>
Vector<V> detached(const Vector<V>& x) {
  Vector<V> constants;
  for (const V& v : x) constants.push_back(V(v.value()));
  return constants;
}

template <class V>
V sigmoid(const V& x) {
  using std::exp;
  return V(1) / (V(1) + exp(-x));
}

/// φ(a) of an Elman unit, an entry of the tape of its own even where it is constant.
template <class V>
V activated(const std::string& phi, const V& a) {
  using std::exp;
  using std::tanh;
  const bool positive = V(0) < a;
  if (phi == "tanh") return tanh(a);
  if (phi == "sigmoid") return sigmoid(a);
  if (phi == "identity") return a * V(1);
  if (phi == "relu") return a * V(positive ? 1 : 0);
  if (phi == "leaky-relu") return a * V(positive ? 1 : static_cast<double>(0.01f));
  if (phi == "elu") return positive ? a * V(1) : exp(a) - V(1);
  throw std::logic_error("the textbook has no activation " + phi);
}

/// φ of each entry.
template <class V>
Vector<V> activated(const std::string& phi, const Vector<V>& a) {
  Vector<V> h;
  for (const V& v : a) h.push_back(activated(phi, v));
  return h;
}

/// The state after each step.
template <class V>
struct States {
  std::vector<Vector<V>> h, c;  // [T][H]; c where the cell has one
  std::vector<Vector<V>> y;     // [T][O] where the layer's output is another than h

  const std::vector<Vector<V>>& output() const { return y.empty() ? h : y; }
};

}  // namespace rnnlab::reference
