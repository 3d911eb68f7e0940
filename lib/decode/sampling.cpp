#include "decode/sampling.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/check.hpp"

namespace rnnlab {

int sample(std::span<const float> logits, const Sampling& how, Rng& rng) {
  std::vector<int> order(logits.size());
  std::iota(order.begin(), order.end(), 0);
  const auto kept = static_cast<std::ptrdiff_t>(
      how.top_k > 0 ? std::min<std::size_t>(logits.size(), static_cast<std::size_t>(how.top_k))
                    : logits.size());
  const auto at = [&](int i) { return static_cast<double>(logits[static_cast<std::size_t>(i)]); };
  std::partial_sort(order.begin(), order.begin() + kept, order.end(),
                    [&](int a, int b) { return at(a) != at(b) ? at(a) > at(b) : a < b; });
  if (how.temperature == 0) return order.front();
  std::vector<double> cumulated;
  double total = 0;
  for (std::ptrdiff_t i = 0; i < kept; ++i) {
    total +=
        std::exp((at(order[static_cast<std::size_t>(i)]) - at(order.front())) / how.temperature);
    cumulated.push_back(total);
  }
  const double point = total * rng.uniform53();
  const auto chosen = std::upper_bound(cumulated.begin(), cumulated.end(), point);
  const auto last = static_cast<std::ptrdiff_t>(cumulated.size()) - 1;
  return order[static_cast<std::size_t>(std::min(chosen - cumulated.begin(), last))];
}

StepReader::StepReader(const ModelOptions& model, const Facts& facts,
                       std::span<const double> parameters, std::span<const float> given)
    : model_(make_model<float>(model, facts)),
      packed_(model_->packed_size()),
      frame_(model_->frame_size(1, 1)),
      state_(static_cast<std::size_t>(model_->state_size())),
      gives_once_(model.input_at == "first") {
  RNNLAB_CHECK_EQ(parameters.size(), model_->parameters().size());
  RNNLAB_CHECK_EQ(std::ssize(given), facts.given);
  const std::vector<float> theta(parameters.begin(), parameters.end());
  model_->pack(theta.data(), packed_.data());
  batch_.reset(facts, 1);
  std::copy(given.begin(), given.end(), batch_.given.begin());
}

std::span<const float> StepReader::read(std::int32_t symbol) {
  batch_.symbol.front() = symbol;
  return step();
}

std::span<const float> StepReader::read_ones(std::span<const int> ones) {
  std::fill(batch_.x.begin(), batch_.x.end(), 0.0f);
  for (const int i : ones) batch_.x[static_cast<std::size_t>(i)] = 1;
  return step();
}

std::span<const float> StepReader::step() {
  const Seq<float> y =
      model_->predict(packed_.data(), batch_, frame_.data(),
                      {.p = state_.data(), .ld = model_->state_size(), .fresh = &begins_});
  begins_ = false;
  // A model reads each step as if it were a sequence's first.
  if (gives_once_) std::fill(batch_.given.begin(), batch_.given.end(), 0.0f);
  return {y.p, static_cast<std::size_t>(y.F)};
}

}  // namespace rnnlab
