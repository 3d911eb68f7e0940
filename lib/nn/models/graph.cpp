#include "nn/models/graph.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/check.hpp"
#include "math/lanes.hpp"

namespace rnnlab {
namespace {

/// The step of a column that stands at step t of the same column turned about its end.
int turned(int t, int steps) { return t < steps ? steps - 1 - t : t; }

/// Turns each of b columns of values [T, rows, ld] about its end.
void turn(double* values, int rows, int ld, const int* length, int b) {
  if (!values) return;
  for (int column = 0; column < b; ++column) {
    for (int t = 0, last = length[column] - 1; t < last; ++t, --last) {
      for (int r = 0; r < rows; ++r) {
        std::swap(values[size(t * rows + r, ld) + static_cast<std::size_t>(column)],
                  values[size(last * rows + r, ld) + static_cast<std::size_t>(column)]);
      }
    }
  }
}

/// to += from, each value · 2^exponent; returns the sum's exponent.
template <class S>
int add_scaled(S* to, int exponent, const S* from, int from_exponent, int n) {
  const int common = std::max(exponent, from_exponent);
  const auto factor = [&](int e) {
    return static_cast<S>(std::ldexp(1.0, std::max(e - common, -2000)));
  };
  const S kept = factor(exponent), added = factor(from_exponent);
  for (int i = 0; i < n; ++i) to[i] = kept * to[i] + added * from[i];
  return common;
}

}  // namespace

// Wiring ----------------------------------------------------------------------------------------

template <class S>
auto Graph<S>::push(Step step, NodeFacts facts) -> Node {
  steps_.push_back(std::move(step));
  nodes_.push_back(facts);
  return static_cast<Node>(nodes_.size()) - 1;
}

template <class S>
void Graph<S>::read(Node node) {
  NodeFacts& facts = nodes_[at(node)];
  facts.buffered = facts.buffered || facts.readers > 0;
  ++facts.readers;
}

template <class S>
auto Graph<S>::add(std::unique_ptr<Layer<S>> layer, Node from, int width, std::string name,
                   bool traced) -> Node {
  layer->declare(*layout_);
  read(from);
  NodeFacts& source = nodes_[at(from)];
  const NodeFacts made{.width = width,
                       .pooled = source.pooled || layer->pools(),
                       .shrink = source.shrink * layer->shrinks(),
                       .turned = source.turned,
                       .differentiated = true};
  if (layer->pools() && from > 0) {
    const Step& below = steps_[at(from - 1)];
    source.buffered = source.buffered || !below.layer || !below.layer->takes_last();
  }
  Step step{.layer = std::move(layer),
            .from = {{from}},
            .name = std::move(name),
            .traced = traced ? traced_++ : -1,
            .packed = packed_size_,
            .slab = slab_size_,
            .state = state_size_};
  packed_size_ += step.layer->packed_size();
  slab_size_ += step.layer->slab_size();
  state_size_ += step.layer->state_size();
  return push(std::move(step), made);
}

template <class S>
auto Graph<S>::join(Join kind, std::vector<Reading> from) -> Node {
  const NodeFacts& first = nodes_[at(from.front().node)];
  NodeFacts made{.pooled = first.pooled,
                 .shrink = first.shrink,
                 .turned = first.turned != from.front().reversed && !first.pooled};
  for (const Reading& reading : from) {
    read(reading.node);
    NodeFacts& source = nodes_[at(reading.node)];
    RNNLAB_CHECK_EQ(source.pooled, made.pooled);
    RNNLAB_CHECK_EQ(source.shrink, made.shrink);
    const int offset = kind == Join::concat ? made.width : 0;
    made.width = kind == Join::concat ? made.width + source.width : source.width;
    made.differentiated = made.differentiated || source.differentiated;
    // A recurrent layer can take its part of the joined gradient where that lies.
    const bool in_place = reading.node > 0 && step_of(reading.node).layer &&
                          step_of(reading.node).layer->takes_last() && source.width % L == 0 &&
                          offset % L == 0;
    source.buffered = source.buffered || !(in_place || (kind == Join::sum && !reading.reversed));
  }
  Step step;
  step.join = kind;
  step.from = std::move(from);
  return push(std::move(step), made);
}

template <class S>
void Graph<S>::initialize(Key key, S* theta) const {
  for (const Step& step : steps_) {
    if (step.layer) step.layer->initialize(key, theta);
  }
}

template <class S>
void Graph<S>::pack(const S* theta, S* packed) const {
  for (const Step& step : steps_) {
    if (step.layer) step.layer->pack(theta, packed + step.packed);
  }
}

template <class S>
void Graph<S>::unpack(const S* theta, const S* slab, S scale, S* gradient) const {
  for (const Step& step : steps_) {
    if (step.layer) step.layer->unpack(theta, slab + step.slab, scale, gradient);
  }
}

// Memory ----------------------------------------------------------------------------------------

template <class S>
auto Graph<S>::places(Carver<S>& carver, int T, int b) const -> Place* {
  Place* const places = take_objects<Place>(carver, nodes_.size());
  for (Node node = 0; node < count(); ++node) {
    const NodeFacts& facts = nodes_[at(node)];
    const int steps = steps_in(facts, T), ld = round_up(facts.width, lanes<S>);
    Place place{};
    if (node > 0) {
      const Step& step = step_of(node);
      const int read = steps_in(nodes_[at(step.from.front().node)], T);
      place.value = carver.take(step.layer ? step.layer->frame_size(read, b) : size(steps, b, ld));
      place.symbol = take_objects<std::int32_t>(carver, step.layer ? 0 : size(steps, b));
    }
    place.length = take_ints(carver, facts.shrink > 1 ? size(1, b) : 0);
    const bool buffered = facts.buffered && facts.differentiated;
    place.buffer = {carver.take(buffered ? size(steps, b, ld) : 0), steps, b, facts.width, ld};
    place.exponent = take_ints(carver, buffered ? size(steps, b) : 0);
    if (places) places[node] = place;
  }
  return places;
}

template <class S>
std::size_t Graph<S>::frame_size(int T, int b) const {
  return room_for<S>([&](Carver<S>& carver) { places(carver, T, b); });
}

/// The places in a frame that a forward pass over x has filled.
template <class S>
auto Graph<S>::places(S* memory, Seq<const S> x) const -> Place* {
  Carver<S> carver(memory);
  Place* const all = places(carver, x.T, x.B);
  all[0].view = x;
  for (Node node = 1; node < count(); ++node) view(all, node);
  return all;
}

template <class S>
void Graph<S>::view(Place* all, Node node) const {
  const Step& step = step_of(node);
  const NodeFacts& facts = nodes_[at(node)];
  const Seq<const S>& from = all[step.from.front().node].view;
  Place& place = all[node];
  if (step.layer) {
    place.view = step.layer->output(place.value, from.T, from.B);
  } else if (from.symbol) {
    place.view = {nullptr, from.T, from.B, facts.width, facts.width, nullptr, place.symbol};
  } else {
    place.view = {place.value, from.T, from.B, facts.width, round_up(facts.width, lanes<S>)};
  }
  place.view.length = facts.pooled ? nullptr : from.length;
  if (facts.pooled || facts.shrink == 1) return;
  std::fill_n(place.length, from.B, place.view.T);
  place.view.length = place.length;
}

// Forwards --------------------------------------------------------------------------------------

template <class S>
void Graph<S>::join_forward(Place* all, Node node) const {
  const Step& step = step_of(node);
  const Place& place = all[node];
  const Seq<const S>& out = place.view;
  const bool concat = step.join == Join::concat;
  int offset = 0;
  for (const Reading& reading : step.from) {
    const Seq<const S>& x = all[reading.node].view;
    const bool first = concat || &reading == step.from.data();
    for (int t = 0; t < out.T; ++t) {
      for (int column = 0; column < out.B; ++column) {
        const int source = reading.reversed && x.length ? turned(t, x.length[column]) : t;
        if (x.symbol) {
          place.symbol[size(t, out.B) + at(column)] = x.symbol[size(source, out.B) + at(column)];
          continue;
        }
        const S* from = x.at(source, column);
        S* to = place.value + size(t * out.B + column, out.ld) + offset;
        if (first) {
          std::copy_n(from, x.F, to);
        } else {
          for (int i = 0; i < x.F; ++i) to[i] += from[i];
        }
        if (offset + x.F == out.F) std::fill(to + x.F, to + out.ld - offset, S{0});
      }
    }
    if (concat) offset += x.F;
  }
}

template <class S>
Seq<S> Graph<S>::forward(const S* packed, Seq<const S> x, S* memory, const Pass<S>& pass) const {
  Carver<S> carver(memory);
  Place* const all = places(carver, x.T, x.B);
  all[0].view = x;
  for (Node node = 1; node < count(); ++node) {
    const Step& step = step_of(node);
    view(all, node);
    if (step.layer) {
      step.layer->forward(packed + step.packed, all[step.from.front().node].view, all[node].value,
                          {pass.carried.from(step.state), pass.noise, pass.source});
    } else {
      join_forward(all, node);
    }
  }
  const Seq<const S>& y = all[count() - 1].view;
  return {const_cast<S*>(y.p), y.T, y.B, y.F, y.ld, y.length};
}

template <class S>
Seq<const S> Graph<S>::output(Seq<const S> x, S* memory) const {
  return places(memory, x)[count() - 1].view;
}

// Backwards -------------------------------------------------------------------------------------

/// Adds what flows out of one reading, `offset` rows into dx.
template <class S>
void Graph<S>::give(const Reading& to, const Upstream<S>& dx, int offset, const int* length,
                    bool sweeps, Place* all) const {
  const NodeFacts& node = nodes_[at(to.node)];
  if (!node.differentiated) return;
  auto& [value, symbol, view, steps, buffer, exponents, up] = all[to.node];
  if (!node.buffered) {
    up = dx;
    if (up.every.p) {
      up.every.p += offset;
      up.every.F = node.width;
    }
    if (to.reversed) up.turned = length;
    return;
  }
  const bool first = !up.every.p;
  up = {.every = buffer, .exponent = sweeps ? exponents : nullptr};
  for (int t = 0; t < buffer.T; ++t) {
    for (int column = 0; column < buffer.B; ++column) {
      const int source = to.reversed && length && !node.pooled ? turned(t, length[column]) : t;
      const S* from = nullptr;
      int e = nothing;
      if (dx.every.p) {
        from = dx.every.at(source, column) + offset;
        e = dx.exponent ? dx.exponent[size(source, buffer.B) + at(column)] : 0;
      }
      if (dx.last.p && dx.length[column] - 1 == source) {
        from = dx.last.at(0, column) + offset;
        e = 0;
      }
      S* const sum = buffer.at(t, column);
      const std::size_t cell = size(t, buffer.B) + at(column);
      if (first && sweeps) exponents[cell] = e;
      if (first && from) {
        std::fill(std::copy_n(from, node.width, sum), sum + buffer.ld, S{0});
      } else if (first) {
        std::fill_n(sum, buffer.ld, S{0});
      } else if (from && sweeps) {
        exponents[cell] = add_scaled(sum, exponents[cell], from, e, node.width);
      } else if (from) {
        for (int i = 0; i < node.width; ++i) sum[i] += from[i];
      }
    }
  }
}

template <class S>
Upstream<S> Graph<S>::backward(const S* packed, Seq<const S> x, const Upstream<S>& dy, S* slab,
                               S* memory, std::span<const StateTrace> traces) const {
  Place* const all = places(memory, x);
  const bool sweeps = !traces.empty() && traces.front().sweep;
  all[count() - 1].flow = {.every = dy.every,
                           .last = dy.last,
                           .length = dy.length,
                           .exponent = dy.exponent,
                           .turned = dy.turned};
  for (Node node = count() - 1; node > 0; --node) {
    const Step& step = step_of(node);
    Upstream<S>& up = all[node].flow;
    const bool carries = step.layer && step.layer->state_size() > 0;
    if (!up.every.p && !up.last.p && !(carries && dy.left)) continue;
    if (!step.layer) {
      int offset = 0;
      for (const Reading& reading : step.from) {
        give(reading, up, offset, x.length, sweeps, all);
        if (step.join == Join::concat) offset += nodes_[at(reading.node)].width;
      }
      continue;
    }
    up.source = dy.source;
    if (carries && dy.left) {
      up.left = dy.left + step.state;
      up.state_ld = dy.state_ld;
    }
    const auto traced = static_cast<std::size_t>(step.traced);  // wraps where not traced
    const StateTrace trace = traced < traces.size() ? traces[traced] : StateTrace{};
    const Node from = step.from.front().node;
    const Upstream<S> dx = step.layer->backward(packed + step.packed, all[from].view, up,
                                                slab + step.slab, all[node].value, trace);
    if (nodes_[at(node)].turned && x.length) turn_back(*step.layer, trace, x);
    if (dx.every.p || dx.last.p) give({from}, dx, 0, x.length, sweeps, all);
  }
  return all[0].flow;
}

/// A trace in the order of time, of a layer that ran against it.
template <class S>
void Graph<S>::turn_back(const Layer<S>& layer, const StateTrace& trace, Seq<const S> x) const {
  turn(trace.hidden, 1, trace.ld, x.length, x.B);
  turn(trace.cell, 1, trace.ld, x.length, x.B);
  turn(trace.da, layer.da_rows(0), trace.ld, x.length, x.B);
  turn(trace.h_before, layer.h_rows(0), trace.ld, x.length, x.B);
  if (trace.sweep) turn(trace.sweep->log_hidden, 1, trace.sweep->ld, x.length, x.B);
}

template <class S>
std::optional<NonFinite> Graph<S>::first_nonfinite(Seq<const S> x, S* memory) const {
  Place* const all = places(memory, x);
  for (Node node = 1; node < count(); ++node) {
    const Step& step = step_of(node);
    if (!step.layer) continue;
    const int T = steps_in(nodes_[at(step.from.front().node)], x.T);
    auto place = rnnlab::first_nonfinite(step.layer->tensors(all[node].value, T, x.B), step.name);
    if (!place) continue;
    const int steps = x.length ? x.length[place->example] : x.T;
    if (nodes_[at(node)].pooled) {
      place->time = steps - 1;
    } else if (nodes_[at(node)].turned) {
      place->time = turned(place->time, steps);
    }
    return place;
  }
  return std::nullopt;
}

template <class S>
std::vector<std::string> Graph<S>::names() const {
  std::vector<std::string> names;
  for (const Step& step : steps_) {
    if (step.layer) names.push_back(step.name);
  }
  return names;
}

template class Graph<float>;
template class Graph<double>;

}  // namespace rnnlab
