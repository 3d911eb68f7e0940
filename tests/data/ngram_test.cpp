#include "data/ngram.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "data/corpora.hpp"
#include "data/text_corpus.hpp"
#include "data/utf8_grammar.hpp"
#include "data/vocabulary.hpp"
#include "files.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

using Text = std::vector<std::int32_t>;

double value(const std::vector<Baseline>& baselines, const std::string& name) {
  for (const Baseline& b : baselines)
    if (b.name == name) return b.value;
  FAIL("no baseline " << name);
  return 0;
}

/// 90 % by position for training, the rest scored.
std::vector<Baseline> of_corpus(const std::filesystem::path& file, int& symbols) {
  TextCorpus text = parse_text_corpus(text_of(file), file.string());
  const std::size_t n = text.code_points.size() * 9 / 10;
  const std::span<const std::int32_t> all(text.code_points);
  const Vocabulary vocabulary(all.first(n), all, 1);
  const Text ids = vocabulary.encode(std::move(text.code_points));
  symbols = vocabulary.size();
  return ngram_baselines(std::span(ids).first(n), std::span(ids).subspan(n), symbols);
}

/// The same by the definitions, on whole n-grams as keys.
std::vector<double> by_definition(const Text& training, const Text& scored, int V) {
  std::map<Text, double> count, followed, followers;
  const auto gram = [](const Text& text, std::size_t end, std::size_t n) {
    return Text(text.begin() + static_cast<long>(end - n), text.begin() + static_cast<long>(end));
  };
  for (std::size_t n = 1; n <= 4; ++n)
    for (std::size_t end = n; end <= training.size(); ++end) {
      const Text context = gram(training, end - 1, n - 1);
      followers[context] += ++count[gram(training, end, n)] == 1;
      ++followed[context];
    }
  Text all = training;
  all.insert(all.end(), scored.begin(), scored.end());
  std::vector<double> bits(6);
  for (std::size_t i = training.size(); i < all.size(); ++i) {
    double q = 1.0 / V;
    bits[0] -= std::log2(q);
    for (std::size_t n = 1; n <= 4; ++n) {
      double N = 0, c = 0;
      if (i + 1 >= n) {
        const Text context = gram(all, i, n - 1);
        N = followed[context];
        c = count[gram(all, i + 1, n)];
        if (N > 0) q = (c + followers[context] * q) / (N + followers[context]);
      }
      bits[n] -= std::log2((c + 0.1) / (N + 0.1 * V));
    }
    bits[5] -= std::log2(q);
  }
  for (double& b : bits) b /= static_cast<double>(scored.size());
  return bits;
}

Text random_text(Engine& engine, std::size_t length, std::size_t symbols) {
  Text text(length);
  for (std::int32_t& s : text)
    s = static_cast<std::int32_t>(below(engine, 1 + below(engine, symbols)));
  return text;
}

}  // namespace

TEST_CASE("n-grams of a text that can be counted by hand") {
  // Training abab, V = 2: after b comes a, once; the last b is followed by nothing.
  const auto result = ngram_baselines(Text{0, 1, 0, 1}, Text{0}, 2);
  CHECK(value(result, "uniform") == 1);
  CHECK(value(result, "unigram") == Approx(-std::log2(2.1 / 4.2)));
  CHECK(value(result, "bigram") == Approx(-std::log2(1.1 / 1.2)));
  CHECK(value(result, "trigram") == Approx(-std::log2(1.1 / 1.2)));
  CHECK(value(result, "4-gram") == Approx(-std::log2(0.1 / 0.2)));  // bab is only at the end
  // ½; (2 + 2·½)/(4 + 2) = ½; (1 + ½)/(1 + 1) = ¾; (1 + ¾)/(1 + 1) = ⅞; bab was never followed
  CHECK(value(result, "interpolated 4-gram") == Approx(-std::log2(7.0 / 8)));
}

TEST_CASE("n-grams of random texts are as defined") {
  Engine engine(3);
  double worst = 0;
  for (int round = 0; round < 200; ++round) {
    const std::size_t V = 1 + below(engine, 6);
    const Text training = random_text(engine, below(engine, 80), V);
    const Text scored = random_text(engine, 1 + below(engine, 40), V);
    const auto result = ngram_baselines(training, scored, static_cast<int>(V));
    const auto expected = by_definition(training, scored, static_cast<int>(V));
    REQUIRE(result.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
      worst = std::max(worst, std::abs(result[i].value - expected[i]));
  }
  CHECK(worst < 1e-12);
}

TEST_CASE("every n-gram's probabilities add up to one, after seen and unseen contexts") {
  Engine engine(5);
  double worst = 0;
  for (int round = 0; round < 100; ++round) {
    const int V = 2 + static_cast<int>(below(engine, 9));
    const Text training = random_text(engine, below(engine, 60), static_cast<std::size_t>(V));
    std::vector<double> total(6);
    for (std::int32_t s = 0; s < V; ++s) {
      const auto result = ngram_baselines(training, Text{s}, V);
      for (std::size_t i = 0; i < total.size(); ++i) total[i] += std::exp2(-result[i].value);
    }
    for (const double t : total) worst = std::max(worst, std::abs(t - 1));
  }
  CHECK(worst < 1e-12);
}

TEST_CASE("n-grams know nothing where nothing was seen, whatever the number of symbols") {
  const int V = GENERATE(1, 2, 10000, 1114111);
  for (const Baseline& b : ngram_baselines(Text{}, Text{0, V - 1, 0}, V)) {
    CAPTURE(V, b.name);
    CHECK(b.value == Approx(std::log2(V)));
  }
  // The second one's context, of any length above 0, was never seen.
  const auto result = ngram_baselines(Text{0, 0}, Text{V - 1, 0}, V);
  for (const Baseline& b : result) CHECK(std::isfinite(b.value));
}

TEST_CASE("n-grams of tinyshakespeare, 90 % of it counted") {
  const auto file = corpus("tinyshakespeare/input.txt");
  if (!file) {
    WARN("skipped: no tinyshakespeare/input.txt in RNNLAB_TEST_DATA");
    return;
  }
  int symbols = 0;
  const auto result = of_corpus(*file, symbols);
  CHECK(symbols == 65);
  for (const auto& [name, bits] : std::map<std::string, double>{{"uniform", 6.022},
                                                                {"unigram", 4.829},
                                                                {"bigram", 3.583},
                                                                {"trigram", 2.951},
                                                                {"4-gram", 2.574},
                                                                {"interpolated 4-gram", 2.559}}) {
    CAPTURE(name);
    CHECK(std::abs(value(result, name) - bits) < 0.001);
  }
}

TEST_CASE("n-grams of Chinese text: thousands of symbols, many of them never seen") {
  const auto file = corpus("chinese-poetry/poet.tang.0.json");
  if (!file) {
    WARN("skipped: no chinese-poetry/poet.tang.0.json in RNNLAB_TEST_DATA");
    return;
  }
  int symbols = 0;
  const auto result = of_corpus(*file, symbols);
  CHECK(symbols > 3000);
  const double uniform = value(result, "uniform");
  for (const Baseline& b : result) {
    CAPTURE(b.name);
    CHECK(b.value <= uniform);
    if (b.name != "interpolated 4-gram") CHECK(b.value > value(result, "interpolated 4-gram"));
  }
}

TEST_CASE("n-grams of separate sequences: contexts begin with each, whose first symbol is given") {
  Engine engine(11);
  const int V = 5;
  std::vector<Text> lines[2];
  for (auto& part : lines) {
    for (int i = 0; i < 40; ++i) {
      Text line = random_text(engine, 1 + below(engine, 6), V - 1);
      for (std::int32_t& s : line) ++s;  // 0 begins and ends a line
      line.insert(line.begin(), 0);
      line.push_back(0);
      part.push_back(line);
    }
  }
  // By the definitions: a predicted symbol's context is what stands before it in its own line.
  std::map<Text, double> count, followed, followers;
  const auto context_of = [](const Text& line, std::size_t at, std::size_t n) {
    return Text(line.begin() + static_cast<long>(at - n), line.begin() + static_cast<long>(at));
  };
  for (const Text& line : lines[0]) {
    for (std::size_t at = 1; at < line.size(); ++at) {
      for (std::size_t n = 0; n <= std::min<std::size_t>(at, 3); ++n) {
        const Text context = context_of(line, at, n);
        Text gram = context;
        gram.push_back(line[at]);
        followers[context] += ++count[gram] == 1;
        ++followed[context];
      }
    }
  }
  std::vector<double> bits(6);
  double scored = 0;
  for (const Text& line : lines[1]) {
    for (std::size_t at = 1; at < line.size(); ++at, ++scored) {
      double q = 1.0 / V;
      for (std::size_t n = 0; n <= 3; ++n) {
        double N = 0, c = 0;
        if (n <= at) {
          const Text context = context_of(line, at, n);
          Text gram = context;
          gram.push_back(line[at]);
          N = followed[context];
          c = count[gram];
          if (N > 0) q = (c + followers[context] * q) / (N + followers[context]);
        }
        bits[n + 1] -= std::log2((c + 0.1) / (N + 0.1 * V));
      }
      bits[5] -= std::log2(q);
    }
  }
  bits[0] = std::log2(static_cast<double>(V)) * scored;
  const Sequences training(lines[0].begin(), lines[0].end()),
      test(lines[1].begin(), lines[1].end());
  const auto result = ngram_baselines(training, test, V);
  REQUIRE(result.size() == bits.size());
  for (std::size_t i = 0; i < bits.size(); ++i) {
    CAPTURE(result[i].name);
    CHECK(result[i].value == Approx(bits[i] / scored).epsilon(1e-12));
  }
}
