#include "nn/models/sequence.hpp"

#include <algorithm>
#include <array>
#include <type_traits>

#include "base/arena.hpp"
#include "base/error.hpp"
#include "math/lanes.hpp"
#include "nn/cells/cells.hpp"
#include "nn/layers/dense.hpp"
#include "nn/layers/embedding.hpp"
#include "nn/layers/recurrent.hpp"

namespace rnnlab {
namespace {

template <class S>
class Sequence final : public Model<S> {
 public:
  Sequence(const ModelOptions& o, const Facts& facts)
      : facts_(facts), H_(static_cast<int>(o.hidden)), embeds_(o.embedding > 0) {
    if (embeds_ && !facts.symbols) {
      throw Error(Exit::usage, "the task's inputs are numbers, not symbols", "model.embedding",
                  "leave it 0, or choose a task over text");
    }
    const int width = embeds_ ? static_cast<int>(o.embedding) : facts.inputs;
    if (embeds_) add(make_embedding<S>(facts.inputs, width));
    for (int l = 0; l < o.layers; ++l) {
      add(make_recurrent<S>({.cell = o.cell,
                             .activation = o.activation,
                             .inputs = l == 0 ? width : H_,
                             .hidden = H_,
                             .bias = o.bias,
                             .suffix = "_l" + std::to_string(l),
                             .init = o.init,
                             .recurrent_init = o.recurrent_init,
                             .input_gain = o.input_gain,
                             .spectral_radius = o.spectral_radius,
                             .init_std = o.init_std,
                             .init_connections = static_cast<int>(o.init_connections),
                             .fused_fan = o.init_fan == "fused",
                             .forget_bias = o.forget_bias,
                             .chrono = o.chrono,
                             .leak = o.leak,
                             .input_gradient = l > 0 || embeds_,
                             .h0 = {o.h0, o.h0_scale},
                             .fixed = o.fixed}));
      const Layer<S>& layer = *parts_.back().layer;
      traced_.push_back({"layers." + std::to_string(l) + ".forward", has_cell_state(o.cell),
                         layer.da_rows(), layer.h_rows()});
    }
    add(make_dense<S>(
        {.inputs = H_,
         .outputs = facts.outputs,
         .bias = o.bias,
         .init = o.init == "uniform" || (o.init == "normal" && o.init_std > 0) ? o.init : "glorot",
         .init_std = o.init_std}));
  }

  const ParamLayout& parameters() const override { return layout_; }
  const std::vector<TracedLayer>& traced() const override { return traced_; }

  void initialize(Key key, S* theta) const override {
    for (const auto& part : parts_) part.layer->initialize(key, theta);
  }
  std::size_t packed_size() const override { return packed_size_; }
  void pack(const S* theta, S* packed) const override {
    for (const auto& part : parts_) part.layer->pack(theta, packed + part.packed);
  }
  std::size_t slab_size() const override { return slab_size_; }
  void unpack(const S* slab, S scale, S* gradient) const override {
    for (const auto& part : parts_) part.layer->unpack(slab + part.slab, scale, gradient);
  }
  std::size_t frame_size(int T, int b) const override {
    return room_for<S>([&](Carver<S>& carver) { frame(carver, T, b); });
  }

  int state_size() const override { return state_size_; }
  Seq<S> predict(const S* packed, const Batch& batch, S* memory,
                 CarriedState<S> carried) const override {
    return forward(packed, batch, carve(memory, batch), carried).prediction;
  }
  LossSums evaluate(const S* packed, const Batch& batch, S* memory,
                    CarriedState<S> carried) const override {
    return loss(facts_.loss, predict(packed, batch, memory, carried), batch, false);
  }

  LossSums train(const S* packed, const Batch& batch, S* slab, S* memory,
                 std::span<const StateTrace> traces, CarriedState<S> carried) const override {
    const Frame f = carve(memory, batch);
    const Activations a = forward(packed, batch, f, carried);
    const LossSums sums = loss(facts_.loss, a.prediction, batch, true);

    Upstream<S> upstream{.every = a.prediction};
    for (std::size_t i = parts_.size(); i-- > 0;) {
      const Part& part = parts_[i];
      const std::size_t traced = i - first_recurrent();  // wraps for an embedding
      upstream =
          part.layer->backward(packed + part.packed, a.input[i], upstream, slab + part.slab,
                               f.layers[i], traced < traces.size() ? traces[traced] : StateTrace{});
      if (is_head(i) && facts_.readout == Readout::last) {
        upstream = {.last = upstream.every, .length = batch.length.data()};
      }
    }
    return sums;
  }

  std::optional<NonFinite> nonfinite_forward(const Batch& batch, S* memory) const override;
  std::optional<NonFinite> nonfinite_at_loss(const Batch& batch, S* memory) const override {
    const std::size_t head = parts_.size() - 1;
    const Seq<const S> dy =
        parts_[head].layer->output(carve(memory, batch).layers[head], scored_steps(batch), batch.B);
    return in_time(first_nonfinite<S>({{"dL/dy", dy}}, name_of(head)), batch);
  }

  void sweep_last(const S* packed, const Batch& batch, S* slab, S* memory,
                  std::span<LogSweep> sweeps, int* length) const override;

 private:
  static constexpr int most_parts = max_layers + 2;  // an embedding, the layers, the head

  /// A layer and where its pieces begin in the model's slabs.
  struct Part {
    std::unique_ptr<Layer<S>> layer;
    std::size_t packed, slab;
    int state;
  };
  struct Frame {
    S* x;      // [T, b, I], where the task's float is not the model's type
    S* last;   // [b, Hp]: h at each example's last step
    S* dlast;  // [b, Op]: gradient of the loss by the last scored prediction, for sweeps
    std::array<S*, most_parts> layers;
  };
  struct Activations {
    std::array<Seq<const S>, most_parts> input;  // of each part
    Seq<S> prediction;
  };
  static constexpr bool converts = !std::is_same_v<S, float>;

  void add(std::unique_ptr<Layer<S>> layer) {
    layer->declare(layout_);
    parts_.push_back({std::move(layer), packed_size_, slab_size_, state_size_});
    packed_size_ += parts_.back().layer->packed_size();
    slab_size_ += parts_.back().layer->slab_size();
    state_size_ += parts_.back().layer->state_size();
  }

  Frame frame(Carver<S>& carver, int T, int b) const {
    Frame f{};
    const auto columns = static_cast<std::size_t>(T) * static_cast<std::size_t>(b);
    f.x = carver.take(
        converts && !facts_.symbols ? columns * static_cast<std::size_t>(facts_.inputs) : 0);
    f.last =
        carver.take(static_cast<std::size_t>(b) * static_cast<std::size_t>(round_up(H_, lanes<S>)));
    f.dlast = carver.take(static_cast<std::size_t>(b) *
                          static_cast<std::size_t>(round_up(facts_.outputs, lanes<S>)));
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const bool once = is_head(i) && facts_.readout == Readout::last;
      f.layers[i] = carver.take(parts_[i].layer->frame_size(once ? 1 : T, b));
    }
    return f;
  }
  Frame carve(S* memory, const Batch& batch) const {
    Carver<S> carver(memory);
    return frame(carver, batch.T, batch.B);
  }

  static int scored_steps(const Batch& batch) {
    return static_cast<int>(batch.weight.size()) / batch.B;
  }
  std::string name_of(std::size_t part) const {
    if (is_head(part)) return "output";
    return part < first_recurrent() ? "embedding" : traced_[part - first_recurrent()].name;
  }
  /// What is scored once is scored at an example's last step.
  std::optional<NonFinite> in_time(std::optional<NonFinite> place, const Batch& batch) const {
    if (place && facts_.readout == Readout::last)
      place->time = batch.length[static_cast<std::size_t>(place->example)] - 1;
    return place;
  }

  bool is_head(std::size_t i) const { return i + 1 == parts_.size(); }
  std::size_t first_recurrent() const { return embeds_ ? 1 : 0; }

  Activations forward(const S* packed, const Batch& batch, const Frame& f,
                      CarriedState<S> carried) const {
    Activations a{};
    Seq<const S> x = input(batch, f);
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (is_head(i) && facts_.readout == Readout::last) x = last_steps(x, batch, f.last);
      a.input[i] = x;
      a.prediction = parts_[i].layer->forward(packed + parts_[i].packed, x, f.layers[i],
                                              {.carried = carried.from(parts_[i].state)});
      x = a.prediction;
    }
    return a;
  }

  Seq<const S> input(const Batch& batch, const Frame& f) const {
    const int I = facts_.inputs;
    if (facts_.symbols) {
      return {nullptr, batch.T, batch.B, I, I, batch.length.data(), batch.symbol.data()};
    }
    if constexpr (converts) {
      std::copy_n(batch.x.data(), batch.T * batch.B * I, f.x);
      return {f.x, batch.T, batch.B, I, I, batch.length.data()};
    } else {
      return {batch.x.data(), batch.T, batch.B, I, I, batch.length.data()};
    }
  }

  static Seq<const S> last_steps(Seq<const S> x, const Batch& batch, S* to) {
    for (int b = 0; b < batch.B; ++b) {
      std::copy_n(x.at(batch.length[static_cast<std::size_t>(b)] - 1, b), x.ld,
                  to + static_cast<std::size_t>(b) * static_cast<std::size_t>(x.ld));
    }
    return {to, 1, batch.B, x.F, x.ld};
  }

  const Facts facts_;
  const int H_;
  const bool embeds_;
  ParamLayout layout_;
  std::vector<Part> parts_;  // the embedding, if any, the recurrent layers, the head
  std::vector<TracedLayer> traced_;
  std::size_t packed_size_ = 0, slab_size_ = 0;
  int state_size_ = 0;
};

template <class S>
std::optional<NonFinite> Sequence<S>::nonfinite_forward(const Batch& batch, S* memory) const {
  const int b = batch.B, scored = scored_steps(batch), O = facts_.outputs;
  if (!batch.x.empty()) {
    const Seq<const float> x{batch.x.data(), batch.T, b, facts_.inputs, facts_.inputs};
    if (auto place = first_nonfinite<float>({{"input", x}}, "")) return place;
  }
  std::vector<NamedSeq<float>> wanted{{"weight", {batch.weight.data(), scored, b, 1, 1}}};
  if (!batch.y.empty()) wanted.push_back({"target", {batch.y.data(), scored, b, O, O}});
  if (auto place = first_nonfinite(wanted, "")) return in_time(place, batch);
  const Frame f = carve(memory, batch);
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const int steps = is_head(i) ? scored : batch.T;
    const auto place = first_nonfinite(parts_[i].layer->tensors(f.layers[i], steps, b), name_of(i));
    if (place) return is_head(i) ? in_time(place, batch) : place;
  }
  return std::nullopt;
}

template <class S>
void Sequence<S>::sweep_last(const S* packed, const Batch& batch, S* slab, S* memory,
                             std::span<LogSweep> sweeps, int* length) const {
  const Frame f = carve(memory, batch);
  const std::size_t head = parts_.size() - 1;
  const int b = batch.B, steps = scored_steps(batch);
  const int ld = round_up(facts_.outputs, lanes<S>);
  // After `train` the head's output holds ∂(Σ w ℓ)/∂ŷ. Taken at one step and divided by its weight.
  const Seq<const S> dy = parts_[head].layer->output(f.layers[head], steps, b);
  for (int column = 0; column < b; ++column) {
    int step = steps - 1;
    const auto weight = [&](int t) {
      return batch.weight[static_cast<std::size_t>(t * b + column)];
    };
    while (step >= 0 && weight(step) == 0) --step;
    S* to = f.dlast + static_cast<std::size_t>(column) * static_cast<std::size_t>(ld);
    std::fill_n(to, ld, S{0});
    length[column] = step < 0 ? 0
                     : facts_.readout == Readout::every
                         ? step + 1
                         : batch.length[static_cast<std::size_t>(column)];
    if (step < 0) continue;
    for (int i = 0; i < ld; ++i) to[i] = dy.at(step, column)[i] / static_cast<S>(weight(step));
  }
  const auto back = [&](std::size_t i, Seq<const S> x, const Upstream<S>& upstream,
                        const StateTrace& trace) {
    return parts_[i].layer->backward(packed + parts_[i].packed, x, upstream, slab + parts_[i].slab,
                                     f.layers[i], trace);
  };
  const Seq<const S> one{f.last, 1, b, H_, round_up(H_, lanes<S>)};
  Upstream<S> upstream = back(head, one, {.every = {f.dlast, 1, b, facts_.outputs, ld}}, {});
  upstream = {.last = upstream.every, .length = length};
  for (std::size_t i = head; i-- > first_recurrent();) {
    const Seq<const S> x{nullptr, batch.T, b, 0, 0};
    upstream = back(i, x, upstream, {.sweep = &sweeps[i - first_recurrent()]});
  }
}

}  // namespace

template <class S>
std::unique_ptr<Model<S>> make_sequence_model(const ModelOptions& options, const Facts& facts) {
  return std::make_unique<Sequence<S>>(options, facts);
}

template std::unique_ptr<Model<float>> make_sequence_model(const ModelOptions&, const Facts&);
template std::unique_ptr<Model<double>> make_sequence_model(const ModelOptions&, const Facts&);

}  // namespace rnnlab
