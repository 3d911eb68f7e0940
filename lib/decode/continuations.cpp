#include "decode/continuations.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/check.hpp"

namespace rnnlab {
namespace {

constexpr int side_by_side = 16;

}  // namespace

Continuations::Continuations(const ModelOptions& model, const Facts& facts,
                             std::span<const double> parameters)
    : model_(make_model<float>(model, facts)),
      facts_(facts),
      packed_(model_->packed_size()),
      frame_(model_->frame_size(1, side_by_side)),
      context_(static_cast<std::size_t>(model_->state_size())),
      states_(static_cast<std::size_t>(model_->state_size()) * side_by_side),
      next_(static_cast<std::size_t>(facts.outputs)) {
  RNNLAB_CHECK_EQ(parameters.size(), model_->parameters().size());
  const std::vector<float> theta(parameters.begin(), parameters.end());
  model_->pack(theta.data(), packed_.data());
}

/// Moves `states` behind the batch's symbols.
void Continuations::predict(int columns, float* states, bool fresh) {
  std::array<bool, side_by_side> begins;
  begins.fill(fresh);
  RNNLAB_CHECK_EQ(batch_.B, columns);
  logits_ = model_->predict(packed_.data(), batch_, frame_.data(),
                            {.p = states, .ld = model_->state_size(), .fresh = begins.data()});
}

double Continuations::log_probability(int column, std::int32_t symbol) const {
  const float* y = logits_.at(0, column);
  const double most = *std::max_element(y, y + logits_.F);
  double total = 0;
  for (int i = 0; i < logits_.F; ++i) total += std::exp(static_cast<double>(y[i]) - most);
  return static_cast<double>(y[symbol]) - most - std::log(total);
}

void Continuations::read(std::int32_t symbol) {
  batch_.reset(facts_, 1);
  batch_.symbol.front() = symbol;
  predict(1, context_.data(), begins_);
  begins_ = false;
  const double norm = static_cast<double>(*logits_.at(0, 0)) - log_probability(0, 0);
  for (std::size_t i = 0; i < next_.size(); ++i)
    next_[i] = static_cast<double>(logits_.at(0, 0)[i]) - norm;
}

std::vector<double> Continuations::log_probabilities(
    std::span<const std::vector<std::int32_t>> continuations) {
  RNNLAB_CHECK_EQ(begins_, false);
  std::vector<double> result(continuations.size());
  for (std::size_t first = 0; first < continuations.size(); first += side_by_side) {
    const auto now = continuations.subspan(
        first, std::min<std::size_t>(side_by_side, continuations.size() - first));
    const int columns = static_cast<int>(now.size());
    batch_.reset(facts_, columns);
    std::size_t longest = 0;
    for (std::size_t c = 0; c < now.size(); ++c) {
      std::copy_n(context_.data(), context_.size(), states_.data() + c * context_.size());
      longest = std::max(longest, now[c].size());
      if (!now[c].empty()) result[first + c] = next_[static_cast<std::size_t>(now[c].front())];
    }
    for (std::size_t i = 1; i < longest; ++i) {
      for (std::size_t c = 0; c < now.size(); ++c)
        batch_.symbol[c] = i <= now[c].size() ? now[c][i - 1] : 0;
      predict(columns, states_.data(), false);
      for (int c = 0; c < columns; ++c) {
        const auto& symbols = now[static_cast<std::size_t>(c)];
        if (i < symbols.size())
          result[first + static_cast<std::size_t>(c)] += log_probability(c, symbols[i]);
      }
    }
  }
  return result;
}

}  // namespace rnnlab
