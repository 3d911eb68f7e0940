#include "decode/frame_sampler.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

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

}  // namespace rnnlab
