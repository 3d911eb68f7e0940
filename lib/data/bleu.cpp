#include "data/bleu.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <unordered_map>

#include "base/check.hpp"
#include "data/tokeniser.hpp"

namespace rnnlab {
namespace {

constexpr std::size_t orders = 4;

/// How often each n-gram occurs, n = 1 … 4, its tokens with blanks between.
using Counts = std::unordered_map<std::string, std::int64_t>;

std::array<Counts, orders> ngrams(const std::vector<std::string>& tokens) {
  std::array<Counts, orders> counts;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    std::string ngram;
    for (std::size_t n = 0; n < orders && i + n < tokens.size(); ++n) {
      ngram += (n > 0 ? " " : "") + tokens[i + n];
      ++counts[n][ngram];
    }
  }
  return counts;
}

}  // namespace

void Bleu::add(std::string_view hypothesis, const std::vector<std::string>& references) {
  const std::vector<std::string> ours = tokens_(hypothesis);
  const auto length = std::ssize(ours);
  std::array<Counts, orders> most;
  std::int64_t closest = -1;
  for (const std::string& reference : references) {
    if (reference.empty()) continue;
    const std::vector<std::string> theirs = tokens_(reference);
    const auto its = std::ssize(theirs);
    const auto distance = std::abs(its - length), best = std::abs(closest - length);
    if (closest < 0 || distance < best || (distance == best && its < closest)) closest = its;
    const auto counts = ngrams(theirs);
    for (std::size_t n = 0; n < orders; ++n) {
      for (const auto& [ngram, count] : counts[n]) {
        std::int64_t& known = most[n][ngram];
        known = std::max(known, count);
      }
    }
  }
  RNNLAB_CHECK_LE(0, closest);
  length_ += length;
  reference_length_ += closest;
  const auto counts = ngrams(ours);
  for (std::size_t n = 0; n < orders; ++n) {
    for (const auto& [ngram, count] : counts[n]) {
      total_[n] += count;
      const auto found = most[n].find(ngram);
      if (found != most[n].end()) right_[n] += std::min(count, found->second);
    }
  }
}

Bleu& Bleu::operator+=(const Bleu& other) {
  for (std::size_t n = 0; n < orders; ++n) {
    right_[n] += other.right_[n];
    total_[n] += other.total_[n];
  }
  length_ += other.length_;
  reference_length_ += other.reference_length_;
  return *this;
}

double Bleu::score() const {
  if (right_[0] == 0 || total_[orders - 1] == 0) return 0;
  double logs = 0, smoothing = 1;
  for (std::size_t n = 0; n < orders; ++n) {
    const auto total = static_cast<double>(total_[n]);
    if (right_[n] == 0) smoothing *= 2;
    const double right = right_[n] == 0 ? 1 / smoothing : static_cast<double>(right_[n]);
    logs += std::log(100 * right / total);
  }
  const double ratio = static_cast<double>(reference_length_) / static_cast<double>(length_);
  return std::exp(std::min(0.0, 1 - ratio)) * std::exp(logs / orders);
}

Bleu::Tokens bleu_tokens(std::string_view language) {
  return language == "zh" ? tokens_zh : tokens_13a;
}

}  // namespace rnnlab
