#include "decode/class_sampler.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace rnnlab {

ClassSampler::ClassSampler(const ModelOptions& options, const Facts& facts,
                           std::span<const double> parameters)
    : facts_(facts),
      model_(make_model<float>(options, facts)),
      packed_(model_->packed_size()),
      frame_(model_->frame_size(facts.length, 1)) {
  RNNLAB_CHECK_EQ(parameters.size(), model_->parameters().size());
  const std::vector<float> theta(parameters.begin(), parameters.end());
  model_->pack(theta.data(), packed_.data());
}

std::vector<std::int32_t> ClassSampler::operator()(int cls, std::span<const std::int32_t> prompt,
                                                   const Sampling& how, Rng& rng) {
  RNNLAB_CHECK_LT(std::ssize(prompt), facts_.length);
  std::vector<std::int32_t> read{end_symbol};
  read.insert(read.end(), prompt.begin(), prompt.end());
  while (std::ssize(read) <= facts_.length) {
    const int symbol = sample(next(cls, read), how, rng);
    if (symbol == end_symbol) break;
    read.push_back(symbol);
  }
  return {read.begin() + 1, read.end()};
}

std::span<const float> ClassSampler::next(int cls, std::span<const std::int32_t> read) {
  const auto steps = std::ssize(read);
  batch_.reset(facts_, 1);
  std::copy(read.begin(), read.end(), batch_.symbol.begin());
  batch_.given[static_cast<std::size_t>(cls)] = 1;
  batch_.length.front() = static_cast<int>(steps);
  batch_.trim(facts_.readout);
  const Seq<float> y = model_->predict(packed_.data(), batch_, frame_.data());
  return {y.at(static_cast<int>(steps) - 1, 0), static_cast<std::size_t>(y.F)};
}

}  // namespace rnnlab
