#include "train_step/onednn/recurrent.hpp"

#include <algorithm>
#include <cstring>

namespace rnnlab::bench::onednn {
namespace {

using dnnl::memory;
using Tag = memory::format_tag;

constexpr auto direction = dnnl::rnn_direction::unidirectional_left2right;

memory::desc floats(const memory::dims& dims, Tag tag) {
  return {dims, memory::data_type::f32, tag};
}

memory::desc nothing(const memory::desc&) { return {}; }

void zero(const memory& m) { std::memset(m.get_data_handle(), 0, m.get_desc().get_size()); }

/// oneDNN's place of PyTorch's gate: its GRU has the update gate (PyTorch's z) first, then r.
int place_of(const std::string& cell, int gate) {
  return cell == "gru" && gate < 2 ? 1 - gate : gate;
}

}  // namespace

std::size_t Shape::parameters() const {
  return static_cast<std::size_t>(gates() * H) * static_cast<std::size_t>(inputs + H + 2);
}

Recurrent::Recurrent(const dnnl::engine& engine, const Shape& shape, const memory& input,
                     const Parameters& parameters, std::size_t first)
    : engine_(engine), shape_(shape), input_(input) {
  const int rows = shape.gates() * shape.H;
  const int widths[4] = {shape.inputs, shape.H, 1, 1};
  for (int i = 0; i < 4; ++i) {
    offset_[i] = first;
    value_[i] = parameters.value(first);
    gradient_[i] = parameters.gradient(first);
    first += static_cast<std::size_t>(rows * widths[i]);
  }
  if (shape.cell == "vanilla") {
    build<dnnl::vanilla_rnn_forward, dnnl::vanilla_rnn_backward>(dnnl::algorithm::eltwise_tanh);
  } else if (shape.cell == "lstm") {
    build<dnnl::lstm_forward, dnnl::lstm_backward>();
  } else {
    build<dnnl::lbr_gru_forward, dnnl::lbr_gru_backward>();
  }
}

template <class Forward, class Backward, class... Start>
void Recurrent::build(Start... start) {
  const int T = shape_.T, B = shape_.B, I = shape_.inputs, H = shape_.H, G = shape_.gates();
  const memory::desc x = floats({T, B, I}, Tag::tnc), y = floats({T, B, H}, Tag::tnc);
  const memory::desc any_ih = floats({1, 1, I, G, H}, Tag::any);
  const memory::desc any_hh = floats({1, 1, H, G, H}, Tag::any);
  const memory::desc bias = floats({1, 1, shape_.cell == "gru" ? 4 : G, H}, Tag::ldgo);

  // The state before the first step is given, though it is zero: without it oneDNN 2.6 takes h_t
  // instead of h_{t−1} for the gradient by W_hh. The state after the last one is nobody's.
  const auto make = [&](auto... state) {
    const typename Forward::primitive_desc forward(
        {dnnl::prop_kind::forward_training, start..., direction, x, state..., any_ih, any_hh, bias,
         y, nothing(state)...},
        engine_);
    const typename Backward::primitive_desc backward(
        {dnnl::prop_kind::backward, start..., direction, x, state..., any_ih, any_hh, bias, y,
         nothing(state)..., x, state..., any_ih, any_hh, bias, y, nothing(state)...},
        engine_, forward);
    return std::pair(forward, backward);
  };
  const memory::desc state = floats({1, 1, B, H}, Tag::ldnc);
  const auto [forward, backward] = [&] {
    if constexpr (std::is_same_v<Forward, dnnl::lstm_forward>) {
      return make(state, state);
    } else {
      return make(state);
    }
  }();

  const memory::desc plain[2] = {floats({1, 1, I, G, H}, Tag::ldigo),
                                 floats({1, 1, H, G, H}, Tag::ldigo)};
  const memory::desc forwards[2] = {forward.weights_layer_desc(), forward.weights_iter_desc()};
  const memory::desc backwards[2] = {backward.weights_layer_desc(), backward.weights_iter_desc()};
  const memory::desc gradients[2] = {backward.diff_weights_layer_desc(),
                                     backward.diff_weights_iter_desc()};
  for (int i = 0; i < 2; ++i) {
    forward_[i] = matrix(plain[i], forwards[i], value_[i]);
    backward_[i] =
        backwards[i] == forwards[i] ? forward_[i] : matrix(plain[i], backwards[i], value_[i]);
    gradients_[i] = matrix(plain[i], gradients[i], gradient_[i]);
  }
  output_ = memory(y, engine_);
  output_gradient_ = memory(y, engine_);
  input_gradient_ = memory(backward.diff_src_layer_desc(), engine_);
  bias_ = memory(bias, engine_);
  bias_gradient_ = memory(bias, engine_);
  const memory workspace(forward.workspace_desc(), engine_);
  const auto zero_state = [&] {
    memory m(state, engine_);
    zero(m);
    return m;
  };

  forward_primitive_ = Forward(forward);
  backward_primitive_ = Backward(backward);
  forward_arguments_ = {{DNNL_ARG_SRC_LAYER, input_},
                        {DNNL_ARG_SRC_ITER, zero_state()},
                        {DNNL_ARG_SRC_ITER_C, zero_state()},
                        {DNNL_ARG_WEIGHTS_LAYER, forward_[0].preferred},
                        {DNNL_ARG_WEIGHTS_ITER, forward_[1].preferred},
                        {DNNL_ARG_BIAS, bias_},
                        {DNNL_ARG_DST_LAYER, output_},
                        {DNNL_ARG_WORKSPACE, workspace}};
  backward_arguments_ = forward_arguments_;
  backward_arguments_[DNNL_ARG_WEIGHTS_LAYER] = backward_[0].preferred;
  backward_arguments_[DNNL_ARG_WEIGHTS_ITER] = backward_[1].preferred;
  backward_arguments_[DNNL_ARG_DIFF_DST_LAYER] = output_gradient_;
  backward_arguments_[DNNL_ARG_DIFF_SRC_LAYER] = input_gradient_;
  backward_arguments_[DNNL_ARG_DIFF_SRC_ITER] = zero_state();
  backward_arguments_[DNNL_ARG_DIFF_SRC_ITER_C] = zero_state();
  backward_arguments_[DNNL_ARG_DIFF_WEIGHTS_LAYER] = gradients_[0].preferred;
  backward_arguments_[DNNL_ARG_DIFF_WEIGHTS_ITER] = gradients_[1].preferred;
  backward_arguments_[DNNL_ARG_DIFF_BIAS] = bias_gradient_;
}

Recurrent::Matrix Recurrent::matrix(const memory::desc& plain, const memory::desc& preferred,
                                    float* at) const {
  const memory in_place(plain, engine_, at);
  if (plain == preferred) return {in_place, in_place, {}, {}};
  const memory other(preferred, engine_);
  return {in_place, other, dnnl::reorder(in_place, other), dnnl::reorder(other, in_place)};
}

void Recurrent::Matrix::pack(dnnl::stream& stream) {
  if (to_preferred) to_preferred.execute(stream, plain, preferred);
}

void Recurrent::Matrix::unpack(dnnl::stream& stream) {
  if (to_plain) to_plain.execute(stream, preferred, plain);
}

void Recurrent::forward(dnnl::stream& stream) {
  pack_bias();
  for (Matrix& w : forward_) w.pack(stream);
  forward_primitive_.execute(stream, forward_arguments_);
}

void Recurrent::backward(dnnl::stream& stream) {
  for (int i = 0; i < 2; ++i) {
    if (backward_[i].preferred.get() != forward_[i].preferred.get()) backward_[i].pack(stream);
    zero(gradients_[i].preferred);  // the primitive adds
  }
  zero(bias_gradient_);
  backward_primitive_.execute(stream, backward_arguments_);
  for (Matrix& g : gradients_) g.unpack(stream);
  stream.wait();
  unpack_bias();
}

// oneDNN takes b_ih + b_hh; of a GRU's candidate it takes the two apart, b_hh as a fourth gate.
void Recurrent::pack_bias() {
  const int rows = shape_.gates() * shape_.H;
  auto* to = static_cast<float*>(bias_.get_data_handle());
  const int summed = shape_.cell == "gru" ? 2 * shape_.H : rows;
  for (int i = 0; i < summed; ++i) to[i] = value_[2][i] + value_[3][i];
  for (int i = summed; i < rows; ++i) {
    to[i] = value_[2][i];
    to[i + shape_.H] = value_[3][i];
  }
}

void Recurrent::unpack_bias() {
  const int rows = shape_.gates() * shape_.H;
  const auto* from = static_cast<const float*>(bias_gradient_.get_data_handle());
  const int summed = shape_.cell == "gru" ? 2 * shape_.H : rows;
  std::copy_n(from, rows, gradient_[2]);
  std::copy_n(from, summed, gradient_[3]);
  std::copy_n(from + summed + shape_.H, rows - summed, gradient_[3] + summed);
}

template <class F>
void Recurrent::for_each_entry(int index, F&& f) const {
  const int G = shape_.gates(), H = shape_.H;
  const int width = index == 0 ? shape_.inputs : index == 1 ? H : 1;
  for (int gate = 0; gate < G; ++gate) {
    for (int unit = 0; unit < H; ++unit) {
      for (int i = 0; i < width; ++i) {
        f((gate * H + unit) * width + i, (i * G + place_of(shape_.cell, gate)) * H + unit);
      }
    }
  }
}

void Recurrent::from_pytorch(int index, const float* theirs, float* ours) const {
  for_each_entry(index, [&](int their, int our) { ours[our] = theirs[their]; });
}

void Recurrent::to_pytorch(int index, const float* ours, float* theirs) const {
  for_each_entry(index, [&](int their, int our) { theirs[their] = ours[our]; });
}

}  // namespace rnnlab::bench::onednn
