#include "data/rouge.hpp"

#include <algorithm>
#include <map>

#include "data/text_tokens.hpp"
#include "data/utf8.hpp"

namespace rnnlab {
namespace {

double f_measure(double shared, double of_summary, double of_reference) {
  // 2 P R / (P + R) with P = shared / of_summary and R = shared / of_reference.
  return shared > 0 ? 2 * shared / (of_summary + of_reference) : 0;
}

double shared_ngrams(const std::vector<std::string>& summary,
                     const std::vector<std::string>& reference, std::size_t n) {
  if (summary.size() < n || reference.size() < n) return 0;
  using Ngram = std::vector<std::string>;
  const auto for_each = [n](const std::vector<std::string>& tokens, auto&& f) {
    for (auto from = tokens.begin(); tokens.end() - from >= static_cast<std::ptrdiff_t>(n); ++from)
      f(Ngram(from, from + static_cast<std::ptrdiff_t>(n)));
  };
  std::map<Ngram, int> left;
  for_each(reference, [&](Ngram ngram) { ++left[std::move(ngram)]; });
  double shared = 0;
  for_each(summary, [&](const Ngram& ngram) {
    const auto found = left.find(ngram);
    if (found == left.end() || found->second == 0) return;
    --found->second;
    ++shared;
  });
  const auto ngrams = [n](const auto& tokens) {
    return static_cast<double>(tokens.size() - n + 1);
  };
  return f_measure(shared, ngrams(summary), ngrams(reference));
}

int longest_common(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<int> row(b.size() + 1, 0);
  for (const std::string& token : a) {
    int diagonal = 0;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const int above = row[j + 1];
      row[j + 1] = token == b[j] ? diagonal + 1 : std::max(above, row[j]);
      diagonal = above;
    }
  }
  return row.back();
}

}  // namespace

std::vector<std::string> rouge_tokens(std::string_view text) {
  std::vector<std::string> tokens;
  bool inside = false;
  for (const std::int32_t c : decode_utf8(lower_case(text)).code_points) {
    const bool counts = is_letter(c) || (c >= '0' && c <= '9');
    if (counts && inside && !is_cjk(c)) {
      tokens.back() += encode_utf8(c);
    } else if (counts) {
      tokens.push_back(encode_utf8(c));
    }
    inside = counts && !is_cjk(c);
  }
  return tokens;
}

RougeScores rouge(const std::vector<std::string>& summary,
                  const std::vector<std::string>& reference) {
  return {
      .one = shared_ngrams(summary, reference, 1),
      .two = shared_ngrams(summary, reference, 2),
      .longest = f_measure(longest_common(summary, reference), static_cast<double>(summary.size()),
                           static_cast<double>(reference.size()))};
}

void Rouge::add(std::string_view summary, std::string_view reference) {
  const RougeScores scores = rouge(rouge_tokens(summary), rouge_tokens(reference));
  sum_.one += scores.one;
  sum_.two += scores.two;
  sum_.longest += scores.longest;
  ++count_;
}

RougeScores Rouge::mean() const {
  if (count_ == 0) return {};
  return {sum_.one / count_, sum_.two / count_, sum_.longest / count_};
}

}  // namespace rnnlab
