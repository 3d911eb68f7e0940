#include "data/naive_bayes.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <set>

#include "base/rng.hpp"

using namespace rnnlab;

namespace {

using Text = std::vector<std::int32_t>;

/// What a text is made of, in words.
std::set<std::vector<int>> parts(const Text& text, bool pairs) {
  std::set<std::vector<int>> found;
  for (std::size_t i = 0; i < text.size(); ++i) {
    found.insert({text[i]});
    if (pairs && i > 0) found.insert({text[i - 1], text[i]});
  }
  return found;
}

/// log P(c) P(text | c) as a textbook has it: every count anew.
double recounted(int c, const Text& text, const std::vector<std::pair<Text, int>>& training,
                 bool pairs) {
  std::map<std::vector<int>, int> of_class;
  std::set<std::vector<int>> all;
  double total = 0, texts = 0;
  for (const auto& [known, label] : training) {
    texts += label == c;
    for (const auto& part : parts(known, pairs)) {
      all.insert(part);
      if (label != c) continue;
      ++of_class[part];
      ++total;
    }
  }
  double p = std::log(texts / static_cast<double>(training.size()));
  for (const auto& part : parts(text, pairs)) {
    if (all.contains(part))
      p += std::log((of_class[part] + 1) / (total + static_cast<double>(all.size())));
  }
  return p;
}

}  // namespace

TEST_CASE("naive Bayes: a textbook's count", "[data][naive_bayes]") {
  for (std::uint64_t i = 0; i < 100; ++i) {
    Rng rng({8, Stream::test}, i);
    const int classes = 2 + static_cast<int>(rng.below(2));
    const bool pairs = rng.below(2) == 1;
    const auto text = [&] {
      Text symbols(rng.below(7));
      for (auto& s : symbols) s = static_cast<std::int32_t>(rng.below(6));
      return symbols;
    };
    NaiveBayes model(classes, pairs);
    std::vector<std::pair<Text, int>> training;
    for (int n = 0; n < 12; ++n) {
      training.emplace_back(text(), n % classes);
      model.learn(training.back().first, n % classes);
    }
    for (int n = 0; n < 5; ++n) {
      Text asked = text();
      asked.push_back(6 + n);  // never seen
      const std::vector<double> scores = model.scores(asked);
      int best = 0;
      for (int c = 0; c < classes; ++c) {
        CHECK(scores[static_cast<std::size_t>(c)] ==
              Approx(recounted(c, asked, training, pairs)).epsilon(1e-12));
        if (scores[static_cast<std::size_t>(c)] > scores[static_cast<std::size_t>(best)]) best = c;
      }
      CHECK(model.predict(asked) == best);
    }
  }
}
