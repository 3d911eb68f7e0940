#include "train_step/onednn/network.hpp"

// Eigen 3.4 uses std::initializer_list without including it.
#include <Eigen/Core>
#include <algorithm>
#include <cstring>
#include <initializer_list>

namespace rnnlab::bench::onednn {
namespace {

using dnnl::memory;

Shape first_layer(const CaseFile& file) {
  return {file.shape.cell, file.shape.T, file.shape.B, inputs, file.shape.H};
}

std::size_t all_recurrent(Shape shape, int layers) {
  std::size_t count = 0;
  for (int l = 0; l < layers; ++l) {
    count += shape.parameters();
    shape.inputs = shape.H;
  }
  return count;
}

}  // namespace

Network::Network(const CaseFile& file)
    : engine_(dnnl::engine::kind::cpu, 0),
      stream_(engine_),
      shape_(first_layer(file)),
      layers_(file.shape.layers),
      weight_(all_recurrent(shape_, layers_)),
      bias_(weight_ + static_cast<std::size_t>(classes * shape_.H)),
      parameters_(bias_ + classes),
      input_({{shape_.T, shape_.B, inputs}, memory::data_type::f32, memory::format_tag::tnc},
             engine_),
      label_(file.at("label").values.begin(), file.at("label").values.end()),
      logits_(make_block(label_.size() * classes)) {
  std::copy(file.at("x").values.begin(), file.at("x").values.end(),
            static_cast<float*>(input_.get_data_handle()));
  std::size_t first = 0;
  Shape shape = shape_;
  for (int l = 0; l < layers_; ++l) {
    recurrent_.emplace_back(engine_, shape, l == 0 ? input_ : recurrent_.back().output(),
                            parameters_, first);
    first += shape.parameters();
    shape.inputs = shape.H;
  }
  for_each_array(
      [&](const std::string& name, const Recurrent* layer, int index, std::size_t offset) {
        const std::vector<float>& from = file.at("parameter/" + name).values;
        float* to = parameters_.value(offset);
        layer ? layer->from_pytorch(index, from.data(), to)
              : static_cast<void>(std::copy(from.begin(), from.end(), to));
      });
}

template <class F>
void Network::for_each_array(F&& f) const {
  const char* names[4] = {"weight_ih_l", "weight_hh_l", "bias_ih_l", "bias_hh_l"};
  for (std::size_t l = 0; l < recurrent_.size(); ++l) {
    for (int i = 0; i < 4; ++i) {
      f(names[i] + std::to_string(l), &recurrent_[l], i, recurrent_[l].offset(i));
    }
  }
  f("output.weight", nullptr, 0, weight_);
  f("output.bias", nullptr, 1, bias_);
}

std::map<std::string, std::vector<float>> Network::arrays(Of of) const {
  std::map<std::string, std::vector<float>> arrays;
  for_each_array([&](const std::string& name, const Recurrent* layer, int index,
                     std::size_t offset) {
    const float* from = of == Of::value ? parameters_.value(offset) : parameters_.gradient(offset);
    const int rows = layer ? shape_.gates() * shape_.H : classes;
    const int width = index > 1 || (!layer && index > 0) ? 1
                      : name == "weight_ih_l0"           ? inputs
                                                         : shape_.H;
    std::vector<float>& to = arrays[name];
    to.resize(static_cast<std::size_t>(rows * width));
    layer ? layer->to_pytorch(index, from, to.data())
          : static_cast<void>(std::copy_n(from, to.size(), to.begin()));
  });
  return arrays;
}

// The head's products by oneDNN's sgemm, its softmax by Eigen's vectorised exponential.
double Network::gradient() {
  for (Recurrent& layer : recurrent_) layer.forward(stream_);
  stream_.wait();
  const int H = shape_.H, positions = static_cast<int>(label_.size());
  const auto* h = static_cast<const float*>(recurrent_.back().output().get_data_handle());
  auto* dh = static_cast<float*>(recurrent_.back().output_gradient().get_data_handle());
  const float* w = parameters_.value(weight_);
  float* y = logits_.get();
  dnnl_sgemm('N', 'T', positions, classes, H, 1, h, H, w, H, 0, y, classes);
  const double mean_loss = loss();
  dnnl_sgemm('N', 'N', positions, H, classes, 1, y, classes, w, H, 0, dh, H);
  dnnl_sgemm('T', 'N', classes, H, positions, 1, y, classes, h, H, 0, parameters_.gradient(weight_),
             H);
  for (std::size_t l = recurrent_.size(); l-- > 0;) {
    recurrent_[l].backward(stream_);
    if (l == 0) break;
    const memory from = recurrent_[l].input_gradient(), to = recurrent_[l - 1].output_gradient();
    std::memcpy(to.get_data_handle(), from.get_data_handle(), from.get_desc().get_size());
  }
  return mean_loss;
}

double Network::loss() {
  using Column = Eigen::Array<float, classes, 1>;
  const int positions = static_cast<int>(label_.size());
  const float share = 1 / static_cast<float>(positions);
  const Eigen::Map<const Column> bias(parameters_.value(bias_));
  double sum = 0;
  float dbias[classes] = {};
  constexpr int block = 64;  // positions whose logits are gone through at once
#pragma omp parallel for reduction(+ : sum, dbias[:classes])
  for (int first = 0; first < positions; first += block) {
    const int count = std::min(block, positions - first);
    Eigen::Map<Eigen::Array<float, classes, Eigen::Dynamic>> y(
        logits_.get() + static_cast<std::ptrdiff_t>(first) * classes, classes, count);
    float of_label[block];
    for (int i = 0; i < count; ++i) {
      y.col(i) += bias;
      y.col(i) -= y.col(i).maxCoeff();
      of_label[i] = y(label_[static_cast<std::size_t>(first + i)], i);
    }
    y = y.exp();
    Column total = Column::Zero();
    for (int i = 0; i < count; ++i) {
      const float normalizer = y.col(i).sum();
      sum += static_cast<double>(std::log(normalizer) - of_label[i]);
      y.col(i) *= share / normalizer;
      y(label_[static_cast<std::size_t>(first + i)], i) -= share;
      total += y.col(i);
    }
    for (int c = 0; c < classes; ++c) dbias[c] += total[c];
  }
  std::copy_n(dbias, classes, parameters_.gradient(bias_));
  return sum / positions;
}

}  // namespace rnnlab::bench::onednn
