#include "study/judge.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "study/config_file.hpp"
#include "toy.hpp"

using namespace rnnlab;

namespace {

/// A run that has ended with this test metric; `outcome` empty: not yet.
ClaimRun run(const std::string& model, int seed, double value,
             const std::string& outcome = "completed") {
  return {toy_config({{"model.name", model, ""}, {"train.seed", std::to_string(seed), ""}}),
          outcome, [value](const std::string&) { return value; }};
}

ClaimResult judged(const std::string& lines, const std::vector<ClaimRun>& runs) {
  const std::string text = "[claim.a]\nmetric = test/mse\n" + lines;
  return judge(parse_claims(parse_settings(text, "study.ini")).front(), runs);
}

const std::vector<ClaimRun> solved{run("lstm", 0, 0.001), run("lstm", 1, 0.002),
                                   run("lstm", 2, 0.003), run("gru", 0, 0.1),
                                   run("gru", 1, 0.2),    run("gru", 2, 0.3)};

}  // namespace

TEST_CASE("a value speaks of the selected runs alone") {
  const ClaimResult lstm = judged("select = model.name=lstm\nexpect = < 0.01\n", solved);
  CHECK(lstm.verdict == Verdict::pass);
  CHECK(lstm.ours == 0.002);
  CHECK(lstm.n == 3);
  CHECK(lstm.ci.low == 0.001);
  CHECK(lstm.ci.high == 0.003);
  CHECK(lstm.seeds == std::vector<std::string>{"0", "1", "2"});
  CHECK(lstm.protocol == "adding");
  CHECK(judged("select = model.name=gru\nexpect = < 0.01\n", solved).verdict == Verdict::differs);
  CHECK(judged("select = model.name=gru\nexpect = < 0.2\n", solved).verdict == Verdict::undecided);
  CHECK(judged("expect = < 1\n", solved).n == 6);
  CHECK(judged("select = model.hidden=1.28e2\nexpect = < 1\n", {}).n == 0);
  CHECK(judged("select = model.name=gru\nreduce = max\nexpect = < 0.5\n", solved).ours == 0.3);
}

TEST_CASE("differences and ratios are paired by seed") {
  const ClaimResult ratio = judged(
      "select = model.name=gru\nagainst = model.name=lstm\nstatistic = ratio\nexpect = 100 +- 1\n",
      solved);
  CHECK(ratio.paired);
  CHECK(ratio.n == 3);
  CHECK(ratio.ours == Approx(100));
  CHECK(ratio.verdict == Verdict::pass);

  // Within every pair the difference is exactly 1, between the groups it varies wildly.
  const ClaimResult difference = judged(
      "select = model.name=gru\nagainst = model.name=lstm\nstatistic = difference\n"
      "expect = 1 +- 0.001\n",
      {run("lstm", 0, 5), run("lstm", 1, 50), run("lstm", 2, 500), run("gru", 2, 501),
       run("gru", 1, 51), run("gru", 0, 6)});
  CHECK(difference.paired);
  CHECK(difference.verdict == Verdict::pass);
}

TEST_CASE("groups without a common seed are compared unpaired") {
  const ClaimResult result = judged(
      "select = model.name=gru\nagainst = model.name=lstm\nstatistic = difference\n"
      "reduce = mean\nexpect = > 5\n",
      {run("lstm", 0, 1), run("lstm", 1, 2), run("gru", 5, 11), run("gru", 6, 12)});
  CHECK_FALSE(result.paired);
  CHECK(result.ours == Approx(10));
  CHECK(result.verdict == Verdict::pass);
}

TEST_CASE("one run cannot tell, no run cannot either") {
  const ClaimResult one = judged("expect = < 1\n", {run("lstm", 0, 0.1)});
  CHECK(one.verdict == Verdict::undecided);
  CHECK(one.note == "one run cannot tell");
  const ClaimResult none = judged("expect = < 1\n", {});
  CHECK(none.verdict == Verdict::undecided);
  CHECK(std::isnan(none.ours));
}

TEST_CASE("a claim says on which plateau its failed runs sit, the selected ones alone") {
  auto runs = solved;
  for (ClaimRun& r : runs) {
    const bool good = r.config.value("model.name") == "lstm";
    r.plateaus = PlateauVisits{.visits = {{{"nothing", 0.25}, 100}}, .solved = good};
    if (!good) r.plateaus->at = 0;
  }
  runs.back().plateaus.reset();  // its task says nothing
  const ClaimResult gru = judged("select = model.name=gru\nexpect = < 0.01\n", runs);
  CHECK(gru.plateaus.runs == 2);
  CHECK(gru.plateaus.unsolved == 2);
  CHECK(gru.plateaus.text() == "2 of 2 runs not solved: 2 at 0.25 (nothing, 100 steps there)");
  CHECK(judged("select = model.name=lstm\nexpect = < 0.01\n", runs).plateaus.unsolved == 0);
}

TEST_CASE("what a study changes in a protocol is listed beside the protocol's own deviations") {
  const auto of = [](const std::string& model, std::vector<Setting> more) {
    more.insert(more.begin(), {{"task.name", "adding@author2020", ""}, {"model.name", model, ""}});
    return ClaimRun{toy_config(more), "completed", [](const std::string&) { return 1.0; }};
  };
  const auto deviates = [](const std::vector<ClaimRun>& runs) {
    return judged("expect = < 2\n", runs).deviates;
  };
  using Lines = std::vector<std::string>;
  CHECK(deviates({of("lstm", {}), of("gru", {})}) == Lines{"it is a toy"});
  CHECK(deviates({of("lstm", {{"model.hidden", "77", ""}, {"train.lr", "0.5", ""}})}) ==
        Lines{"it is a toy"});  // as published, or not a key of the protocol
  CHECK(deviates({of("lstm", {{"model.hidden", "8", ""}}), of("lstm", {{"model.hidden", "9", ""}}),
                  of("gru", {{"train.lr", "0.5", ""}})}) ==
        Lines{"it is a toy", "model.hidden = 8, 9 (protocol: 77)",
              "train.lr = 0.5 (protocol: 0.25)"});
  const ClaimResult compared = judged(
      "select = model.name=lstm\nagainst = model.name=gru\nstatistic = ratio\nexpect = < 2\n",
      {of("lstm", {}), of("gru", {{"train.lr", "0.5", ""}})});
  CHECK(compared.deviates == Lines{"it is a toy", "train.lr = 0.5 (protocol: 0.25)"});
}

TEST_CASE("a run that has not ended leaves the claim open") {
  auto runs = solved;
  runs.push_back(run("lstm", 3, 0.001, ""));
  const ClaimResult result = judged("select = model.name=lstm\nexpect = < 0.01\n", runs);
  CHECK(result.verdict == Verdict::undecided);
  CHECK(result.pending == 1);
  CHECK(result.n == 3);
  CHECK(judged("select = model.name=gru\nexpect = > 0.01\n", runs).verdict == Verdict::pass);
}

TEST_CASE("a run without a finite value speaks against the claim, whichever its direction") {
  const std::vector<ClaimRun> runs{run("lstm", 0, 0.001), run("lstm", 1, NAN, "diverged"),
                                   run("lstm", 2, NAN, "diverged")};
  const ClaimResult below = judged("expect = < 0.01\n", runs);
  CHECK(below.missing == 2);
  CHECK(below.verdict != Verdict::pass);
  CHECK(judged("expect = > 0.0001\n", runs).verdict != Verdict::pass);
  CHECK(judged("expect = -1 .. 1\n", runs).verdict != Verdict::pass);
  CHECK(judged("reduce = min\nexpect = < 0.01\n", {run("lstm", 0, NAN), run("lstm", 1, NAN)})
            .verdict == Verdict::differs);
}

TEST_CASE("a target that was never reached is later than all that were") {
  const auto steps = [](const std::string& lines, const std::vector<ClaimRun>& runs) {
    return judge(
        parse_claims(parse_settings("[claim.a]\nmetric = steps_to_target\n" + lines, "study.ini"))
            .front(),
        runs);
  };
  const std::vector<ClaimRun> runs{run("lstm", 0, 100), run("lstm", 1, 300), run("gru", 0, 400),
                                   run("gru", 1, INFINITY)};
  const std::string pairs = "select = model.name=lstm\nagainst = model.name=gru\n";
  const ClaimResult ratio = steps(pairs + "statistic = ratio\nreduce = max\nexpect = < 1\n", runs);
  CHECK(ratio.ours == 0.25);
  CHECK(ratio.ci.low == 0);
  CHECK(ratio.verdict == Verdict::pass);
  CHECK(ratio.missing == 0);
  CHECK(ratio.never == 1);
  CHECK(steps(pairs + "statistic = difference\nexpect = < -100\n", runs).verdict == Verdict::pass);
  CHECK(steps("select = model.name=gru\nexpect = > 350\n", runs).verdict == Verdict::pass);
  CHECK(steps("select = model.name=gru\nreduce = max\nexpect = < 350\n", runs).verdict ==
        Verdict::differs);
  CHECK(steps(pairs + "statistic = difference\nexpect = < 100\n",
              {run("lstm", 0, INFINITY), run("lstm", 1, INFINITY), run("gru", 2, INFINITY),
               run("gru", 3, INFINITY)})
            .verdict == Verdict::undecided);
  const ClaimResult ranks = steps(
      "statistic = spearman\nby = train.seed\nexpect = > 0\n",
      {run("lstm", 0, 100), run("lstm", 1, 300), run("lstm", 2, 200), run("lstm", 3, INFINITY)});
  CHECK(ranks.ours == Approx(0.8).epsilon(1e-12));
  CHECK(ranks.never == 1);
}

TEST_CASE("a ratio to a run without a value speaks against the claim as well") {
  const std::string pairs = "select = model.name=lstm\nagainst = model.name=gru\n";
  const std::vector<ClaimRun> runs{run("lstm", 0, 1), run("lstm", 1, 1), run("gru", 0, NAN),
                                   run("gru", 1, NAN)};
  CHECK(judged(pairs + "statistic = ratio\nexpect = < 2\n", runs).verdict == Verdict::differs);
  CHECK(judged(pairs + "statistic = ratio\nexpect = > 0.5\n", runs).verdict == Verdict::differs);
}

TEST_CASE("what cannot be computed is never a pass") {
  // No common seed: 0 / 0 and ∞ − ∞ in all, or in some, resamples.
  const std::string groups = "select = model.name=lstm\nagainst = model.name=gru\nreduce = mean\n";
  const std::vector<ClaimRun> zeros{run("lstm", 0, 0), run("lstm", 1, 0), run("gru", 2, 0),
                                    run("gru", 3, 0)};
  CHECK(judged(groups + "statistic = ratio\nexpect = < 2\n", zeros).verdict == Verdict::undecided);
  const std::vector<ClaimRun> sometimes{run("lstm", 0, 0), run("lstm", 1, 1), run("gru", 2, 0),
                                        run("gru", 3, 1)};
  const ClaimResult ratio = judged(groups + "statistic = ratio\nexpect = > -1\n", sometimes);
  CHECK(ratio.ours == 1);
  CHECK(ratio.ci.low == -INFINITY);
  CHECK(ratio.verdict != Verdict::pass);
}

TEST_CASE("counts") {
  const auto count = [](const std::string& metric, const std::vector<ClaimRun>& runs) {
    return judge(
        parse_claims(parse_settings("[claim.a]\nstatistic = count\nexpect = >= 2 of 3\nmetric = " +
                                        metric + "\nselect = model.name=gru\n",
                                    "study.ini"))
            .front(),
        runs);
  };
  const ClaimResult above = count("test/mse > 0.15", solved);
  CHECK(count("outcome", {}).verdict == Verdict::undecided);
  CHECK(above.count == 2);
  CHECK(above.n == 3);
  CHECK(above.verdict == Verdict::pass);
  CHECK(above.ours == Approx(2.0 / 3));
  CHECK(above.ci.low > 0);
  CHECK(count("test/mse < 0.15", solved).verdict == Verdict::differs);
  CHECK(count("outcome", solved).count == 3);
  const std::vector<ClaimRun> diverged{run("gru", 0, NAN, "diverged"),
                                       run("gru", 1, NAN, "diverged"), run("gru", 2, 1)};
  CHECK(count("outcome = diverged", diverged).verdict == Verdict::pass);
  CHECK(count("test/mse < 5", diverged).count == 1);
  CHECK(count("steps_to_target", {run("gru", 0, INFINITY), run("gru", 1, 300)}).count == 1);
}

TEST_CASE("a protocol's deviations come with the result") {
  const ClaimRun published{toy_config({{"task.name", "adding@author2020", ""}}), "completed",
                           [](const std::string&) { return 1.0; }};
  const ClaimResult result = judged("expect = < 2\n", {published});
  CHECK(result.protocol == "adding@author2020");
  CHECK(result.deviates == std::vector<std::string>{"it is a toy"});
}

TEST_CASE("conditions are compared as values, and wrong ones refused") {
  const Config config = toy_config({{"train.lr", "0.001", ""}});
  CHECK(matches(config, {{"train.lr", "1e-3"}}, ""));
  CHECK_FALSE(matches(config, {{"train.lr", "2e-3"}}, ""));
  CHECK_FALSE(matches(config, {{"task.unheard", "1"}}, ""));
  CHECK_THAT(error_of([&] {
               matches(config, {{"train.lr", "x"}}, "study.ini:5");
             }),
             Catch::Contains("train.lr = x is not a number (study.ini:5)"));
}

namespace {

/// A run whose spectral radius is e^slope · (1 + off), so that ln-gain is off by about `off`.
ClaimRun linear(double radius, int seed, double value) {
  return {toy_config({{"model.spectral_radius", format_double(radius), ""},
                      {"train.seed", std::to_string(seed), ""}}),
          "completed", [value](const std::string&) { return value; }};
}

}  // namespace

TEST_CASE("an error from theory is that of each configuration; the largest is shown") {
  const std::string claim = "statistic = abs_error\ntheory = ln-gain\nreduce = mean\n";
  const double a = std::log(0.9), b = std::log(1.1);
  // Errors cancel over the seeds of a configuration, not between configurations.
  const std::vector<ClaimRun> runs{linear(0.9, 0, a + 2e-6), linear(0.9, 1, a - 1e-6),
                                   linear(1.1, 0, b + 3e-6), linear(1.1, 1, b + 5e-6)};
  const ClaimResult result = judged(claim + "expect = < 1e-5\n", runs);
  CHECK(result.verdict == Verdict::pass);
  CHECK(result.ours == Approx(4e-6).epsilon(1e-6));
  CHECK(result.ci.low == Approx(3e-6).epsilon(1e-6));
  CHECK(result.ci.high == Approx(5e-6).epsilon(1e-6));
  CHECK(result.n == 4);
  CHECK(judged(claim + "expect = < 4.5e-6\n", runs).verdict == Verdict::undecided);
  CHECK(judged(claim + "expect = < 1e-6\n", runs).verdict == Verdict::differs);
  CHECK(judged(claim + "expect = < 1e-5\n", {linear(0.9, 0, a), linear(1.1, 0, b)}).verdict ==
        Verdict::undecided);
  CHECK(judged(claim + "expect = < 1e-5\n", {linear(0.9, 0, NAN), linear(0.9, 1, NAN)}).verdict ==
        Verdict::differs);
  CHECK_THROWS_AS(judged("statistic = abs_error\nexpect = < 1\n", runs), Error);
  CHECK_THROWS_AS(judged("theory = ln-gain\nexpect = < 1\n", runs), Error);
}

TEST_CASE("a trend is judged by its neighbours, in the order of the key's values") {
  const std::string claim = "by = model.spectral_radius\n";
  const std::vector<ClaimRun> rising{linear(10, 0, 3),  linear(9, 0, 2),  linear(0.5, 0, 1),
                                     linear(10, 1, 13), linear(9, 1, 12), linear(0.5, 1, 11)};
  CHECK(judged(claim + "expect = increasing\n", rising).verdict == Verdict::pass);
  CHECK(judged(claim + "expect = decreasing\n", rising).verdict == Verdict::differs);
  CHECK(judged(claim + "expect = increasing\n", rising).ours == 1);
  std::vector<ClaimRun> kinked = rising;
  kinked[1] = linear(9, 0, 3.5);  // 9 → 10 falls for one seed of two
  CHECK(judged(claim + "expect = increasing\n", kinked).verdict == Verdict::undecided);
  CHECK_THROWS_AS(judged(claim + "expect = < 1\n", rising), Error);
  CHECK_THROWS_AS(judged("expect = increasing\n", rising), Error);
}

TEST_CASE("a rank correlation goes over all runs") {
  std::vector<ClaimRun> runs;
  for (int i = 0; i < 12; ++i) {
    ClaimRun next = run("lstm", i % 3, std::exp(i));
    next.config = toy_config({{"task.length", std::to_string(10 + i / 3), ""},
                              {"train.seed", std::to_string(i % 3), ""}});
    runs.push_back(next);
  }
  const std::string by = "statistic = spearman\nby = task.length\n";
  const ClaimResult rising = judged(by + "expect = > 0.8\n", runs);
  // x has four groups of three ties; the ranks of y are 1 … 12. By hand: 135 / sqrt(135 · 143).
  CHECK(rising.ours == Approx(std::sqrt(135.0 / 143.0)).epsilon(1e-12));
  CHECK(rising.n == 12);
  CHECK(rising.verdict == Verdict::pass);
  CHECK(judged(by + "expect = < 0\n", runs).verdict == Verdict::differs);
  CHECK(judged(by + "expect = > 0.97\n", runs).verdict == Verdict::undecided);

  CHECK(judged(by + "expect = > 0.8\n", solved).verdict == Verdict::undecided);  // one length
  runs.front().metric = [](const std::string&) { return NAN; };
  const ClaimResult incomplete = judged(by + "expect = > 0.8\n", runs);
  CHECK(incomplete.verdict == Verdict::undecided);
  CHECK(incomplete.missing == 1);
  CHECK_THROWS_AS(judged("statistic = spearman\nexpect = > 0.8\n", solved), Error);
  CHECK_THROWS_AS(judged(by + "expect = increasing\n", solved), Error);
}
