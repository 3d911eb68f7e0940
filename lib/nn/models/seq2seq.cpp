#include "nn/models/seq2seq.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/arena.hpp"
#include "base/check.hpp"
#include "base/rng.hpp"
#include "math/lanes.hpp"
#include "nn/cells/cells.hpp"
#include "nn/layers/composite.hpp"
#include "nn/models/bridge.hpp"
#include "nn/models/encoder.hpp"
#include "nn/models/fitting.hpp"
#include "nn/models/last_step.hpp"
#include "nn/models/seq2seq_parts.hpp"
#include "nn/steps/decoder.hpp"

namespace rnnlab {
namespace {

template <class S>
class Seq2seq final : public Model<S> {
 public:
  Seq2seq(const ModelOptions& o, const Facts& facts)
      : facts_(facts),
        layout_(std::make_shared<ParamLayout>()),
        parts_(o, facts, layout_),
        reader_(*this),
        ld_keys_(round_up(
            parts_.keys ? parts_.keys->width(parts_.keys->last()) : parts_.encoders.front().width(),
            lanes<S>)) {
    for (std::size_t e = 0; e < parts_.encoders.size(); ++e) {
      for (TracedLayer layer : parts_.encoders[e].wiring().traced) {
        layer.time = e == 0 ? TracedLayer::source : TracedLayer::second_source;
        traced_.push_back(layer);
      }
    }
    for (int l = 0; l < parts_.layers; ++l) {
      traced_.push_back({"decoder." + std::to_string(l), has_cell_state(o.cell),
                         parts_.decoder->da_rows(l), parts_.decoder->h_rows(l),
                         TracedLayer::target});
    }
    parts_.for_each([&](const auto& part) {
      packed_.push_back(packed_size_);
      slab_.push_back(slab_size_);
      packed_size_ += part.packed_size();
      slab_size_ += part.slab_size();
    });
  }

  const ParamLayout& parameters() const override { return *layout_; }
  const std::vector<TracedLayer>& traced() const override { return traced_; }
  std::vector<std::string> layers() const override;

  void initialize(Key key, S* theta) const override {
    parts_.for_each([&](const auto& part) { part.initialize(key, theta); });
  }
  std::size_t packed_size() const override { return packed_size_; }
  void pack(const S* theta, S* packed) const override {
    int i = 0;
    parts_.for_each([&](const auto& part) { part.pack(theta, packed + packed_[at(i++)]); });
  }
  std::size_t slab_size() const override { return slab_size_; }
  void unpack(const S* theta, const S* slab, S scale, S* gradient) const override {
    int i = 0;
    parts_.for_each(
        [&](const auto& part) { part.unpack(theta, slab + slab_[at(i++)], scale, gradient); });
  }
  std::size_t frame_size(int T, int b) const override {
    return room_for<S>([&](Carver<S>& carver) {
      frame(carver, {T, facts_.second_length}, b, facts_.target_length, b);
    });
  }
  int state_size() const override { return 0; }

  Seq<S> predict(const S* packed, const Batch& batch, S* memory,
                 CarriedState<S> /*carried*/) const override {
    return forward(packed, batch, carve(memory, batch));
  }
  LossSums evaluate(const S* packed, const Batch& batch, S* memory,
                    CarriedState<S> /*carried*/) const override {
    const Frame f = carve(memory, batch);
    return score(forward(packed, batch, f), batch, f, false);
  }
  LossSums train(const S* packed, const Batch& batch, S* slab, S* memory,
                 std::span<const StateTrace> traces, CarriedState<S> /*carried*/) const override {
    const Frame f = carve(memory, batch);
    const Seq<S> y = forward(packed, batch, f);
    const LossSums sums = score(y, batch, f, true);
    backward(packed, batch, f, {.every = y}, slab, traces, true);
    return sums;
  }

  std::optional<NonFinite> nonfinite_forward(const Batch& batch, S* memory) const override;
  std::optional<NonFinite> nonfinite_at_loss(const Batch& batch, S* memory) const override {
    const Frame f = carve(memory, batch);
    return first_nonfinite<S>({{"dL/dy", predictions(batch, f)}}, "output");
  }
  void sweep_last(const S* packed, const Batch& batch, S* slab, S* memory,
                  std::span<LogSweep> sweeps, int* length) const override;

  const SourceDecoder<S>* decoder() const override { return &reader_; }
  bool attends() const override { return parts_.attends; }
  Seq<const S> alignments(const Batch& batch, S* memory) const override {
    if (!parts_.attends) return {};
    const Frame f = carve(memory, batch);
    return {f.weights, R(batch), batch.B, batch.T, ld_weights(batch.T), batch.target_steps.data()};
  }

 private:
  using Parts = Seq2seqParts<S>;
  static std::size_t at(int i) { return static_cast<std::size_t>(i); }
  static int ld_weights(int T) { return round_up(T, lanes<S>); }
  int R(const Batch& batch) const { return static_cast<int>(batch.weight.size()) / batch.B; }

  /// A step of the decoder for several hypotheses, in memory of its own.
  struct StepFrame {
    S* weights;  // [1, k, ld]
    S* scratch;
    S *embedding, *decoder, *head;
  };
  struct Frame {
    std::array<typename Encoder<S>::Frame, 2> encoder;
    S* bridge;
    S* start;    // [b, state]: the decoder's first state, and
    S* entered;  // the gradient by it
    S* keys;
    std::int32_t* symbols;  // [R, b]: what the decoder reads
    S *embedding, *decoder, *head;
    S* weights;  // [R, b, ld]: attention's
    S* scratch;
    S* d_keys;      // [T, b, ld]
    S* own;         // [b, state]: of a decoder that chooses what it reads
    int* exponent;  // [R, b], of a sweep's beginning
    int* misses;    // [b]
    StepFrame step;
  };

  StepFrame step_frame(Carver<S>& c, int T, int k) const {
    StepFrame f{};
    f.weights = c.take(parts_.attends ? size(k, ld_weights(T)) : 0);
    f.scratch = c.take(Attend<S>::scratch_size(T));
    f.embedding = c.take(parts_.embedding ? parts_.embedding->frame_size(1, k) : 0);
    f.decoder = c.take(parts_.decoder->frame_size(1, k));
    f.head = c.take(parts_.head.frame_size(1, k));
    return f;
  }
  Frame frame(Carver<S>& c, std::array<int, 2> T, int b, int steps, int k) const {
    Frame f{};
    const auto count = parts_.encoders.size();
    for (std::size_t e = 0; e < count; ++e) f.encoder[e] = parts_.encoders[e].frame(c, T[e], b);
    f.bridge = c.take(parts_.bridge.frame_size(std::span(T.data(), count), b));
    f.start = c.take(size(b, parts_.decoder->state_size()));
    f.entered = c.take(size(b, parts_.decoder->state_size()));
    f.keys = c.take(parts_.keys ? parts_.keys->frame_size(T[0], b) : 0);
    f.symbols = take_objects<std::int32_t>(c, size(steps, b));
    f.embedding = c.take(parts_.embedding ? parts_.embedding->frame_size(steps, b) : 0);
    f.decoder = c.take(parts_.decoder->frame_size(steps, b));
    f.head = c.take(parts_.head.frame_size(steps, b));
    f.weights = c.take(parts_.attends ? size(steps, b, ld_weights(T[0])) : 0);
    f.scratch = c.take(Attend<S>::scratch_size(T[0]));
    f.d_keys = c.take(parts_.keys ? size(T[0], b, ld_keys_) : 0);
    f.own = c.take(size(b, parts_.decoder->state_size()));
    f.misses = take_ints(c, at(b));
    f.exponent = take_ints(c, size(steps, b));
    f.step = step_frame(c, T[0], k);
    return f;
  }
  Frame carve(S* memory, const Batch& batch) const {
    Carver<S> carver(memory);
    return frame(carver, {batch.T, batch.second.T}, batch.B, R(batch), batch.B);
  }

  static typename Encoder<S>::Source source(const Batch& batch, std::size_t encoder) {
    if (encoder == 0) return {batch.T, batch.x.data(), batch.symbol.data(), batch.length.data()};
    const SecondSource& s = batch.second;
    return {s.T, s.x.data(), s.symbol.data(), s.length.data()};
  }

  /// What the bridge and attention need to know of the encoders.
  std::array<typename Bridge<S>::Encoder, 2> read_states(const Batch& batch, const Frame& f) const {
    std::array<typename Bridge<S>::Encoder, 2> states{};
    for (std::size_t e = 0; e < parts_.encoders.size(); ++e) {
      const Encoder<S>& encoder = parts_.encoders[e];
      states[e] = {f.encoder[e].state, encoder.state_size(),
                   encoder.memory(source(batch, e), batch.B, f.encoder[e])};
    }
    return states;
  }
  std::span<const typename Bridge<S>::Encoder> all(
      const std::array<typename Bridge<S>::Encoder, 2>& states) const {
    return {states.data(), parts_.encoders.size()};
  }
  AttendedSource<S> attended(const Batch& batch, const Frame& f) const {
    AttendedSource<S> a;
    a.memory = parts_.encoders[0].memory(source(batch, 0), batch.B, f.encoder[0]);
    a.keys = parts_.keys ? parts_.keys->output(a.memory, f.keys) : a.memory;
    a.weights = f.weights;
    a.ld = ld_weights(batch.T);
    a.scratch = f.scratch;
    return a;
  }
  /// What the decoder reads: the embedding of these symbols, or they themselves.
  Seq<const S> symbols(const std::int32_t* symbols, int steps, int b, const int* length) const {
    return {nullptr, steps, b, facts_.outputs, facts_.outputs, length, symbols};
  }
  Seq<const S> read_by_decoder(const Batch& batch, const Frame& f) const {
    Seq<const S> x = symbols(f.symbols, R(batch), batch.B, batch.target_steps.data());
    if (!parts_.embedding) return x;
    Seq<const S> e = parts_.embedding->output(x, f.embedding);
    e.length = x.length;
    return e;
  }
  LossSums score(Seq<S> y, const Batch& batch, const Frame& f, bool gradient) const {
    Targets targets = targets_of(batch);
    targets.misses = f.misses;
    return loss(facts_.loss, y, targets, gradient);
  }
  Seq<const S> predictions(const Batch& batch, const Frame& f) const {
    return parts_.head.output(parts_.decoder->output(f.decoder, R(batch), batch.B), f.head);
  }

  void read(const S* packed, const Batch& batch, const Frame& f) const;
  Seq<S> step(const S* packed, const AttendedSource<S>&, const std::int32_t* read, int k, S* states,
              const StepFrame&) const;
  void choose_inputs(const S* packed, const Batch&, const Frame&) const;
  Seq<S> forward(const S* packed, const Batch&, const Frame&) const;
  void backward(const S* packed, const Batch&, const Frame&, const Upstream<S>& dy, S* slab,
                std::span<const StateTrace> traces, bool into_encoders) const;

  /// As decoding uses it.
  class Reader final : public SourceDecoder<S> {
   public:
    explicit Reader(const Seq2seq& model) : model_(model) {}
    std::size_t state_size() const override {
      return static_cast<std::size_t>(model_.parts_.decoder->state_size());
    }
    std::size_t frame_size(int T, int T2, int k) const override {
      return room_for<S>([&](Carver<S>& carver) { frame(carver, T, T2, k); });
    }
    void read(const S* packed, const Batch& one, int k, S* memory, S* state) const override;
    Seq<S> step(const S* packed, const Batch& one, int k, const std::int32_t* symbols, S* states,
                S* memory) const override {
      const Hypotheses h = carve(memory, one, k);
      return model_.step(packed, h.source, symbols, k, states, h.step);
    }
    Seq<const S> alignment(const Batch& one, int k, S* memory) const override {
      if (!model_.parts_.attends) return {};
      const Hypotheses h = carve(memory, one, k);
      return {h.step.weights, 1, k, one.T, ld_weights(one.T)};
    }

   private:
    struct Hypotheses {
      Frame one;  // of the source
      StepFrame step;
      AttendedSource<S> source;  // the same for each of k
      int* length;
    };
    Hypotheses frame(Carver<S>& c, int T, int T2, int k) const {
      Hypotheses h{};
      h.one = model_.frame(c, {T, T2}, 1, 1, 1);
      h.step = model_.step_frame(c, T, k);
      const int M = model_.parts_.encoders[0].width(), ld = round_up(M, lanes<S>);
      const int A = model_.ld_keys_;
      h.length = take_ints(c, at(k));
      S* const memory = c.take(model_.parts_.attends ? size(T, k, ld) : 0);
      S* const keys = model_.parts_.keys ? c.take(size(T, k, A)) : memory;
      h.source.memory = {memory, T, k, M, ld, h.length};
      h.source.keys = {keys, T, k, A, A, h.length};
      h.source.weights = h.step.weights;
      h.source.ld = ld_weights(T);
      h.source.scratch = h.step.scratch;
      return h;
    }
    Hypotheses carve(S* memory, const Batch& one, int k) const {
      Carver<S> carver(memory);
      return frame(carver, one.T, one.second.T, k);
    }
    const Seq2seq& model_;
  };

  const Facts facts_;
  const std::shared_ptr<ParamLayout> layout_;
  const Parts parts_;
  const Reader reader_;
  const int ld_keys_;
  std::vector<TracedLayer> traced_;
  std::vector<std::size_t> packed_, slab_;  // where each part's share begins
  std::size_t packed_size_ = 0, slab_size_ = 0;

  const S* weights(const S* packed, int part) const { return packed + packed_[at(part)]; }
  S* gradient(S* slab, int part) const { return slab + slab_[at(part)]; }
};

// Forwards --------------------------------------------------------------------------------------

/// The sources, the bridge and the keys.
template <class S>
void Seq2seq<S>::read(const S* packed, const Batch& batch, const Frame& f) const {
  for (std::size_t e = 0; e < parts_.encoders.size(); ++e) {
    parts_.encoders[e].forward(weights(packed, parts_.encoder_at(e)), source(batch, e), batch.B,
                               f.encoder[e], batch.noise);
  }
  const int state = parts_.decoder->state_size();
  std::fill_n(f.start, size(batch.B, state), S{0});
  parts_.bridge.forward(weights(packed, parts_.bridge_at), all(read_states(batch, f)), batch.B,
                        f.start, state, f.bridge);
  if (!parts_.keys) return;
  const Seq<const S> m = parts_.encoders[0].memory(source(batch, 0), batch.B, f.encoder[0]);
  parts_.keys->forward(weights(packed, parts_.keys_at), m, f.keys, {});
}

/// One step of k columns, without noise: logits [1, k, O].
template <class S>
Seq<S> Seq2seq<S>::step(const S* packed, const AttendedSource<S>& source, const std::int32_t* read,
                        int k, S* states, const StepFrame& f) const {
  Seq<const S> x = symbols(read, 1, k, nullptr);
  if (parts_.embedding)
    x = parts_.embedding->forward(weights(packed, parts_.embedding_at), x, f.embedding, {});
  const CarriedState<S> carried{.p = states, .ld = parts_.decoder->state_size()};
  const Seq<S> s = parts_.decoder->forward(weights(packed, parts_.decoder_at), x, f.decoder,
                                           {.carried = carried, .source = &source});
  return parts_.head.forward(weights(packed, parts_.head_at), s, f.head, {});
}

/// The symbols that the decoder reads.
template <class S>
void Seq2seq<S>::choose_inputs(const S* packed, const Batch& batch, const Frame& f) const {
  const int b = batch.B, steps = R(batch);
  const auto from_target = [&](int t, int column) {
    return t == 0 ? end_symbol : batch.label[size(t - 1, b) + at(column)];
  };
  for (int t = 0; t < steps; ++t) {
    for (int column = 0; column < b; ++column)
      f.symbols[size(t, b) + at(column)] = from_target(t, column);
  }
  if (!(batch.own_inputs > 0 && batch.noise)) return;
  AttendedSource<S> source = attended(batch, f);
  source.weights = f.step.weights;
  const int state = parts_.decoder->state_size();
  std::copy_n(f.start, size(b, state), f.own);
  const auto bound = static_cast<std::uint64_t>(batch.own_inputs * 4294967296.0);
  for (int t = 0; t + 1 < steps; ++t) {
    const Seq<S> y = step(packed, source, f.symbols + size(t, b), b, f.own, f.step);
    for (int column = 0; column < b; ++column) {
      const auto example = static_cast<std::uint64_t>(batch.noise.first + column);
      Rng rng({batch.noise.seed, Stream::scheduled_sampling},
              static_cast<std::uint64_t>(batch.noise.step) << 20 | example);
      for (int before = 0; before < t; ++before) rng.word();
      if (rng.word() >= bound) continue;
      const S* const logits = y.at(0, column);
      f.symbols[size(t + 1, b) + at(column)] =
          static_cast<std::int32_t>(std::max_element(logits, logits + y.F) - logits);
    }
  }
}

template <class S>
Seq<S> Seq2seq<S>::forward(const S* packed, const Batch& batch, const Frame& f) const {
  read(packed, batch, f);
  choose_inputs(packed, batch, f);
  const int b = batch.B;
  Seq<const S> x = symbols(f.symbols, R(batch), b, batch.target_steps.data());
  if (parts_.embedding) {
    parts_.embedding->forward(weights(packed, parts_.embedding_at), x, f.embedding,
                              {.noise = batch.noise});
    x = read_by_decoder(batch, f);
  }
  const AttendedSource<S> source = attended(batch, f);
  // What is carried in is also carried out: into a copy.
  const int state = parts_.decoder->state_size();
  std::copy_n(f.start, size(b, state), f.own);
  const Seq<S> s = parts_.decoder->forward(
      weights(packed, parts_.decoder_at), x, f.decoder,
      {.carried = {.p = f.own, .ld = state}, .noise = batch.noise, .source = &source});
  return parts_.head.forward(weights(packed, parts_.head_at), s, f.head, {.noise = batch.noise});
}

// Backwards -------------------------------------------------------------------------------------

template <class S>
void Seq2seq<S>::backward(const S* packed, const Batch& batch, const Frame& f,
                          const Upstream<S>& dy, S* slab, std::span<const StateTrace> traces,
                          bool into_encoders) const {
  const int b = batch.B, steps = R(batch), state = parts_.decoder->state_size();
  const Seq<const S> s = parts_.decoder->output(f.decoder, steps, b);
  Upstream<S> up = parts_.head.backward(weights(packed, parts_.head_at), s, dy,
                                        gradient(slab, parts_.head_at), f.head, {});

  std::array<Seq<S>, 2> d_memory{};
  for (std::size_t e = 0; into_encoders && e < parts_.encoders.size(); ++e) {
    const typename Encoder<S>::Source from = source(batch, e);
    d_memory[e] = parts_.encoders[e].clear_gradients(from.T, b, f.encoder[e]);
  }
  AttendedSource<S> source_of = attended(batch, f);
  if (into_encoders && parts_.attends) {
    source_of.d_memory = d_memory[0];
    source_of.d_keys = d_memory[0];
    if (parts_.keys) {
      const Seq<const S>& keys = source_of.keys;
      std::fill_n(f.d_keys, size(keys.T, b, ld_keys_), S{0});
      source_of.d_keys = {f.d_keys, keys.T, b, keys.F, ld_keys_, keys.length};
    }
  }
  up.source = &source_of;
  if (into_encoders) {
    up.entered = f.entered;
    up.state_ld = state;
  }

  // The decoder's traces, each pointing to the next layer's.
  std::array<StateTrace, max_layers> own{};
  const std::size_t first = traced_.size() - at(parts_.layers);
  for (int l = parts_.layers - 1; l >= 0 && !traces.empty(); --l) {
    own[at(l)] = traces[first + at(l)];
    if (l + 1 < parts_.layers) own[at(l)].next = &own[at(l + 1)];
  }
  const Upstream<S> dx =
      parts_.decoder->backward(weights(packed, parts_.decoder_at), read_by_decoder(batch, f), up,
                               gradient(slab, parts_.decoder_at), f.decoder, own[0]);
  if (!into_encoders) return;
  if (parts_.embedding) {
    parts_.embedding->backward(weights(packed, parts_.embedding_at),
                               symbols(f.symbols, steps, b, batch.target_steps.data()), dx,
                               gradient(slab, parts_.embedding_at), f.embedding, {});
  }
  if (parts_.keys) {
    const Seq<const S> d =
        parts_.keys
            ->backward(weights(packed, parts_.keys_at), source_of.memory,
                       {.every = source_of.d_keys}, gradient(slab, parts_.keys_at), f.keys, {})
            .every;
    for (std::size_t i = 0; i < size(d.T, b, d.ld); ++i) d_memory[0].p[i] += d.p[i];
  }
  auto states = read_states(batch, f);
  for (std::size_t e = 0; e < parts_.encoders.size(); ++e) {
    states[e].left = f.encoder[e].left;
    states[e].d_memory = d_memory[e];
  }
  parts_.bridge.backward(weights(packed, parts_.bridge_at), all(states), b, f.entered, state,
                         gradient(slab, parts_.bridge_at), f.bridge);
  std::size_t trace = 0;
  for (std::size_t e = 0; e < parts_.encoders.size(); ++e) {
    const std::size_t count = parts_.encoders[e].wiring().traced.size();
    const bool all = parts_.pools || (e == 0 && parts_.attends);
    parts_.encoders[e].backward(weights(packed, parts_.encoder_at(e)), source(batch, e), b,
                                f.encoder[e], all, gradient(slab, parts_.encoder_at(e)),
                                traces.empty() ? traces : traces.subspan(trace, count));
    trace += count;
  }
}

// Reports and sweeps ----------------------------------------------------------------------------

template <class S>
std::vector<std::string> Seq2seq<S>::layers() const {
  std::vector<std::string> names;
  const auto add = [&](const std::vector<std::string>& more) {
    names.insert(names.end(), more.begin(), more.end());
  };
  for (const auto& encoder : parts_.encoders) add(encoder.graph().names());
  if (parts_.embedding) add(parts_.embedding->names());
  names.push_back("decoder");
  add(parts_.head.names());
  return names;
}

template <class S>
std::optional<NonFinite> Seq2seq<S>::nonfinite_forward(const Batch& batch, S* memory) const {
  const int b = batch.B, steps = R(batch);
  const auto inputs = [&](const std::vector<float>& x, int T) -> std::optional<NonFinite> {
    if (x.empty()) return std::nullopt;
    return first_nonfinite<float>({{"input", {x.data(), T, b, facts_.inputs, facts_.inputs}}}, "");
  };
  if (auto place = inputs(batch.x, batch.T)) return place;
  if (auto place = inputs(batch.second.x, batch.second.T)) return place;
  const Seq<const float> weight{batch.weight.data(), steps, b, 1, 1};
  if (auto place = first_nonfinite<float>({{"weight", weight}}, "")) return place;
  const Frame f = carve(memory, batch);
  for (std::size_t e = 0; e < parts_.encoders.size(); ++e) {
    const Encoder<S>& encoder = parts_.encoders[e];
    const Seq<const S> x = encoder.input(source(batch, e), b, f.encoder[e]);
    if (auto place = encoder.graph().first_nonfinite(x, f.encoder[e].graph)) return place;
  }
  if (parts_.embedding) {
    const Seq<const S> x = symbols(f.symbols, steps, b, batch.target_steps.data());
    if (auto place = parts_.embedding->first_nonfinite(x, f.embedding)) return place;
  }
  if (auto place = first_nonfinite(parts_.decoder->tensors(f.decoder, steps, b), "decoder"))
    return place;
  Seq<const S> s = parts_.decoder->output(f.decoder, steps, b);
  s.length = batch.target_steps.data();
  return parts_.head.first_nonfinite(s, f.head);
}

template <class S>
void Seq2seq<S>::sweep_last(const S* packed, const Batch& batch, S* slab, S* memory,
                            std::span<LogSweep> sweeps, int* length) const {
  const Frame f = carve(memory, batch);
  const Seq<const S> out = predictions(batch, f);  // after `train`: ∂(Σ w ℓ)/∂ŷ
  const Seq<S> dy{const_cast<S*>(out.p), out.T, out.B, out.F, out.ld};
  keep_last_step(dy, batch.weight.data(), f.exponent, length);
  std::array<StateTrace, 5 * max_layers> traces{};
  for (std::size_t l = 0; l < sweeps.size(); ++l) {
    if (traced_[l].time == TracedLayer::target) traces[l].sweep = &sweeps[l];
  }
  backward(packed, batch, f, {.every = dy, .exponent = f.exponent}, slab,
           std::span(traces.data(), sweeps.size()), false);
}

template <class S>
void Seq2seq<S>::Reader::read(const S* packed, const Batch& one, int k, S* memory, S* state) const {
  const Hypotheses h = carve(memory, one, k);
  model_.read(packed, one, h.one);
  std::copy_n(h.one.start, state_size(), state);
  if (!model_.parts_.attends) return;
  const AttendedSource<S> source = model_.attended(one, h.one);
  std::fill_n(h.length, k, one.length.front());
  const auto repeat = [&](const Seq<const S>& from, const Seq<const S>& to) {
    for (int t = 0; t < from.T; ++t) {
      for (int j = 0; j < k; ++j) std::copy_n(from.at(t), from.ld, const_cast<S*>(to.at(t, j)));
    }
  };
  repeat(source.memory, h.source.memory);
  if (model_.parts_.keys) repeat(source.keys, h.source.keys);
}

}  // namespace

template <class S>
std::unique_ptr<Model<S>> make_seq2seq_model(const ModelOptions& options, const Facts& facts) {
  return std::make_unique<Seq2seq<S>>(options, facts);
}

template std::unique_ptr<Model<float>> make_seq2seq_model(const ModelOptions&, const Facts&);
template std::unique_ptr<Model<double>> make_seq2seq_model(const ModelOptions&, const Facts&);

}  // namespace rnnlab
