#include "data/rouge.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>

#include "base/rng.hpp"

using namespace rnnlab;

namespace {

using Tokens = std::vector<std::string>;

double f_measure(double shared, double a, double b) {
  if (shared == 0) return 0;
  const double precision = shared / a, recall = shared / b;
  return 2 * precision * recall / (precision + recall);
}

/// By the definition: every n-gram of the summary takes one that is left of the reference's.
double counted(const Tokens& summary, const Tokens& reference, std::size_t n) {
  const auto ngrams = [n](const Tokens& tokens) {
    std::vector<Tokens> all;
    for (std::size_t i = 0; i + n <= tokens.size(); ++i) {
      const auto from = tokens.begin() + static_cast<std::ptrdiff_t>(i);
      all.emplace_back(from, from + static_cast<std::ptrdiff_t>(n));
    }
    return all;
  };
  const std::vector<Tokens> ours = ngrams(summary);
  std::vector<Tokens> left = ngrams(reference);
  const auto theirs = static_cast<double>(left.size());
  double shared = 0;
  for (const Tokens& ngram : ours) {
    const auto found = std::find(left.begin(), left.end(), ngram);
    if (found == left.end()) continue;
    left.erase(found);
    ++shared;
  }
  return f_measure(shared, static_cast<double>(ours.size()), theirs);
}

/// The longest of all subsequences of the summary that the reference has too.
double longest(const Tokens& summary, const Tokens& reference) {
  std::size_t most = 0;
  for (std::uint32_t chosen = 0; chosen < (1u << summary.size()); ++chosen) {
    std::size_t taken = 0, at = 0;
    bool fits = true;
    for (std::size_t i = 0; i < summary.size() && fits; ++i) {
      if ((chosen >> i & 1) == 0) continue;
      while (at < reference.size() && reference[at] != summary[i]) ++at;
      fits = at < reference.size();
      ++at;
      ++taken;
    }
    if (fits) most = std::max(most, taken);
  }
  return f_measure(static_cast<double>(most), static_cast<double>(summary.size()),
                   static_cast<double>(reference.size()));
}

}  // namespace

TEST_CASE("ROUGE is what counting gives", "[data][rouge]") {
  int shared = 0;
  for (std::uint64_t i = 0; i < 300; ++i) {
    Rng rng({7, Stream::test}, i);
    const auto drawn = [&rng] {
      Tokens tokens(1 + rng.below(9));
      for (std::string& token : tokens) token = std::string(1, "abcde"[rng.below(5)]);
      return tokens;
    };
    const Tokens summary = drawn(), reference = drawn();
    const RougeScores scores = rouge(summary, reference);
    CHECK(scores.one == Approx(counted(summary, reference, 1)));
    CHECK(scores.two == Approx(counted(summary, reference, 2)));
    CHECK(scores.longest == Approx(longest(summary, reference)));
    shared += scores.two > 0;
  }
  CHECK(shared > 50);
}

TEST_CASE("ROUGE by hand", "[data][rouge]") {
  const Tokens reference = rouge_tokens("The police killed the gunman."),
               summary = rouge_tokens("the gunman KILLED police");
  const RougeScores scores = rouge(summary, reference);
  CHECK(scores.one == Approx(2 * 4.0 / (4 + 5)));
  CHECK(scores.two == Approx(2 * 1.0 / (3 + 4)));  // "the gunman"
  CHECK(scores.longest == Approx(2 * 2.0 / (4 + 5)));
  const RougeScores same = rouge(reference, reference);
  CHECK(same.one == 1);
  CHECK(same.two == 1);
  CHECK(same.longest == 1);
  const RougeScores none = rouge({}, reference);
  CHECK(none.one == 0);
  CHECK(none.two == 0);
  CHECK(none.longest == 0);
  CHECK(rouge({"a"}, {"a"}).two == 0);  // no pairs
}

TEST_CASE("ROUGE's words are runs of letters and digits", "[data][rouge]") {
  CHECK(rouge_tokens("It's 3.5 km/h -- w7!") == Tokens{"it", "s", "3", "5", "km", "h", "w7"});
  CHECK(rouge_tokens("Größe, 很好abc。") == Tokens{"größe", "很", "好", "abc"});
  CHECK(rouge_tokens(" -\t ").empty());
}

TEST_CASE("ROUGE's mean is over summaries", "[data][rouge]") {
  Rouge all;
  CHECK(all.mean().one == 0);
  all.add("a b", "a b");
  all.add("c", "d");
  CHECK(all.mean().one == 0.5);
  CHECK(all.mean().two == 0.5);
  CHECK(all.mean().longest == 0.5);
}
