#include "nn/layers/self_attention.hpp"

#include <algorithm>

#include "base/arena.hpp"
#include "base/phases.hpp"
#include "math/lanes.hpp"
#include "nn/layers/attention_core.hpp"
#include "nn/layers/dense.hpp"

namespace rnnlab {
namespace {

template <class S>
class SelfAttention final : public Layer<S> {
 public:
  explicit SelfAttention(const SelfAttentionOptions& o)
      : H_(o.width),
        in_(make_dense<S>({.inputs = H_,
                           .outputs = 3 * H_,
                           .bias = o.bias,
                           .prefix = o.prefix + "in_proj_",
                           .init = o.init,
                           .init_std = o.init_std})),
        out_(make_dense<S>({.inputs = H_,
                            .outputs = H_,
                            .bias = o.bias,
                            .prefix = o.prefix + "out_proj.",
                            .init = o.init,
                            .init_std = o.init_std})),
        core_(o.width, o.heads, o.causal) {}

  void declare(ParamLayout& layout) override {
    in_->declare(layout);
    out_->declare(layout);
  }
  void initialize(Key key, S* theta) const override {
    in_->initialize(key, theta);
    out_->initialize(key, theta);
  }
  std::size_t packed_size() const override { return in_->packed_size() + out_->packed_size(); }
  void pack(const S* theta, S* packed) const override {
    in_->pack(theta, packed);
    out_->pack(theta, packed + in_->packed_size());
  }
  std::size_t slab_size() const override { return in_->slab_size() + out_->slab_size(); }
  void unpack(const S* theta, const S* slab, S scale, S* gradient) const override {
    in_->unpack(theta, slab, scale, gradient);
    out_->unpack(theta, slab + in_->slab_size(), scale, gradient);
  }

  std::size_t frame_size(int T, int b) const override {
    return room_for<S>([&](Carver<S>& carver) { frame(carver, T, b); });
  }
  Seq<const S> output(S* memory, int T, int b) const override {
    Carver<S> carver(memory);
    return out_->output(frame(carver, T, b).out, T, b);
  }
  std::vector<NamedSeq<S>> tensors(S* memory, int T, int b) const override {
    Carver<S> carver(memory);
    const Frame f = frame(carver, T, b);
    return {{"attention", core_.weights(f.core, T, T, b, f.length, f.length)},
            {"y", out_->output(f.out, T, b)}};
  }

  Seq<S> forward(const S* packed, Seq<const S> x, S* memory, const Pass<S>& pass) const override {
    Carver<S> carver(memory);
    const Frame f = frame(carver, x.T, x.B);
    for (int b = 0; b < x.B; ++b) f.length[b] = x.length ? x.length[b] : x.T;
    const Seq<const S> qkv = in_->forward(packed, x, f.in, pass);
    enter_phase(Phase::recurrent_product);
    const Seq<const S> y = core_.forward(part(qkv, 0, x), part(qkv, 1, x), part(qkv, 2, x), f.core);
    Seq<S> out = out_->forward(packed + in_->packed_size(), y, f.out, pass);
    out.length = x.length;
    return out;
  }

  Upstream<S> backward(const S* packed, Seq<const S> x, const Upstream<S>& dy, S* slab, S* memory,
                       const StateTrace&) const override {
    Carver<S> carver(memory);
    const Frame f = frame(carver, x.T, x.B);
    const Seq<const S> y = core_.output(f.core, x.T, x.T, x.B);
    const Upstream<S> dcore =
        out_->backward(packed + in_->packed_size(), y, dy, slab + in_->slab_size(), f.out, {});
    const Seq<const S> qkv = in_->output(f.in, x.T, x.B);
    const Seq<S> dqkv{f.dqkv, x.T, x.B, 3 * H_, qkv.ld};
    for (int column = 0; column < x.T * x.B; ++column)
      std::fill(f.dqkv + size(column, qkv.ld) + 3 * H_, f.dqkv + size(column + 1, qkv.ld), S{0});
    core_.backward(part(qkv, 0, x), part(qkv, 1, x), part(qkv, 2, x), dcore.every, part(dqkv, 0, x),
                   part(dqkv, 1, x), part(dqkv, 2, x), f.core);
    return in_->backward(packed, x, {.every = dqkv}, slab, f.in, {});
  }

 private:
  struct Frame {
    S *in, *core, *out;  // of the parts
    S* dqkv;             // [T, b, 3H up]
    int* length;         // [b]
  };
  Frame frame(Carver<S>& c, int T, int b) const {
    return {c.take(in_->frame_size(T, b)), c.take(core_.frame_size(T, T, b)),
            c.take(out_->frame_size(T, b)), c.take(size(T, b, round_up(3 * H_, lanes<S>))),
            take_ints(c, size(1, b))};
  }
  /// Queries, keys or values of what the first map gives.
  template <class Value>
  Seq<Value> part(Seq<Value> of, int which, Seq<const S> x) const {
    return {of.p + which * H_, of.T, of.B, H_, of.ld, x.length};
  }

  const int H_;
  const std::unique_ptr<Layer<S>> in_, out_;
  const AttentionCore<S> core_;
};

}  // namespace

template <class S>
std::unique_ptr<Layer<S>> make_self_attention(const SelfAttentionOptions& options) {
  return std::make_unique<SelfAttention<S>>(options);
}

template std::unique_ptr<Layer<float>> make_self_attention(const SelfAttentionOptions&);
template std::unique_ptr<Layer<double>> make_self_attention(const SelfAttentionOptions&);

}  // namespace rnnlab
