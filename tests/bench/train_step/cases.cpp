#include "train_step/cases.hpp"

#include "train/shards.hpp"

namespace rnnlab::bench {

std::string Case::title() const {
  return std::string(traced ? "train_step_traced/" : "train_step/") + cell +
         "/B:" + std::to_string(B) + "/T:" + std::to_string(T) + "/H:" + std::to_string(H) +
         "/L:" + std::to_string(layers) + "/D:" + std::to_string(directions) +
         "/threads:" + std::to_string(threads);
}

ModelOptions Case::model() const {
  ModelOptions options;
  options.name = cell;
  options.cell = cell == "vanilla" ? "elman" : cell;
  options.hidden = H;
  options.layers = layers;
  if (directions == 2) options.direction = "bidirectional";
  if (cell == "lstm") options.forget_bias = 1;
  return options;
}

std::vector<Case> grid() {
  std::vector<Case> cases;
  const auto add = [&](Case c) {
    for (const int threads : {1, 2}) {
      for (const bool traced : {false, true}) {
        c.threads = threads;
        c.traced = traced;
        cases.push_back(c);
      }
    }
  };
  for (const char* cell : {"vanilla", "lstm", "gru"}) {
    for (const int B : {1, 20, 32, 128}) {
      for (const int T : {50, 100, 500, 1000}) {
        for (const int H : {32, 64, 128, 256, 512}) add({cell, B, T, H, 1});
      }
    }
  }
  add({"lstm", 32, 100, 256, 2});
  add({.cell = "lstm", .B = 32, .T = 100, .H = 256, .layers = 1, .directions = 2});
  return cases;
}

double operations(const ParamLayout& parameters, const Case& c) {
  double weights_times_products = 0;
  for (const Parameter& p : parameters) {
    if (p.columns == 0) continue;
    weights_times_products +=
        static_cast<double>(p.size()) * (p.name.starts_with("weight_ih_l0") ? 2 : 3);
  }
  return 2.0 * c.B * c.T * weights_times_products;
}

double bytes_kept(const Model<float>& model, const Case& c) {
  double entries = 0;
  for (const Shard& shard : cut_into_shards(c.B)) {
    entries += static_cast<double>(model.frame_size(c.T, shard.width));
  }
  return entries * sizeof(float);
}

double bytes_moved(const Model<float>& model, const Case& c) {
  const auto shards = static_cast<double>(cut_into_shards(c.B).size());
  const double theta = static_cast<double>(model.parameters().size()) * sizeof(float);
  return 2 * c.T * shards * theta + 2 * bytes_kept(model, c);
}

}  // namespace rnnlab::bench
