#include "nn/models/sequence.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include "base/arena.hpp"
#include "math/lanes.hpp"
#include "nn/losses/ctc.hpp"
#include "nn/models/last_step.hpp"
#include "nn/models/wiring.hpp"

namespace rnnlab {
namespace {

template <class S>
class Sequence final : public Model<S> {
 public:
  Sequence(const ModelOptions& o, const Facts& facts)
      : facts_(facts),
        repeats_(facts.readout == Readout::last && o.pool == "every"),
        at_every_step_(o.input_at == "every-step"),
        inputs_(facts.inputs + facts.given),
        wiring_(wire<S>(o, as_numbers(facts))),
        graph_(wiring_.graph),
        ld_(round_up(facts.outputs, lanes<S>)) {}

  const ParamLayout& parameters() const override { return graph_.parameters(); }
  const std::vector<TracedLayer>& traced() const override { return wiring_.traced; }
  std::vector<std::string> layers() const override { return graph_.names(); }

  void initialize(Key key, S* theta) const override { graph_.initialize(key, theta); }
  std::size_t packed_size() const override { return graph_.packed_size(); }
  void pack(const S* theta, S* packed) const override { graph_.pack(theta, packed); }
  std::size_t slab_size() const override { return graph_.slab_size(); }
  void unpack(const S* theta, const S* slab, S scale, S* gradient) const override {
    graph_.unpack(theta, slab, scale, gradient);
  }
  std::size_t frame_size(int T, int b) const override {
    return room_for<S>([&](Carver<S>& carver) { frame(carver, T, b); });
  }

  int state_size() const override { return graph_.state_size(); }
  Seq<S> predict(const S* packed, const Batch& batch, S* memory,
                 CarriedState<S> carried) const override {
    const Frame f = carve(memory, batch);
    const Seq<S> y = forward(packed, batch, f, carried);
    return repeats_ ? last_steps(y, batch, f.last) : y;
  }
  LossSums evaluate(const S* packed, const Batch& batch, S* memory,
                    CarriedState<S> carried) const override {
    const Frame f = carve(memory, batch);
    return score(forward(packed, batch, f, carried), batch, f, false);
  }

  LossSums train(const S* packed, const Batch& batch, S* slab, S* memory,
                 std::span<const StateTrace> traces, CarriedState<S> carried) const override {
    const Frame f = carve(memory, batch);
    const Seq<S> y = forward(packed, batch, f, carried);
    const LossSums sums = score(y, batch, f, true);
    graph_.backward(packed, input(batch, f), {.every = y}, slab, f.graph, traces);
    return sums;
  }

  std::optional<NonFinite> nonfinite_forward(const Batch& batch, S* memory) const override;
  std::optional<NonFinite> nonfinite_at_loss(const Batch& batch, S* memory) const override {
    const Frame f = carve(memory, batch);
    return in_time(first_nonfinite<S>({{"dL/dy", graph_.output(input(batch, f), f.graph)}},
                                      graph_.names().back()),
                   batch);
  }

  void sweep_last(const S* packed, const Batch& batch, S* slab, S* memory,
                  std::span<LogSweep> sweeps, int* length) const override;

 private:
  struct Frame {
    S* x;      // [T, b, I], where the batch's own cannot be read
    S* last;   // [b, ld]: predictions at each example's last step
    float* y;  // [T, b, O], [T, b] …: targets that are asked for at every step
    int* label;
    float* weight;
    int* exponent;  // [T, b], of a sweep's beginning
    double* ctc;    // scratch of the loss
    S* graph;
  };
  /// A given vector stands behind each step's input, which then is numbers.
  static Facts as_numbers(Facts facts) {
    if (facts.given == 0) return facts;
    facts.inputs += facts.given;
    facts.symbols = false;
    return facts;
  }
  bool symbols() const { return facts_.symbols && facts_.given == 0; }
  /// What the batch's own x cannot be: of another type, one step for all, or joined.
  bool converts() const {
    return !symbols() && (!std::is_same_v<S, float> || facts_.once || facts_.given > 0);
  }

  Frame frame(Carver<S>& carver, int T, int b) const {
    const auto take_floats = [&](std::size_t count) {
      return reinterpret_cast<float*>(take_ints(carver, count));
    };
    const std::size_t repeated = repeats_ ? size(T, b) : 0;
    Frame f{};
    f.x = carver.take(converts() ? size(T, b, inputs_) : 0);
    f.last = carver.take(size(b, ld_));
    f.y = take_floats(facts_.values() ? repeated * static_cast<std::size_t>(facts_.outputs) : 0);
    f.label = take_ints(carver, repeated);
    f.weight = take_floats(repeated);
    f.exponent = take_ints(carver, size(T, b));
    if (facts_.loss == LossKind::ctc) {
      f.ctc = take_objects<double>(carver, ctc_scratch(T, facts_.target_length, facts_.outputs));
    }
    f.graph = carver.take(graph_.frame_size(T, b));
    return f;
  }
  Frame carve(S* memory, const Batch& batch) const {
    Carver<S> carver(memory);
    return frame(carver, batch.T, batch.B);
  }

  /// What is scored once is scored at an example's last step.
  std::optional<NonFinite> in_time(std::optional<NonFinite> place, const Batch& batch) const {
    if (place && facts_.readout == Readout::last && !repeats_)
      place->time = batch.length[static_cast<std::size_t>(place->example)] - 1;
    return place;
  }

  Seq<S> forward(const S* packed, const Batch& batch, const Frame& f,
                 const CarriedState<S>& carried) const {
    if (converts()) convert(batch, f.x);
    return graph_.forward(packed, input(batch, f), f.graph, {carried, batch.noise});
  }
  void convert(const Batch& batch, S* x) const {
    if (facts_.given > 0) return join(batch, x);
    const std::size_t step = size(batch.B, facts_.inputs);
    if (!facts_.once) {
      std::copy_n(batch.x.data(), static_cast<std::size_t>(batch.T) * step, x);
      return;
    }
    for (int t = 0; t < batch.T; ++t) {
      S* to = x + static_cast<std::size_t>(t) * step;
      if (t == 0 || at_every_step_) {
        std::copy_n(batch.x.data(), step, to);
      } else {
        std::fill_n(to, step, S{0});
      }
    }
  }
  /// Each step's input, numbers or a symbol's one, and the given vector behind it.
  void join(const Batch& batch, S* x) const {
    const int I = facts_.inputs, given = facts_.given;
    std::fill_n(x, size(batch.T, batch.B, inputs_), S{0});
    for (int p = 0; p < batch.T * batch.B; ++p) {
      S* const to = x + size(p, inputs_);
      if (facts_.symbols) {
        to[batch.symbol[static_cast<std::size_t>(p)]] = 1;
      } else {
        std::copy_n(batch.x.data() + size(p, I), I, to);
      }
      if (p < batch.B || at_every_step_)
        std::copy_n(batch.given.data() + size(p % batch.B, given), given, to + I);
    }
  }
  Seq<const S> input(const Batch& batch, const Frame& f) const {
    const int I = inputs_;
    Seq<const S> x{f.x, batch.T, batch.B, I, I, batch.length.data()};
    if (symbols()) {
      x.p = nullptr;
      x.symbol = batch.symbol.data();
    }
    if constexpr (std::is_same_v<S, float>) {
      if (!converts() && !symbols()) x.p = batch.x.data();
    }
    return x;
  }

  static Seq<S> last_steps(Seq<S> y, const Batch& batch, S* to) {
    for (int b = 0; b < batch.B; ++b)
      std::copy_n(y.at(batch.length[static_cast<std::size_t>(b)] - 1, b), y.ld, to + size(b, y.ld));
    return {to, 1, batch.B, y.F, y.ld};
  }

  LossSums score(Seq<S> y, const Batch& batch, const Frame& f, bool gradient) const {
    Targets targets = targets_of(batch);
    targets.scratch = f.ctc;
    if (!repeats_) return loss(facts_.loss, y, targets, gradient);
    LossSums sums = loss(facts_.loss, last_steps(y, batch, f.last), targets, false);
    sums.loss = loss(facts_.loss, y, repeated(batch, f), gradient).loss;
    return sums;
  }
  Targets repeated(const Batch& batch, const Frame& f) const {
    const auto O = static_cast<std::size_t>(facts_.outputs);
    for (int t = 0; t < batch.T; ++t) {
      for (int b = 0; b < batch.B; ++b) {
        const auto column = static_cast<std::size_t>(b);
        const std::size_t to = size(t, batch.B) + column;
        const int steps = batch.length[column];
        f.weight[to] = t < steps ? batch.weight[column] / static_cast<float>(steps) : 0.0f;
        if (facts_.values()) {
          std::copy_n(batch.y.data() + column * O, O, f.y + to * O);
        } else {
          f.label[to] = batch.label[column];
        }
      }
    }
    return {.y = f.y, .label = f.label, .weight = f.weight};
  }

  const Facts facts_;
  const bool repeats_, at_every_step_;
  const int inputs_;  // of a step, the given vector among them
  const Wiring<S> wiring_;
  const Graph<S>& graph_;
  const int ld_;
};

template <class S>
std::optional<NonFinite> Sequence<S>::nonfinite_forward(const Batch& batch, S* memory) const {
  const int b = batch.B, scored = batch.rows(), O = facts_.outputs;
  if (!batch.x.empty()) {
    const int steps = facts_.once ? 1 : batch.T;
    const Seq<const float> x{batch.x.data(), steps, b, facts_.inputs, facts_.inputs};
    if (auto place = first_nonfinite<float>({{"input", x}}, "")) return place;
  }
  std::vector<NamedSeq<float>> wanted{{"weight", {batch.weight.data(), scored, b, 1, 1}}};
  if (!batch.y.empty()) wanted.push_back({"target", {batch.y.data(), scored, b, O, O}});
  if (auto place = first_nonfinite(wanted, "")) {
    if (facts_.readout == Readout::last)
      place->time = batch.length[static_cast<std::size_t>(place->example)] - 1;
    return place;
  }
  if (facts_.loss == LossKind::ctc) {
    if (const auto example = too_long_target(batch)) {
      return NonFinite{"-ln p of a target too long for its sequence", "", -1, *example,
                       std::numeric_limits<double>::infinity()};
    }
  }
  const Frame f = carve(memory, batch);
  return graph_.first_nonfinite(input(batch, f), f.graph);
}

template <class S>
void Sequence<S>::sweep_last(const S* packed, const Batch& batch, S* slab, S* memory,
                             std::span<LogSweep> sweeps, int* length) const {
  const Frame f = carve(memory, batch);
  const Seq<const S> x = input(batch, f);
  const Seq<const S> out = graph_.output(x, f.graph);  // after `train`: ∂(Σ w ℓ)/∂ŷ
  const Seq<S> dy{const_cast<S*>(out.p), out.T, out.B, out.F, out.ld};
  keep_last_step(dy, repeats_ ? f.weight : batch.weight.data(), f.exponent, length);
  for (int b = 0; b < batch.B; ++b) {
    if (dy.T == 1 && length[b] > 0) length[b] = batch.length[static_cast<std::size_t>(b)];
  }
  std::array<StateTrace, 4 * max_layers> traces{};
  for (std::size_t l = 0; l < sweeps.size(); ++l) traces[l].sweep = &sweeps[l];
  graph_.backward(packed, x, {.every = dy, .exponent = f.exponent}, slab, f.graph,
                  std::span(traces.data(), sweeps.size()));
}

}  // namespace

template <class S>
std::unique_ptr<Model<S>> make_sequence_model(const ModelOptions& options, const Facts& facts) {
  return std::make_unique<Sequence<S>>(options, facts);
}

template std::unique_ptr<Model<float>> make_sequence_model(const ModelOptions&, const Facts&);
template std::unique_ptr<Model<double>> make_sequence_model(const ModelOptions&, const Facts&);

}  // namespace rnnlab
