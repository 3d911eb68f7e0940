#include "train_step/onednn/parameters.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <new>

namespace rnnlab::bench::onednn {

void Free::operator()(float* p) const { std::free(p); }

Block make_block(std::size_t count) {
  const std::size_t bytes = (count * sizeof(float) / 64 + 1) * 64;
  auto* p = static_cast<float*>(std::aligned_alloc(64, bytes));
  if (!p) throw std::bad_alloc();
  std::fill_n(p, bytes / sizeof(float), 0.0f);
  return Block(p);
}

Parameters::Parameters(std::size_t count)
    : count_(count),
      value_(make_block(count)),
      gradient_(make_block(count)),
      mean_(make_block(count)),
      square_(make_block(count)) {}

void Parameters::adam() {
  ++steps_;
  const float rate = 1e-3f / (1 - std::pow(0.9f, static_cast<float>(steps_)));
  const float correction = 1 / (1 - std::pow(0.999f, static_cast<float>(steps_)));
  float* value = value_.get();
  float* mean = mean_.get();
  float* square = square_.get();
  const float* g = gradient_.get();
#pragma omp parallel for simd
  for (std::size_t i = 0; i < count_; ++i) {
    mean[i] = 0.9f * mean[i] + 0.1f * g[i];
    square[i] = 0.999f * square[i] + 0.001f * g[i] * g[i];
    value[i] -= rate * mean[i] / (std::sqrt(square[i] * correction) + 1e-8f);
  }
}

}  // namespace rnnlab::bench::onednn
