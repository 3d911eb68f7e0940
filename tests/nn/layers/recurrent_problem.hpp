#pragma once

#include <string>
#include <vector>

#include "math/lanes.hpp"
#include "nn/cores.hpp"
#include "nn/layers/layer_run.hpp"
#include "nn/layers/recurrent.hpp"
#include "reference/recurrent.hpp"
#include "reference/tape.hpp"

namespace rnnlab::test {

using reference::Named;
using reference::Tape;
using reference::Var;
using reference::Vector;

/// Where ∂L/∂y arrives.
enum class From { every, last, both };

struct Case {
  int H, I, T, b;
  From from;
  bool bias = true;
  const char* h0 = "zero";
};

/// What one layer is given: the same numbers for the production code and the textbook.
struct Problem {
  Case c;
  RecurrentOptions options;
  std::vector<int> length;
  std::vector<double> theta, x, every, last;

  int width = 0;  // of y

  Problem(const Case& of, const Core& core)
      : c(of),
        options{.inputs = c.I,
                .hidden = c.H,
                .bias = c.bias,
                .outputs = 3,
                .input_gradient = true,
                .h0 = {c.h0}} {
    core.set(options);
    c.H = options.hidden;
    for (int b = 0; b < c.b; ++b) length.push_back(b == 0 ? c.T : 1 + (b * 7) % c.T);
    ParamLayout layout;
    const auto layer = make_recurrent<double>(options);
    layer->declare(layout);
    const Slab<double> frame(layer->frame_size(1, 1));
    width = layer->output(frame.data(), 1, 1).F;
    theta = float_noise(layout.size(), 0.7 / std::sqrt(c.H), 1);
    for (const Parameter& parameter : layout) {
      if (parameter.name.find("leak") != 0) continue;
      // A share of the state: beyond 1 the state grows, and rounding with it.
      for (std::size_t i = parameter.offset; i < parameter.offset + parameter.size(); ++i)
        theta[i] = static_cast<double>(static_cast<float>(1 / (1 + std::exp(-theta[i]))));
    }
    x = float_noise(size(c.T, c.I), 1, 2);
    every = float_noise(size(c.T, width), 1, 3);
    last = float_noise(size(1, width), 1, 4);
  }

  std::size_t size(int T, int F) const {
    return static_cast<std::size_t>(T) * static_cast<std::size_t>(c.b) *
           static_cast<std::size_t>(F);
  }
  std::size_t at(int t, int b, int F) const {
    return (static_cast<std::size_t>(t) * static_cast<std::size_t>(c.b) +
            static_cast<std::size_t>(b)) *
           static_cast<std::size_t>(F);
  }
  /// ∂L/∂h_{b,t} as it comes from above, unit u.
  double upstream(int t, int b, int u) const {
    double sum = 0;
    if (c.from != From::last) sum += every[at(t, b, width) + static_cast<std::size_t>(u)];
    if (c.from != From::every && length[static_cast<std::size_t>(b)] - 1 == t) {
      sum += last[at(0, b, width) + static_cast<std::size_t>(u)];
    }
    return sum;
  }
};

struct Answer {
  std::vector<double> y, dx, gradient;
  std::vector<double> hidden, cell;  // [T, b]: the textbook's ‖∂L/∂h_t‖ and, if any, ‖∂L/∂c_t‖
};

/// By the textbook and the tape.
inline Answer expected(const Problem& p) {
  Answer answer{std::vector<double>(p.size(p.c.T, p.width)),
                std::vector<double>(p.size(p.c.T, p.c.I)),
                std::vector<double>(p.theta.size()),
                {},
                {}};
  ParamLayout layout;
  make_recurrent<double>(p.options)->declare(layout);
  for (int b = 0; b < p.c.b; ++b) {
    Tape tape;
    Vector<Var> theta;
    for (const double v : p.theta) theta.emplace_back(tape, v);
    std::vector<Vector<Var>> x(static_cast<std::size_t>(p.c.T));
    for (int t = 0; t < p.c.T; ++t) {
      for (int i = 0; i < p.c.I; ++i) {
        x[static_cast<std::size_t>(t)].emplace_back(
            tape, p.x[p.at(t, b, p.c.I) + static_cast<std::size_t>(i)]);
      }
    }
    const auto states = reference::recurrent(Named<Var>(layout, theta), p.options, "_l0", x);
    for (int t = 0; t < p.c.T; ++t) {
      for (int u = 0; u < p.width; ++u) {
        const auto unit = static_cast<std::size_t>(u);
        const Var& h = states.output()[static_cast<std::size_t>(t)][unit];
        answer.y[p.at(t, b, p.width) + unit] = h.value();
        h.seed(p.upstream(t, b, u));
      }
    }
    tape.sweep();
    const auto norms = [&](const std::vector<Vector<Var>>& of, std::vector<double>& to) {
      to.resize(p.size(p.c.T, 1));
      for (std::size_t t = 0; t < of.size(); ++t) {
        double sum = 0;
        for (const Var& v : of[t]) sum += v.adjoint() * v.adjoint();
        to[p.at(static_cast<int>(t), b, 1)] = std::sqrt(sum);
      }
    };
    norms(states.h, answer.hidden);
    if (!states.c.empty()) norms(states.c, answer.cell);
    for (std::size_t i = 0; i < theta.size(); ++i) answer.gradient[i] += theta[i].adjoint();
    for (int t = 0; t < p.c.T; ++t) {
      for (int i = 0; i < p.c.I; ++i) {
        const auto input = static_cast<std::size_t>(i);
        answer.dx[p.at(t, b, p.c.I) + input] = x[static_cast<std::size_t>(t)][input].adjoint();
      }
    }
  }
  return answer;
}

/// The production layer on a problem.
template <class S>
struct Production {
  const Problem& p;
  LayerRun<S> run;
  OwnedSeq<S> x, every, last;

  explicit Production(const Problem& problem)
      : p(problem),
        run(make_recurrent<S>(p.options), p.c.T, p.c.b),
        // Columns further apart than they are wide: what lies between must not be looked at.
        x(p.x, p.c.T, p.c.b, p.c.I, p.c.b == 3 ? p.c.I + 5 : p.c.I, std::nan("")),
        every(p.every, p.c.T, p.c.b, p.width, round_up(p.width, lanes<S>), 0),
        last(p.last, 1, p.c.b, p.width, round_up(p.width, lanes<S>), 0) {
    run.set(p.theta);
  }
  Upstream<S> upstream() const {
    Upstream<S> dy{.length = p.length.data()};
    if (p.c.from != From::last) dy.every = every.view();
    if (p.c.from != From::every) dy.last = last.view();
    return dy;
  }
  std::vector<double> forward() { return dense_copy<S>(run.forward(x.view())); }
  Answer answer() {
    Answer a;
    a.y = forward();
    a.dx = dense_copy<S>(run.backward(x.view(), upstream()));
    a.gradient = run.gradient();
    return a;
  }
};

/// The largest error of 25 entries of a problem's gradient by theta or x, against central
/// differences, relative to their norm.
inline double difference_error(const Problem& p, std::vector<double> Problem::*field,
                               const std::vector<double>& gradient) {
  const auto objective = [](const Problem& q) {
    const auto y = Production<double>(q).forward();
    double sum = 0;
    for (int t = 0; t < q.c.T; ++t) {
      for (int b = 0; b < q.c.b; ++b) {
        for (int u = 0; u < q.width; ++u) {
          sum += q.upstream(t, b, u) * y[q.at(t, b, q.width) + static_cast<std::size_t>(u)];
        }
      }
    }
    return sum;
  };
  constexpr double h = 1e-6;
  double error = 0, norm = 0;
  for (std::uint64_t k = 0; k < 25; ++k) {
    const auto i = permuted({3, Stream::test}, 0, gradient.size(), k);
    Problem above = p, below = p;
    (above.*field)[i] += h;
    (below.*field)[i] -= h;
    error += std::pow(gradient[i] - (objective(above) - objective(below)) / (2 * h), 2);
    norm += std::pow(gradient[i], 2);
  }
  return std::sqrt(error / norm);
}

}  // namespace rnnlab::test
