#include "train/instruments/spectral_radius.hpp"

#include <algorithm>
#include <numeric>
#include <string_view>

#include "nn/initialization.hpp"

namespace rnnlab {

SpectralRadius::SpectralRadius(const RunShape& shape, Sink& sink) {
  for (std::size_t i = 0; i < shape.parameters.count(); ++i) {
    const Parameter& p = shape.parameters[i];
    const std::string_view own = std::string_view(p.name).substr(p.name.rfind('.') + 1);
    if (!own.starts_with("weight_hh")) continue;
    Axis gate{"gate", "1", "row block of weight_hh",
              std::vector<std::int64_t>(static_cast<std::size_t>(p.rows / p.columns))};
    std::iota(gate.values.begin(), gate.values.end(), 0);
    Table& table = sink.table(
        {.group = "spectrum/" + shape.layers[layers_.size()],
         .axes = {gate},
         .columns = {{"spectral_radius",
                      "1",
                      "largest modulus of the eigenvalues of the gate's block of weight_hh",
                      {0}}}});
    layers_.push_back({&table, i, p.rows / p.columns, p.columns});
    weights_.resize(std::max(weights_.size(), p.size()));
    row_.resize(std::max(row_.size(), gate.values.size()));
  }
}

void SpectralRadius::observe(const StepView& view) {
  for (const Layer& layer : layers_) {
    view.parameter(layer.parameter, weights_);
    for (int g = 0; g < layer.gates; ++g) {
      row_[static_cast<std::size_t>(g)] =
          spectral_radius(weights_.data() + g * layer.hidden * layer.hidden, layer.hidden);
    }
    layer.table->row(view.step, std::span(row_.data(), static_cast<std::size_t>(layer.gates)));
  }
}

}  // namespace rnnlab
