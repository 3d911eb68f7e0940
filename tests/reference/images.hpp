#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "reference/recurrent.hpp"

// Recurrent networks of two dimensions by their papers' equations, point by point. Images come and
// go row by row.

namespace rnnlab::reference {

template <class V>
using Points = std::vector<Vector<V>>;

/// Anti-diagonal by anti-diagonal, each from its upper end down.
template <class F>
void for_each_diagonal(int rows, int columns, F&& f) {
  for (int d = 0; d <= rows + columns - 2; ++d) {
    for (int i = 0; i < rows; ++i) {
      if (d - i >= 0 && d - i < columns) f(i, d - i);
    }
  }
}

/// A recurrence from one corner. `step(x, left, up)` is the state of a point from its neighbours',
/// which are zeros of `like`'s sizes beyond the border.
template <class State, class V, class Step>
std::vector<State> swept(int rows, int columns, bool bottom, bool right, const State& like,
                         const Points<V>& x, Step&& step) {
  std::vector<State> states(x.size());
  const auto at = [&](int i, int j) {
    return static_cast<std::size_t>((bottom ? rows - 1 - i : i) * columns +
                                    (right ? columns - 1 - j : j));
  };
  for (int i = 0; i < rows; ++i) {
    for (int j = 0; j < columns; ++j) {
      const State left = j > 0 ? states[at(i, j - 1)] : like,
                  up = i > 0 ? states[at(i - 1, j)] : like;
      states[at(i, j)] = step(x[at(i, j)], left, up);
    }
  }
  return states;
}

struct Sweep {
  const char* suffix;
  bool bottom, right;
};
inline const std::vector<Sweep>& sweeps() {
  static const std::vector<Sweep> all{{"_top_left", false, false},
                                      {"_bottom_right", true, true},
                                      {"_top_right", false, true},
                                      {"_bottom_left", true, false}};
  return all;
}

/// What a sweep's points have, in its order.
template <class V, class State, class Of>
States<V> in_order(const Sweep& sweep, int rows, int columns, const std::vector<State>& states,
                   Of&& hidden) {
  States<V> result;
  for_each_diagonal(rows, columns, [&](int i, int j) {
    result.h.push_back(hidden(states[static_cast<std::size_t>(
        (sweep.bottom ? rows - 1 - i : i) * columns + (sweep.right ? columns - 1 - j : j))]));
  });
  return result;
}

template <class V>
struct Cell {
  Vector<V> h, c;
};

/// One sweep of a multi-dimensional RNN or LSTM (Graves, Fernandez, Schmidhuber 2007).
template <class V, class Options>
std::vector<Cell<V>> multi_dimensional(const Named<V>& theta, const Options& o,
                                       const std::string& suffix, int rows, int columns,
                                       const Sweep& sweep, const Points<V>& x) {
  using std::tanh;
  const int H = static_cast<int>(o.hidden);
  const Vector<V> zero(static_cast<std::size_t>(H), V(0));
  return swept<Cell<V>>(
      rows, columns, sweep.bottom, sweep.right, {zero, zero}, x,
      [&](const Vector<V>& x_p, const Cell<V>& left, const Cell<V>& up) {
        const auto a = [&](int gate) {
          return theta.affine("weight_ih" + suffix, "bias" + suffix, gate * H, H, x_p) +
                 theta.affine("weight_left" + suffix, "", gate * H, H, left.h) +
                 theta.affine("weight_up" + suffix, "", gate * H, H, up.h);
        };
        if (o.cell == "elman") return Cell<V>{activated(o.activation, a(0)), zero};
        const Vector<V> i = a(0), f_left = a(1), f_up = a(2), g = a(3), out = a(4);
        Cell<V> p{zero, zero};
        for (std::size_t u = 0; u < zero.size(); ++u) {
          p.c[u] = sigmoid(f_left[u]) * left.c[u] + sigmoid(f_up[u]) * up.c[u] +
                   sigmoid(i[u]) * tanh(g[u]);
          p.h[u] = sigmoid(out[u]) * tanh(p.c[u]);
        }
        return p;
      });
}

/// A block's outgoing h and m along the row, the column and the depth.
template <class V>
struct Block {
  Vector<V> h[3], m[3];
};

/// One layer of a grid LSTM (Kalchbrenner, Danihelka, Graves 2015), x = [h; m] from below.
template <class V, class Options>
std::vector<Block<V>> grid_lstm(const Named<V>& theta, const Options& o, const std::string& suffix,
                                int rows, int columns, const Sweep& sweep, const Points<V>& x) {
  using std::tanh;
  const int H = static_cast<int>(o.hidden);
  const Vector<V> zero(static_cast<std::size_t>(H), V(0));
  const Block<V> nothing{{zero, zero, zero}, {zero, zero, zero}};
  return swept<Block<V>>(rows, columns, sweep.bottom, sweep.right, nothing, x,
                         [&](const Vector<V>& x_p, const Block<V>& left, const Block<V>& up) {
                           Block<V> p = nothing;
                           const Vector<V> m_of[] = {left.m[0], up.m[1], part(x_p, H, H)};
                           for (int n = 0; n < 3; ++n) {
                             const auto a = [&](int gate) {
                               const int row = (4 * n + gate) * H;
                               return theta.affine("weight_ih" + suffix, "bias" + suffix, row, H,
                                                   part(x_p, 0, H)) +
                                      theta.affine("weight_left" + suffix, "", row, H, left.h[0]) +
                                      theta.affine("weight_up" + suffix, "", row, H, up.h[1]);
                             };
                             const Vector<V> i = a(0), f = a(1), g = a(2), out = a(3);
                             for (std::size_t u = 0; u < zero.size(); ++u) {
                               p.m[n][u] = sigmoid(f[u]) * m_of[n][u] + sigmoid(i[u]) * tanh(g[u]);
                               p.h[n][u] = sigmoid(out[u]) * tanh(p.m[n][u]);
                             }
                           }
                           return p;
                         });
}

/// The layers of an image's model. `last`: one vector, what each sweep has at its last point.
template <class V, class Options>
Points<V> image_layers(const Named<V>& theta, const Options& o, int rows, int columns, bool last,
                       Points<V> x, std::vector<States<V>>& traced) {
  const int H = static_cast<int>(o.hidden);
  const auto beside = [](Vector<V> a, const Vector<V>& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
  };
  const auto merge = [&](const Vector<V>& a, const Vector<V>& b) {
    return o.merge == "sum" ? a + b : beside(a, b);
  };
  if (o.architecture == "renet") {
    const int side = static_cast<int>(o.patch), R = rows / side, C = columns / side;
    Points<V> patches(static_cast<std::size_t>(R * C));
    for (int i = 0; i < rows; ++i) {
      for (int j = 0; j < columns; ++j) {
        Vector<V>& patch = patches[static_cast<std::size_t>(i / side * C + j / side)];
        patch = beside(patch, x[static_cast<std::size_t>(i * columns + j)]);
      }
    }
    x = patches;
    for (int l = 0; l < o.layers; ++l) {
      for (const bool down : {false, true}) {
        Points<V> both[2];
        for (const int reverse : {0, 1}) {
          States<V> states;
          states.h.resize(x.size());
          for (int line = 0; line < (down ? C : R); ++line) {
            std::vector<std::size_t> way;
            for (int s = 0; s < (down ? R : C); ++s)
              way.push_back(static_cast<std::size_t>(down ? s * C + line : line * C + s));
            if (reverse) std::reverse(way.begin(), way.end());
            Points<V> sequence;
            for (const std::size_t point : way) sequence.push_back(x[point]);
            const States<V> run =
                recurrent(theta, o,
                          "_l" + std::to_string(l) + (down ? "_columns" : "_rows") +
                              (reverse ? "_reverse" : ""),
                          sequence);
            for (std::size_t s = 0; s < way.size(); ++s) states.h[way[s]] = run.h[s];
          }
          both[reverse] = states.h;
          if (side == 1) traced.push_back(states);
        }
        for (std::size_t p = 0; p < x.size(); ++p) x[p] = merge(both[0][p], both[1][p]);
      }
    }
    return x;
  }
  if (o.architecture == "grid") {
    for (Vector<V>& x_p : x) x_p = theta.affine("input.weight", "input.bias", 0, 2 * H, x_p);
  }
  for (int l = 0; l < o.layers; ++l) {
    const std::string suffix = "_l" + std::to_string(l);
    const bool top = l + 1 == o.layers;
    Points<V> merged;
    for (std::size_t k = 0; k < sweeps().size(); ++k) {
      const Sweep& sweep = sweeps()[k];
      Points<V> y;
      if (o.architecture == "grid") {
        if (k != static_cast<std::size_t>(l) % sweeps().size()) continue;
        const auto blocks = grid_lstm(theta, o, suffix, rows, columns, sweep, x);
        traced.push_back(in_order<V>(sweep, rows, columns, blocks, [&](const Block<V>& p) {
          return beside(beside(p.h[0], p.h[1]), p.h[2]);
        }));
        for (const Block<V>& p : blocks) y.push_back(top ? p.h[2] : beside(p.h[2], p.m[2]));
      } else {
        if (o.direction != "bidirectional" && k != (o.direction == "reverse" ? 1u : 0u)) continue;
        const auto cells =
            multi_dimensional(theta, o, suffix + sweep.suffix, rows, columns, sweep, x);
        traced.push_back(
            in_order<V>(sweep, rows, columns, cells, [](const Cell<V>& p) { return p.h; }));
        for (const Cell<V>& p : cells) y.push_back(p.h);
      }
      if (last && top)
        y = {y[static_cast<std::size_t>((sweep.bottom ? 0 : rows - 1) * columns +
                                        (sweep.right ? 0 : columns - 1))]};
      if (merged.empty()) {
        merged = y;
      } else {
        for (std::size_t p = 0; p < y.size(); ++p) merged[p] = merge(merged[p], y[p]);
      }
    }
    x = merged;
  }
  return x;
}

}  // namespace rnnlab::reference
