#include "decode/frame_sampler.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/check.hpp"

namespace rnnlab {

std::vector<int> sample_frame(std::span<const float> logits, const Sampling& how, Rng& rng) {
  std::vector<int> order(logits.size());
  std::iota(order.begin(), order.end(), 0);
  const auto at = [&](int i) { return static_cast<double>(logits[static_cast<std::size_t>(i)]); };
  std::vector<bool> allowed(logits.size(), how.top_k == 0);
  if (how.top_k > 0) {
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return at(a) > at(b); });
    const auto kept = std::min(logits.size(), static_cast<std::size_t>(how.top_k));
    for (std::size_t i = 0; i < kept; ++i) allowed[static_cast<std::size_t>(order[i])] = true;
  }
  std::vector<int> ones;
  for (int i = 0; i < static_cast<int>(logits.size()); ++i) {
    const bool is_one = how.temperature == 0
                            ? at(i) > 0
                            : rng.uniform53() < 1 / (1 + std::exp(-at(i) / how.temperature));
    if (is_one && allowed[static_cast<std::size_t>(i)]) ones.push_back(i);
  }
  return ones;
}

FrameReader::FrameReader(const ModelOptions& model, const Facts& facts,
                         std::span<const double> parameters)
    : model_(make_model<float>(model, facts)),
      packed_(model_->packed_size()),
      frame_(model_->frame_size(1, 1)),
      state_(static_cast<std::size_t>(model_->state_size())) {
  RNNLAB_CHECK_EQ(parameters.size(), model_->parameters().size());
  const std::vector<float> theta(parameters.begin(), parameters.end());
  model_->pack(theta.data(), packed_.data());
  batch_.reset(facts, 1);
}

std::span<const float> FrameReader::read(std::span<const int> ones) {
  std::fill(batch_.x.begin(), batch_.x.end(), 0.0f);
  for (const int i : ones) batch_.x[static_cast<std::size_t>(i)] = 1;
  const Seq<float> y =
      model_->predict(packed_.data(), batch_, frame_.data(),
                      {.p = state_.data(), .ld = model_->state_size(), .fresh = &begins_});
  begins_ = false;
  return {y.p, static_cast<std::size_t>(y.F)};
}

}  // namespace rnnlab
