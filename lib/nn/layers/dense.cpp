#include "nn/layers/dense.hpp"

#include <algorithm>

#include "base/arena.hpp"
#include "base/check.hpp"
#include "base/phases.hpp"
#include "nn/initialization.hpp"
#include "nn/layers/affine.hpp"
#include "nn/layers/outer_products.hpp"
#include "nn/layers/time_blocks.hpp"

namespace rnnlab {
namespace {

/// dx_t = Wᵀ dy_t over all steps, by panels of inputs and by as many rows of W as stay in the cache
/// meanwhile: of a large vocabulary a panel of all rows would be read from memory at every step.
template <class S>
class BackThroughWeights {
 public:
  BackThroughWeights(int rows, int inputs, int b, int ld_dy, int ld_dx)
      : rows_(rows), inputs_(inputs), b_(b), ld_dy_(ld_dy), ld_dx_(ld_dx) {}

  /// `stored`: rows of a panel, those past `rows` left out.
  void operator()(const S* wt, int stored, const Seq<const S>& dy, const Seq<S>& dx) const {
    for (int p = 0; p < RowBlocks<S>::panels(inputs_); ++p) {
      const int begin = RowBlocks<S>::panel * p, width = RowBlocks<S>::panel_width(inputs_, p);
      for (int row = 0; row < rows_; row += in_cache) {
        const Product<S> product({.m = width,
                                  .n = b_,
                                  .k = std::min(in_cache, rows_ - row),
                                  .lda = width,
                                  .ldb = ld_dy_,
                                  .ldc = ld_dx_,
                                  .accumulate = row > 0});
        const S* const w = wt + size(stored, begin) + size(row, width);
        for (int t = 0; t < dy.T; ++t) product(w, dy.at(t) + row, dx.at(t) + begin);
      }
    }
  }

 private:
  static constexpr int in_cache = 1024;

  int rows_, inputs_, b_, ld_dy_, ld_dx_;
};

template <class S>
class Dense final : public Layer<S> {
 public:
  explicit Dense(const DenseOptions& options)
      : o_(options),
        I_(options.inputs),
        affine_(options.outputs, 1, options.inputs),
        Op_(affine_.rows().padded()) {}

  void declare(ParamLayout& layout) override {
    first_ = layout.count();
    if (o_.first_row > 0) {
      weight_ = declared(layout, o_.prefix + "weight") + size(o_.first_row, I_);
      if (o_.bias) bias_ = declared(layout, o_.prefix + "bias") + size(o_.first_row, 1);
      return;
    }
    if (o_.tied_to.empty()) {
      weight_ = layout.add(o_.prefix + "weight", rows(), I_);
    } else {
      const auto found = std::find_if(layout.begin(), layout.end(),
                                      [&](const Parameter& p) { return p.name == o_.tied_to; });
      RNNLAB_CHECK_EQ(found != layout.end() && found->rows == o_.outputs && found->columns == I_,
                      true);
      weight_ = found->offset;
    }
    if (o_.bias) bias_ = layout.add(o_.prefix + "bias", rows(), 0);
  }

  void initialize(Key key, S* theta) const override {
    if (o_.first_row > 0) return;
    if (o_.tied_to.empty())
      fill_matrix({.kind = o_.init, .fan_out = rows(), .width = I_, .deviation = o_.init_std}, key,
                  first_, rows(), I_, theta + weight_);
    if (o_.bias) std::fill_n(theta + bias_, rows(), S{0});
  }

  std::size_t packed_size() const override {
    return room_for<S>([&](Carver<S>& carver) { packed(carver); });
  }

  void pack(const S* theta, S* to) const override {
    Carver<S> carver(to);
    const Packed p = packed(carver);
    affine_.pack(theta + weight_, p.w);
    std::fill_n(p.bias, Op_, S{0});
    if (o_.bias) std::copy_n(theta + bias_, o_.outputs, p.bias);
  }

  std::size_t slab_size() const override {
    return room_for<S>([&](Carver<S>& carver) { slab(carver); });
  }

  void unpack(const S* /*theta*/, const S* from, S scale, S* gradient) const override {
    Carver<S> carver(const_cast<S*>(from));
    const Slab g = slab(carver);
    affine_.unpack(g.w, scale, gradient + weight_);
    if (!o_.bias) return;
    for (int i = 0; i < o_.outputs; ++i) gradient[bias_ + i] += scale * g.bias[i];
  }

  std::size_t frame_size(int T, int b) const override {
    return room_for<S>([&](Carver<S>& carver) { frame(carver, T, b); });
  }

  Seq<S> forward(const S* weights, Seq<const S> x, S* memory, const Pass<S>&) const override;
  Seq<const S> output(S* memory, int T, int b) const override {
    Carver<S> carver(memory);
    return {frame(carver, T, b).y, T, b, o_.outputs, Op_};
  }
  Upstream<S> backward(const S* weights, Seq<const S> x, const Upstream<S>& dy, S* gradient,
                       S* memory, const StateTrace&) const override;

 private:
  int rows() const { return o_.all_rows > 0 ? o_.all_rows : o_.outputs; }
  /// Where the parameter that was last declared under this name, whatever the scope, begins.
  static std::size_t declared(const ParamLayout& layout, const std::string& name) {
    std::size_t i = layout.count();
    while (i > 0 && !layout[i - 1].name.ends_with(name)) --i;
    RNNLAB_CHECK_EQ(i > 0, true);
    return layout[i - 1].offset;
  }
  struct Packed {
    typename Affine<S>::Packed w;
    S* bias;  // [Op]
  };
  struct Slab {
    S *w, *bias;
  };
  struct Frame {
    S* y;   // [T, b, Op]
    S* dx;  // [T, b, Ip]
  };
  Packed packed(Carver<S>& c) const {
    return {affine_.packed(c), c.take(static_cast<std::size_t>(Op_))};
  }
  Slab slab(Carver<S>& c) const { return {affine_.slab(c), c.take(static_cast<std::size_t>(Op_))}; }
  Frame frame(Carver<S>& c, int T, int b) const {
    const auto columns = static_cast<std::size_t>(T) * static_cast<std::size_t>(b);
    return {
        c.take(columns * static_cast<std::size_t>(Op_)),
        c.take(o_.input_gradient ? columns * static_cast<std::size_t>(round_up(I_, lanes<S>)) : 0)};
  }

  DenseOptions o_;
  int I_;
  Affine<S> affine_;
  int Op_;
  std::size_t first_ = 0, weight_ = 0, bias_ = 0;
};

template <class S>
Seq<S> Dense<S>::forward(const S* weights, Seq<const S> x, S* memory, const Pass<S>&) const {
  RNNLAB_CHECK_EQ(x.F, I_);
  enter_phase(Phase::loss);
  Carver<S> weight_carver(const_cast<S*>(weights)), frame_carver(memory);
  const Packed w = packed(weight_carver);
  const Seq<S> y{frame(frame_carver, x.T, x.B).y, x.T, x.B, o_.outputs, Op_};
  const RowBlocks<S>& rows = affine_.rows();
  const typename Affine<S>::Forward product(affine_, x.B, x.ld, Op_);
  for (int k = 0; k < rows.count(); ++k) {
    const int begin = rows.begin(k), width = rows.width(k);
    for (int t = 0; t < x.T; ++t) {
      for (int b = 0; b < x.B; ++b) std::copy_n(w.bias + begin, width, y.at(t, b) + begin);
      product(k, w.w.w, x.at(t), y.at(t));
    }
  }
  return y;
}

template <class S>
Upstream<S> Dense<S>::backward(const S* weights, Seq<const S> x, const Upstream<S>& dy, S* gradient,
                               S* memory, const StateTrace&) const {
  Carver<S> weight_carver(const_cast<S*>(weights)), slab_carver(gradient), frame_carver(memory);
  const Packed w = packed(weight_carver);
  const Slab g = slab(slab_carver);
  const Seq<S> dx{frame(frame_carver, x.T, x.B).dx, x.T, x.B, I_, round_up(I_, lanes<S>)};
  RNNLAB_CHECK_EQ(dy.every.ld, Op_);
  enter_phase(Phase::backward);

  if (o_.input_gradient) {
    BackThroughWeights<S>(o_.outputs, I_, x.B, Op_, dx.ld)(w.w.wt, affine_.rows().rows(), dy.every,
                                                           dx);
  }
  enter_phase(Phase::weight_gradients);
  const OuterProducts<S> outer(affine_.rows(), I_, x.T, x.B, Op_, x.ld);
  // Block by block of the rows, each over all of time: of a large vocabulary the sums of all rows
  // would go to memory and back for every block of time.
  const RowBlocks<S>& rows = affine_.rows();
  for (int k = 0; k < rows.count(); ++k) {
    const int begin = rows.begin(k), width = rows.width(k);
    for_time_blocks_backwards(x.T, [&](int t0, int n) {
      outer.add_rows(k, dy.every.at(t0), x.at(t0), n, g.w);
      for (int column = 0; column < n * x.B; ++column) {
        const S* from = dy.every.at(t0) + size(column, Op_) + begin;
        for (int i = 0; i < width; ++i) g.bias[begin + i] += from[i];
      }
    });
  }
  if (!o_.input_gradient) return {};
  return {.every = dx, .exponent = dy.exponent};
}

}  // namespace

template <class S>
std::unique_ptr<Layer<S>> make_dense(const DenseOptions& options) {
  return std::make_unique<Dense<S>>(options);
}

template std::unique_ptr<Layer<float>> make_dense(const DenseOptions&);
template std::unique_ptr<Layer<double>> make_dense(const DenseOptions&);

}  // namespace rnnlab
