#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include "base/arena.hpp"
#include "nn/layers/composite_parts.hpp"
#include "nn/params.hpp"

namespace rnnlab {

/// The parameters of a step program in their three layouts: PyTorch's, packed, and slab. Products
/// have the layout of Affine; vectors that of their sum's column.
template <class S>
class CompositeWeights {
 public:
  using Parts = CompositeParts<S>;
  /// Of the products, of the norms' scales, of the sums' biases (by operation).
  struct Packed {
    std::array<typename Affine<S>::Packed, Parts::most_products> w;
    std::array<S*, Parts::most_norms> scale;
    std::array<S*, Parts::most_operations> bias;
  };
  struct Slab {
    std::array<S*, Parts::most_products> w;
    std::array<S*, Parts::most_norms> scale;
    std::array<S*, Parts::most_operations> bias;
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
  void unpack(const S* from, S scale, S* gradient) const;

  Packed packed(Carver<S>& c) const;
  Slab slab(Carver<S>& c) const;

 private:
  static std::size_t index(int i) { return static_cast<std::size_t>(i); }

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
  return g;
}

template <class S>
void CompositeWeights<S>::pack(const S* theta, S* to) const {
  Carver<S> carver(to);
  const Packed p = packed(carver);
  const auto weight = [&](const StepProgram::Rows& rows, int columns) {
    return theta + at_[index(rows.parameter)] + size(rows.first_row, columns);
  };
  for (std::size_t i = 0; i < parts_.products.size(); ++i) {
    const auto& product = parts_.products[i];
    product.affine.pack(weight(product.program.weight, product.affine.inputs()), p.w[i]);
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
}

template <class S>
void CompositeWeights<S>::unpack(const S* from, S scale, S* gradient) const {
  Carver<S> carver(const_cast<S*>(from));
  const Slab g = slab(carver);
  for (std::size_t i = 0; i < parts_.products.size(); ++i) {
    const auto& [affine, program, first] = parts_.products[i];
    affine.unpack(g.w[i], scale,
                  gradient + at_[index(program.weight.parameter)] +
                      size(program.weight.first_row, affine.inputs()));
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
}

}  // namespace rnnlab
