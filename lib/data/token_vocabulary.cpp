#include "data/token_vocabulary.hpp"

#include <algorithm>
#include <numeric>

namespace rnnlab {

void TokenNumbers::append(const std::vector<std::string>& tokens, std::vector<std::int32_t>& to) {
  for (const std::string& token : tokens) {
    const auto [at, added] = numbers_.emplace(token, static_cast<std::int32_t>(tokens_.size()));
    if (added) tokens_.push_back(&at->first);
    to.push_back(at->second);
  }
}

TokenVocabulary::TokenVocabulary(const TokenNumbers& numbers,
                                 const std::vector<std::int64_t>& counts,
                                 std::vector<std::string> reserved, std::int64_t min_count,
                                 std::int64_t most)
    : symbols_(std::move(reserved)), unknown_(static_cast<std::int32_t>(symbols_.size())) {
  symbols_.emplace_back(unknown_token);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (counts[i] >= min_count && numbers.token(i) != unknown_token) order.push_back(i);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return counts[a] != counts[b] ? counts[a] > counts[b] : numbers.token(a) < numbers.token(b);
  });
  const auto taken = symbols_.size();
  if (most > 0)
    order.resize(std::min(order.size(), static_cast<std::size_t>(most) -
                                            std::min(taken, static_cast<std::size_t>(most))));
  symbol_.assign(numbers.size(), unknown_);
  for (const std::size_t number : order) {
    symbol_[number] = size();
    symbols_.push_back(numbers.token(number));
  }
}

TokenVocabulary::TokenVocabulary(const TokenNumbers& numbers, std::vector<std::string> symbols)
    : symbols_(std::move(symbols)) {
  std::unordered_map<std::string_view, std::int32_t> place;
  for (std::int32_t i = 0; i < size(); ++i)
    place.insert_or_assign(symbols_[static_cast<std::size_t>(i)], i);
  unknown_ = place.at(unknown_token);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto found = place.find(numbers.token(i));
    symbol_.push_back(found == place.end() ? unknown_ : found->second);
  }
}

}  // namespace rnnlab
