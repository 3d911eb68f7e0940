#include "nn/layers/cross_attention.hpp"

#include <algorithm>

#include "base/arena.hpp"
#include "base/check.hpp"
#include "base/phases.hpp"
#include "math/lanes.hpp"
#include "nn/layers/attention_core.hpp"
#include "nn/layers/dense.hpp"

namespace rnnlab {
namespace {

template <class S>
class CrossAttention final : public Layer<S> {
 public:
  explicit CrossAttention(const CrossAttentionOptions& o)
      : o_(o),
        H_(o.width),
        queries_(part(0, H_)),
        memory_(part(H_, 2 * H_)),
        out_(make_dense<S>({.inputs = H_,
                            .outputs = H_,
                            .bias = o.bias,
                            .prefix = o.prefix + "out_proj.",
                            .init = o.init,
                            .init_std = o.init_std})),
        core_(o.width, o.heads, false) {}

  void declare(ParamLayout& layout) override {
    queries_->declare(layout);
    memory_->declare(layout);
    out_->declare(layout);
  }
  void initialize(Key key, S* theta) const override {
    queries_->initialize(key, theta);
    out_->initialize(key, theta);
  }
  std::size_t packed_size() const override {
    return room_for<S>([&](Carver<S>& carver) { packed(carver); });
  }
  void pack(const S* theta, S* to) const override {
    Carver<S> carver(to);
    const Parts p = packed(carver);
    queries_->pack(theta, p.queries);
    memory_->pack(theta, p.memory);
    out_->pack(theta, p.out);
  }
  std::size_t slab_size() const override {
    return room_for<S>([&](Carver<S>& carver) { slab(carver); });
  }
  void unpack(const S* theta, const S* from, S scale, S* gradient) const override {
    Carver<S> carver(const_cast<S*>(from));
    const Parts g = slab(carver);
    queries_->unpack(theta, g.queries, scale, gradient);
    memory_->unpack(theta, g.memory, scale, gradient);
    out_->unpack(theta, g.out, scale, gradient);
  }

  std::size_t frame_size(int T, int b) const override {
    return room_for<S>([&](Carver<S>& carver) { frame(carver, T, b); });
  }
  Seq<const S> output(S* memory, int T, int b) const override {
    Carver<S> carver(memory);
    return out_->output(frame(carver, T, b).parts.out, T, b);
  }
  std::vector<NamedSeq<S>> tensors(S* memory, int T, int b) const override {
    Carver<S> carver(memory);
    const Frame f = frame(carver, T, b);
    return {{"attention", core_.weights(f.core, T, *f.steps, b, f.length, f.places)},
            {"y", out_->output(f.parts.out, T, b)}};
  }

  Seq<S> forward(const S* weights, Seq<const S> x, S* memory, const Pass<S>& pass) const override;
  Upstream<S> backward(const S* weights, Seq<const S> x, const Upstream<S>& dy, S* gradient,
                       S* memory, const StateTrace&) const override;

 private:
  struct Parts {
    S *queries, *memory, *out;
  };
  struct Frame {
    Parts parts;
    S* core;
    S* dq;                         // [T, b, H up]
    S* dkv;                        // [T', b, 2H up]
    int *steps, *places, *length;  // T'; [b]: steps of the memory, and of x
  };
  std::unique_ptr<Layer<S>> part(int first, int rows) const {
    return make_dense<S>({.inputs = H_,
                          .outputs = rows,
                          .bias = o_.bias,
                          .prefix = o_.prefix + "in_proj_",
                          .init = o_.init,
                          .init_std = o_.init_std,
                          .all_rows = 3 * H_,
                          .first_row = first});
  }
  Parts packed(Carver<S>& c) const {
    return {c.take(queries_->packed_size()), c.take(memory_->packed_size()),
            c.take(out_->packed_size())};
  }
  Parts slab(Carver<S>& c) const {
    return {c.take(queries_->slab_size()), c.take(memory_->slab_size()), c.take(out_->slab_size())};
  }
  Frame frame(Carver<S>& c, int T, int b) const {
    Frame f{};
    f.parts = {c.take(queries_->frame_size(T, b)), c.take(memory_->frame_size(o_.memory, b)),
               c.take(out_->frame_size(T, b))};
    f.core = c.take(core_.frame_size(T, o_.memory, b));
    f.dq = c.take(size(T, b, round_up(H_, lanes<S>)));
    f.dkv = c.take(size(o_.memory, b, round_up(2 * H_, lanes<S>)));
    f.steps = take_ints(c, 1);
    f.places = take_ints(c, size(1, b));
    f.length = take_ints(c, size(1, b));
    return f;
  }
  /// Keys or values of what the memory's map gives.
  template <class Value>
  Seq<Value> half(Seq<Value> of, int which, const int* length) const {
    return {of.p + which * H_, of.T, of.B, H_, of.ld, length};
  }
  void show(const AttendedSource<S>& source, const Frame& f, Seq<const S> x) const;

  const CrossAttentionOptions o_;
  const int H_;
  const std::unique_ptr<Layer<S>> queries_, memory_, out_;
  const AttentionCore<S> core_;
};

template <class S>
Seq<S> CrossAttention<S>::forward(const S* weights, Seq<const S> x, S* memory,
                                  const Pass<S>& pass) const {
  RNNLAB_CHECK_EQ(pass.source != nullptr, true);
  const Seq<const S>& m = pass.source->memory;
  RNNLAB_CHECK_LE(m.T, o_.memory);
  RNNLAB_CHECK_EQ(m.F, H_);
  Carver<S> weight_carver(const_cast<S*>(weights)), carver(memory);
  const Parts w = packed(weight_carver);
  const Frame f = frame(carver, x.T, x.B);
  *f.steps = m.T;
  for (int b = 0; b < x.B; ++b) {
    f.length[b] = x.length ? x.length[b] : x.T;
    f.places[b] = m.length ? m.length[b] : m.T;
  }
  Seq<const S> q = queries_->forward(w.queries, x, f.parts.queries, {});
  q.length = x.length;
  const Seq<const S> kv = memory_->forward(w.memory, m, f.parts.memory, {});
  enter_phase(Phase::recurrent_product);
  const Seq<const S> y = core_.forward(q, half(kv, 0, m.length), half(kv, 1, m.length), f.core);
  if (o_.shows && pass.source->weights) show(*pass.source, f, x);
  Seq<S> out = out_->forward(w.out, y, f.parts.out, {});
  out.length = x.length;
  return out;
}

template <class S>
void CrossAttention<S>::show(const AttendedSource<S>& source, const Frame& f,
                             Seq<const S> x) const {
  const int steps = *f.steps, heads = core_.heads();
  const Seq<const S> all = core_.weights(f.core, x.T, steps, x.B, f.length, f.places);
  for (int column = 0; column < x.T * x.B; ++column) {
    S* const to = source.weights + size(column, source.ld);
    std::fill_n(to, source.ld, S{0});
    for (int head = 0; head < heads; ++head) {
      const S* const from = all.at(0, column) + head * steps;
      for (int s = 0; s < steps; ++s) to[s] += from[s] / static_cast<S>(heads);
    }
  }
}

template <class S>
Upstream<S> CrossAttention<S>::backward(const S* weights, Seq<const S> x, const Upstream<S>& dy,
                                        S* gradient, S* memory, const StateTrace&) const {
  const AttendedSource<S>& source = *dy.source;
  const Seq<const S>& m = source.memory;
  Carver<S> weight_carver(const_cast<S*>(weights)), slab_carver(gradient), carver(memory);
  const Parts w = packed(weight_carver), g = slab(slab_carver);
  const Frame f = frame(carver, x.T, x.B);
  const Seq<const S> y = core_.output(f.core, x.T, m.T, x.B);
  const Upstream<S> dcore = out_->backward(w.out, y, dy, g.out, f.parts.out, {});
  Seq<const S> q = queries_->output(f.parts.queries, x.T, x.B);
  q.length = x.length;
  const Seq<const S> kv = memory_->output(f.parts.memory, m.T, m.B);
  const auto cleared = [](S* p, const Seq<const S>& like) {
    for (int column = 0; column < like.T * like.B; ++column)
      std::fill(p + size(column, like.ld) + like.F, p + size(column + 1, like.ld), S{0});
    return Seq<S>{p, like.T, like.B, like.F, like.ld};
  };
  const Seq<S> dq = cleared(f.dq, q), dkv = cleared(f.dkv, kv);
  core_.backward(q, half(kv, 0, m.length), half(kv, 1, m.length), dcore.every, dq,
                 half(dkv, 0, m.length), half(dkv, 1, m.length), f.core);
  const Seq<const S> dm =
      memory_->backward(w.memory, m, {.every = dkv}, g.memory, f.parts.memory, {}).every;
  for (int column = 0; column < m.T * m.B && source.d_memory.p; ++column) {
    S* const to = source.d_memory.at(0, column);
    for (int i = 0; i < H_; ++i) to[i] += dm.at(0, column)[i];
  }
  return queries_->backward(w.queries, x, {.every = dq}, g.queries, f.parts.queries, {});
}

}  // namespace

template <class S>
std::unique_ptr<Layer<S>> make_cross_attention(const CrossAttentionOptions& options) {
  return std::make_unique<CrossAttention<S>>(options);
}

template std::unique_ptr<Layer<float>> make_cross_attention(const CrossAttentionOptions&);
template std::unique_ptr<Layer<double>> make_cross_attention(const CrossAttentionOptions&);

}  // namespace rnnlab
