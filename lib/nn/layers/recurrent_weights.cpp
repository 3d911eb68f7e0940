#include "nn/layers/recurrent_weights.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "nn/initialization.hpp"

namespace rnnlab {
namespace {

/// Where each gate stands in the run of slots that one matrix feeds.
std::vector<int> places(std::vector<int> slots) {
  const int first = *std::min_element(slots.begin(), slots.end());
  for (int& slot : slots) slot -= first;
  return slots;
}

}  // namespace

template <class S>
RecurrentWeights<S>::RecurrentWeights(const RecurrentOptions& options, const CellShape& cell)
    : o_(options),
      cell_(cell),
      G_(static_cast<int>(cell.input_slot.size())),
      x_rows_(options.hidden, places(cell.input_slot)),
      h_rows_(options.hidden, places(cell.recurrent_slot)),
      map_(options.recurrent_map, options.negative_ones, options.hidden) {
  if (o_.chrono == 0) return;
  if (cell.forget_gate < 0 && cell.input_gate < 0) {
    throw Error(Exit::usage, "cell " + o_.cell + " has no gate that retains", "model.chrono",
                "leave it 0, or choose an lstm or the gru");
  }
  if (!o_.bias) {
    throw Error(Exit::usage, "chrono initialisation sets biases, and there are none",
                "model.chrono", "leave it 0, or set model.bias to true");
  }
  if (o_.chrono < 2) {
    throw Error(Exit::usage, "the longest dependency must be 2 steps or more", "model.chrono",
                "give the length of the task's dependencies, or 0");
  }
}

template <class S>
void RecurrentWeights<S>::declare(ParamLayout& layout) {
  const int rows = G_ * o_.hidden;
  first_ = layout.count();
  at_[weight_ih] = layout.add("weight_ih" + o_.suffix, rows, o_.inputs, trains_input());
  at_[weight_hh] =
      layout.add((map_ ? "skew_hh" : "weight_hh") + o_.suffix, rows, o_.hidden, trains_recurrent());
  if (o_.bias) {
    at_[bias_ih] = layout.add("bias_ih" + o_.suffix, rows, 0, trains_input());
    at_[bias_hh] = layout.add("bias_hh" + o_.suffix, rows, 0, trains_input());
  }
  for (const UnitWeight& w : cell_.weights) {
    unit_at_.push_back(layout.add(w.name + o_.suffix, o_.hidden, 0, w.trained && trains_input()));
  }
}

template <class S>
void RecurrentWeights<S>::initialize(Key key, S* theta) const {
  const int H = o_.hidden, rows = G_ * H;
  MatrixInit init{.kind = o_.init,
                  .fan_out = o_.fused_fan ? rows : H,
                  .width = H,
                  .gain = o_.input_gain,
                  .deviation = o_.init_std,
                  .connections = o_.init_connections,
                  .blocks = G_};
  fill_matrix(init, key, first_, rows, o_.inputs, theta + at_[weight_ih]);
  init.kind = o_.recurrent_init;
  init.gain = o_.spectral_radius;
  init.rescale = true;
  if (map_) {
    map_.initialize(init, key, first_ + weight_hh, theta + at_[weight_hh]);
  } else {
    fill_matrix(init, key, first_ + weight_hh, rows, H, theta + at_[weight_hh]);
  }
  for (std::size_t j = 0; j < cell_.weights.size(); ++j) {
    std::fill_n(theta + unit_at_[j], H, static_cast<S>(start_of(cell_.weights[j], o_.leak)));
  }
  if (!o_.bias) return;
  std::fill_n(theta + at_[bias_ih], rows, S{0});
  std::fill_n(theta + at_[bias_hh], rows, S{0});
  if (cell_.forget_gate >= 0) {
    std::fill_n(theta + at_[bias_ih] + cell_.forget_gate * H, H, static_cast<S>(o_.forget_bias));
  }
  if (o_.chrono > 0) initialize_chrono(key, theta + at_[bias_ih]);
}

template <class S>
void RecurrentWeights<S>::initialize_chrono(Key key, S* bias) const {
  Rng rng(key, first_ + bias_ih);
  for (int u = 0; u < o_.hidden; ++u) {
    const S b = static_cast<S>(std::log(1.0 + (o_.chrono - 2.0) * rng.uniform53()));
    if (cell_.forget_gate >= 0) bias[cell_.forget_gate * o_.hidden + u] = b;
    if (cell_.input_gate >= 0) bias[cell_.input_gate * o_.hidden + u] = -b;
  }
}

template <class S>
auto RecurrentWeights<S>::packed(Carver<S>& c) const -> Packed {
  return {c.take(x_rows_.packed_size(o_.inputs)),
          c.take(h_rows_.packed_size(o_.hidden)),
          c.take(static_cast<std::size_t>(cell_.slots) * x_rows_.padded()),
          c.take(h_rows_.transposed_size(o_.hidden)),
          c.take(o_.input_gradient ? x_rows_.transposed_size(o_.inputs) : 0),
          c.take(static_cast<std::size_t>(params()) * x_rows_.padded()),
          c.take(map_ ? size(o_.hidden, o_.hidden) : 0)};
}

template <class S>
auto RecurrentWeights<S>::slab(Carver<S>& c) const -> Slab {
  return {c.take(x_rows_.packed_size(o_.inputs)), c.take(h_rows_.packed_size(o_.hidden)),
          c.take(static_cast<std::size_t>(cell_.slots) * x_rows_.padded()),
          c.take(static_cast<std::size_t>(params()) * x_rows_.padded())};
}

template <class S>
template <class F>
void RecurrentWeights<S>::for_each_unit_weight(F&& f) const {
  for (int k = 0; k < x_rows_.count(); ++k) {
    const int begin = x_rows_.begin(k), width = x_rows_.width(k);
    for (int j = 0; j < params(); ++j) {
      for (int u = 0; u < std::min(width, o_.hidden - begin); ++u) {
        f(unit_at_[static_cast<std::size_t>(j)] + static_cast<std::size_t>(begin + u),
          params() * begin + j * width + u);
      }
    }
  }
}

template <class S>
template <class F>
void RecurrentWeights<S>::for_each_bias(const std::vector<int>& slot, F&& f) const {
  for (int k = 0; k < x_rows_.count(); ++k) {
    const int begin = x_rows_.begin(k), width = x_rows_.width(k);
    for (int g = 0; g < G_; ++g) {
      for (int u = 0; u < std::min(width, o_.hidden - begin); ++u) {
        f(g * o_.hidden + begin + u,
          cell_.slots * begin + slot[static_cast<std::size_t>(g)] * width + u);
      }
    }
  }
}

template <class S>
void RecurrentWeights<S>::pack(const S* theta, S* to) const {
  Carver<S> carver(to);
  const Packed p = packed(carver);
  x_rows_.pack(theta + at_[weight_ih], o_.inputs, p.wx);
  const S* w_hh = theta + at_[weight_hh];
  if (map_) {
    map_.value(w_hh, p.map);
    w_hh = p.map;
  }
  h_rows_.pack(w_hh, o_.hidden, p.wh);
  h_rows_.pack_transposed(w_hh, o_.hidden, p.wht);
  if (o_.input_gradient) x_rows_.pack_transposed(theta + at_[weight_ih], o_.inputs, p.wxt);
  std::fill_n(p.unit, params() * x_rows_.padded(), S{0});
  for_each_unit_weight([&](std::size_t in_theta, int at) { p.unit[at] = theta[in_theta]; });
  std::fill_n(p.bias, cell_.slots * x_rows_.padded(), S{0});
  if (!o_.bias) return;
  for_each_bias(cell_.input_slot,
                [&](int row, int at) { p.bias[at] += theta[at_[bias_ih] + row]; });
  for_each_bias(cell_.recurrent_slot,
                [&](int row, int at) { p.bias[at] += theta[at_[bias_hh] + row]; });
}

template <class S>
void RecurrentWeights<S>::unpack(const S* theta, const S* from, S scale, S* gradient) const {
  Carver<S> carver(const_cast<S*>(from));
  const Slab g = slab(carver);
  x_rows_.unpack(g.wx, o_.inputs, scale, gradient + at_[weight_ih]);
  if (!map_) {
    h_rows_.unpack(g.wh, o_.hidden, scale, gradient + at_[weight_hh]);
  } else if (trains_recurrent()) {
    S* const dw = map_.zeros();
    h_rows_.unpack(g.wh, o_.hidden, scale, dw);
    map_.add_gradient(theta + at_[weight_hh], dw, gradient + at_[weight_hh]);
  }
  for_each_unit_weight(
      [&](std::size_t in_theta, int at) { gradient[in_theta] += scale * g.unit[at]; });
  if (!o_.bias) return;
  for_each_bias(cell_.input_slot,
                [&](int row, int at) { gradient[at_[bias_ih] + row] += scale * g.bias[at]; });
  for_each_bias(cell_.recurrent_slot,
                [&](int row, int at) { gradient[at_[bias_hh] + row] += scale * g.bias[at]; });
}

template class RecurrentWeights<float>;
template class RecurrentWeights<double>;

}  // namespace rnnlab
