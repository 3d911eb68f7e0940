#include "data/bleu.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "data/tokeniser.hpp"
#include "places.hpp"

using namespace rnnlab;

namespace {

using Strings = std::vector<std::string>;

double bleu(const Strings& hypotheses, const std::vector<Strings>& references) {
  Bleu result(tokens_13a);
  for (std::size_t i = 0; i < hypotheses.size(); ++i) result.add(hypotheses[i], references[i]);
  return result.score();
}

}  // namespace

TEST_CASE("BLEU is sacreBLEU's", "[data][bleu]") {
  std::ifstream file(test::checkout + "/tests/data/bleu_goldens.json");
  const auto goldens = nlohmann::json::parse(file);
  REQUIRE(goldens["corpora"].size() > 100);
  for (const auto& golden : goldens["corpora"]) {
    CAPTURE(golden.dump());
    const std::string tokenize = golden["tokenize"];
    Bleu ours(bleu_tokens(tokenize == "zh" ? "zh" : "fr")), halves = ours;
    const Strings hypotheses = golden["hypotheses"];
    for (std::size_t i = 0; i < hypotheses.size(); ++i) {
      const Strings references = golden["references"][i];
      ours.add(hypotheses[i], references);
      Bleu one(bleu_tokens(tokenize));
      one.add(hypotheses[i], references);
      halves += one;
    }
    CHECK(ours.score() == Approx(golden["score"].get<double>()).epsilon(1e-12).margin(1e-12));
    CHECK(halves.score() == ours.score());
    CHECK(ours.right() == golden["counts"].get<std::array<std::int64_t, 4>>());
    CHECK(ours.total() == golden["totals"].get<std::array<std::int64_t, 4>>());
    CHECK(ours.length() == golden["sys_len"]);
    CHECK(ours.reference_length() == golden["ref_len"]);
  }
}

TEST_CASE("BLEU by hand", "[data][bleu]") {
  CHECK(bleu({"a b c d"}, {{"a b c d"}}) == Approx(100));
  // 3 of 4, 2 of 3, 1 of 2, and none of 1 counted as a half; as long as the reference.
  CHECK(bleu({"a b c x"}, {{"a b c d"}}) ==
        Approx(100 * std::pow(3.0 / 4 * 2 / 3 * 1 / 2 * 1 / 2, 0.25)));
  CHECK(bleu({"a b c d"}, {{"a b c d e f"}}) == Approx(100 * std::exp(1 - 6.0 / 4)));
  CHECK(bleu({"a b c"}, {{"a b c"}}) == 0);
  CHECK(bleu({}, {}) == 0);
}
