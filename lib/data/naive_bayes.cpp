#include "data/naive_bayes.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace rnnlab {

NaiveBayes::NaiveBayes(int classes, bool pairs)
    : classes_(static_cast<std::size_t>(classes)),
      pairs_(pairs),
      total_(classes_),
      texts_(classes_) {}

std::vector<std::uint64_t> NaiveBayes::features(std::span<const std::int32_t> symbols) const {
  std::vector<std::uint64_t> found;
  found.reserve(2 * symbols.size());
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    const auto symbol = static_cast<std::uint32_t>(symbols[i]);
    found.push_back(symbol);
    if (!pairs_ || i == 0) continue;
    const auto before = static_cast<std::uint32_t>(symbols[i - 1]);
    found.push_back((std::uint64_t{before} + 1) << 32 | symbol);
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

void NaiveBayes::learn(std::span<const std::int32_t> symbols, std::int32_t label) {
  const auto c = static_cast<std::size_t>(label);
  ++texts_[c];
  for (const std::uint64_t feature : features(symbols)) {
    const auto [at, is_new] =
        place_.try_emplace(feature, static_cast<std::uint32_t>(place_.size()));
    if (is_new) count_.resize(count_.size() + classes_);
    ++count_[at->second * classes_ + c];
    ++total_[c];
  }
}

std::vector<double> NaiveBayes::scores(std::span<const std::int32_t> symbols) const {
  const auto texts = static_cast<double>(std::reduce(texts_.begin(), texts_.end()));
  const auto log_of = [](auto n) { return std::log(static_cast<double>(n)); };
  std::vector<double> score(classes_), divisor(classes_);
  for (std::size_t c = 0; c < classes_; ++c) {
    score[c] = log_of(texts_[c]) - std::log(texts);
    divisor[c] = log_of(total_[c] + std::ssize(place_));
  }
  for (const std::uint64_t feature : features(symbols)) {
    const auto at = place_.find(feature);
    if (at == place_.end()) continue;
    for (std::size_t c = 0; c < classes_; ++c)
      score[c] += log_of(count_[at->second * classes_ + c] + 1) - divisor[c];
  }
  return score;
}

std::int32_t NaiveBayes::predict(std::span<const std::int32_t> symbols) const {
  const std::vector<double> score = scores(symbols);
  return static_cast<std::int32_t>(std::max_element(score.begin(), score.end()) - score.begin());
}

}  // namespace rnnlab
