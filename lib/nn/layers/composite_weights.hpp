#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include "base/arena.hpp"
#include "nn/layers/composite_parts.hpp"
#include "nn/params.hpp"

namespace rnnlab {

/// The parameters of a step program in their three layouts: PyTorch's, packed, and slab. Products
/// have the layout of Affine; vectors that of their sum's column; a rule's own weights are [params,
/// Hp], as the rule derives them.
template <class S>
class CompositeWeights {
 public:
  using Parts = CompositeParts<S>;
  /// Of the products, of the norms' scales, of the sums' biases and the rules' own weights (by
  /// operation).
  struct Packed {
    std::array<typename Affine<S>::Packed, Parts::most_products> w;
    std::array<S*, Parts::most_norms> scale;
    std::array<S*, Parts::most_operations> bias, own;
    std::array<S*, Parts::most_attentions> score, position;
  };
  struct Slab {
    std::array<S*, Parts::most_products> w;
    std::array<S*, Parts::most_norms> scale;
    std::array<S*, Parts::most_operations> bias, own;
    std::array<S*, Parts::most_attentions> score, position;
  };

  CompositeWeights(const StepProgram& program, const Parts& parts)
      : parameters_(program.parameters), parts_(parts) {
    for (const auto& p : parameters_) {
      if (p.columns == 0) RNNLAB_CHECK_EQ(p.start.size(), index(p.rows));
    }
  }

  void declare(ParamLayout& layout) {
    first_ = layout.count();
    for (const auto& p : parameters_)
      at_.push_back(layout.add(p.name, p.rows, p.columns, p.trained));
  }
  void initialize(Key key, S* theta) const;
  void pack(const S* theta, S* to) const;
  void unpack(const S* theta, const S* from, S scale, S* gradient) const;

  Packed packed(Carver<S>& c) const;
  Slab slab(Carver<S>& c) const;

 private:
  static constexpr int most = RuleFields<S>::most;
  static std::size_t index(int i) { return static_cast<std::size_t>(i); }
  template <class Memory>
  void take_attentions(Carver<S>& c, Memory& to) const {
    parts_.for_each_attention([&](const auto& a) {
      to.score[a.number] = c.take(index(a.attend.score_size()));
      to.position[a.number] = c.take(index(a.attend.position_size()));
    });
  }
  int columns(const StepProgram::Product& p) const {
    return parameters_[index(p.weight.parameter)].columns;
  }
  /// Of a product's matrix in θ.
  std::size_t offset(const StepProgram::Product& p) const {
    return at_[index(p.weight.parameter)] + size(p.weight.first_row, columns(p)) +
           index(p.first_column);
  }
  std::size_t own_size(const StepProgram::Pointwise& op) const {
    return op.weights.size() * index(parts_.at(op.made[0]).padded);
  }
  /// Calls f(offsets in θ [params], places in the packed order [params]) for each unit of a rule.
  template <class F>
  void for_each_own(const StepProgram::Pointwise& op, F&& f) const {
    const auto& signal = parts_.at(op.made[0]);
    std::array<std::size_t, most> in_theta{}, place{};
    for (int u = 0; u < signal.units; ++u) {
      for (std::size_t j = 0; j < op.weights.size(); ++j) {
        in_theta[j] = at_[index(op.weights[j].parameter)] + index(op.weights[j].first_row + u);
        place[j] = j * index(signal.padded) + index(u);
      }
      f(in_theta, place);
    }
  }

  const std::vector<StepProgram::Parameter> parameters_;
  const Parts& parts_;
  std::size_t first_ = 0;        // place in the layout
  std::vector<std::size_t> at_;  // offsets in θ
};

template <class S>
void CompositeWeights<S>::initialize(Key key, S* theta) const {
  for (std::size_t i = 0; i < at_.size(); ++i) {
    const auto& p = parameters_[i];
    if (p.columns > 0) {
      fill_matrix(p.init, key, first_ + i, p.rows, p.columns, theta + at_[i]);
    } else if (p.drawn) {
      std::vector<double> values(index(p.rows));
      p.drawn(key, first_ + i, values.data());
      std::transform(values.begin(), values.end(), theta + at_[i],
                     [](double v) { return static_cast<S>(v); });
    } else {
      std::transform(p.start.begin(), p.start.end(), theta + at_[i],
                     [](double v) { return static_cast<S>(v); });
    }
  }
}

template <class S>
auto CompositeWeights<S>::packed(Carver<S>& c) const -> Packed {
  Packed p{};
  for (std::size_t i = 0; i < parts_.products.size(); ++i) {
    p.w[i] = parts_.products[i].affine.packed(c);
  }
  for (std::size_t i = 0; i < parts_.norms.size(); ++i) {
    p.scale[i] = c.take(index(parts_.norms[i].norm.rows()));
  }
  parts_.for_each_sum([&](std::size_t i, const auto& sum) {
    p.bias[i] = c.take(index(parts_.at(sum.target).rows()));
  });
  take_attentions(c, p);
  parts_.for_each_weighted([&](std::size_t i, const auto& op) { p.own[i] = c.take(own_size(op)); });
  return p;
}

template <class S>
auto CompositeWeights<S>::slab(Carver<S>& c) const -> Slab {
  Slab g{};
  for (std::size_t i = 0; i < parts_.products.size(); ++i) {
    g.w[i] = parts_.products[i].affine.slab(c);
  }
  for (std::size_t i = 0; i < parts_.norms.size(); ++i) {
    g.scale[i] = c.take(index(parts_.norms[i].norm.rows()));
  }
  parts_.for_each_sum([&](std::size_t i, const auto& sum) {
    g.bias[i] = c.take(index(parts_.at(sum.target).rows()));
  });
  take_attentions(c, g);
  parts_.for_each_weighted([&](std::size_t i, const auto& op) { g.own[i] = c.take(own_size(op)); });
  return g;
}

template <class S>
void CompositeWeights<S>::pack(const S* theta, S* to) const {
  Carver<S> carver(to);
  const Packed p = packed(carver);
  for (std::size_t i = 0; i < parts_.products.size(); ++i) {
    const auto& [affine, program, first] = parts_.products[i];
    affine.pack(theta + offset(program), p.w[i], columns(program));
  }
  parts_.for_each_sum([&](std::size_t i, const auto& sum) {
    const int rows = parts_.at(sum.target).rows();
    const auto add = [&](const StepProgram::Rows& from, S* all) {
      const S* vector = theta + at_[index(from.parameter)];
      parts_.for_each_row(sum.target, from, [&](int row, int at) { all[at] += vector[row]; });
    };
    std::fill_n(p.bias[i], rows, S{0});
    for (const auto& bias : sum.biases) add(bias, p.bias[i]);
    for (std::size_t n = sum.first_norm; n < sum.end_norm; ++n) {
      std::fill_n(p.scale[n], rows, S{0});
      add(parts_.norms[n].program.scale, p.scale[n]);
    }
  });
  parts_.for_each_attention([&](const auto& a) {
    const auto vector = [&](int parameter) {
      return parameter < 0 ? nullptr : theta + at_[index(parameter)];
    };
    a.attend.pack_score(vector(a.program.score), p.score[a.number]);
    a.attend.pack_position(vector(a.program.position_score), p.position[a.number]);
  });
  parts_.for_each_weighted([&](std::size_t i, const auto& op) {
    std::fill_n(p.own[i], own_size(op), S{0});
    for_each_own(op, [&](const auto& in_theta, const auto& place) {
      std::array<double, most> values;
      for (std::size_t j = 0; j < op.weights.size(); ++j) values[j] = theta[in_theta[j]];
      if (op.rule->derive) op.rule->derive(values.data());
      for (std::size_t j = 0; j < op.weights.size(); ++j)
        p.own[i][place[j]] = static_cast<S>(values[j]);
    });
  });
}

template <class S>
void CompositeWeights<S>::unpack(const S* theta, const S* from, S scale, S* gradient) const {
  Carver<S> carver(const_cast<S*>(from));
  const Slab g = slab(carver);
  for (std::size_t i = 0; i < parts_.products.size(); ++i) {
    const auto& [affine, program, first] = parts_.products[i];
    affine.unpack(g.w[i], scale, gradient + offset(program), columns(program));
  }
  parts_.for_each_sum([&](std::size_t i, const auto& sum) {
    const auto add = [&](const StepProgram::Rows& rows, const S* all) {
      S* to = gradient + at_[index(rows.parameter)];
      parts_.for_each_row(sum.target, rows, [&](int row, int at) { to[row] += scale * all[at]; });
    };
    for (const auto& bias : sum.biases) add(bias, g.bias[i]);
    for (std::size_t n = sum.first_norm; n < sum.end_norm; ++n) {
      add(parts_.norms[n].program.scale, g.scale[n]);
    }
  });
  parts_.for_each_attention([&](const auto& a) {
    const auto add = [&](int parameter, const S* vector, int rows) {
      if (parameter < 0) return;
      S* const to = gradient + at_[index(parameter)];
      for (int i = 0; i < rows; ++i) to[i] += scale * vector[i];
    };
    add(a.program.score, g.score[a.number], a.program.shape.keys);
    add(a.program.position_score, g.position[a.number], a.program.shape.position);
  });
  parts_.for_each_weighted([&](std::size_t i, const auto& op) {
    for_each_own(op, [&](const auto& in_theta, const auto& place) {
      std::array<double, most> values, d;
      for (std::size_t j = 0; j < op.weights.size(); ++j) {
        values[j] = theta[in_theta[j]];
        d[j] = g.own[i][place[j]];
      }
      if (op.rule->derive) op.rule->derive_back(values.data(), d.data());
      for (std::size_t j = 0; j < op.weights.size(); ++j)
        gradient[in_theta[j]] += scale * static_cast<S>(d[j]);
    });
  });
}

}  // namespace rnnlab
