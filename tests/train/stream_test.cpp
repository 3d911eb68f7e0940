#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <numbers>
#include <set>

#include "train/named_task.hpp"
#include "train/squares.hpp"
#include "train/stepper.hpp"

using namespace rnnlab;
using test::Squares;

namespace {

ModelOptions model(const std::string& cell) {
  ModelOptions o;
  o.cell = cell;
  o.hidden = 17;
  o.layers = 2;
  return o;
}

TrainOptions options(int batch, int truncate) {
  TrainOptions o;
  o.batch = batch;
  o.truncate = truncate;
  o.lr = 0.01;
  return o;
}

}  // namespace

TEST_CASE("a walk over a stream takes every window once and evenly") {
  for (const std::int64_t steps : {1, 9, 10, 11, 999, 1000, 12345}) {
    for (const int window : {1, 10, 64}) {
      for (const int columns : {1, 2, 7, 32}) {
        const StreamWalk walk(steps, window, columns);
        CAPTURE(steps, window, columns);
        CHECK(walk.windows() == static_cast<std::int64_t>(std::ceil(static_cast<double>(steps) /
                                                                    static_cast<double>(window))));
        if (walk.windows() < columns) continue;
        std::set<std::uint64_t> seen;
        for (int c = 0; c < columns; ++c) {
          CHECK((walk.longest() - walk.count(c) == 0 || walk.longest() - walk.count(c) == 1));
          for (std::int64_t i = 0; i < walk.count(c); ++i) {
            CHECK(walk.begins_anew(c, i) == (i == 0));
            CHECK(seen.insert(walk.position(c, i)).second);
            if (i > 0) {
              CHECK(walk.position(c, i) ==
                    walk.position(c, i - 1) + static_cast<std::uint64_t>(window));
            }
          }
          CHECK(walk.begins_anew(c, walk.count(c)));
          CHECK(walk.position(c, walk.count(c)) == walk.position(c, 0));
          if (c > 0) {
            CHECK(static_cast<std::uint64_t>(walk.before(c, 1)) ==
                  walk.position(c - 1, walk.count(c - 1) - 1));
          }
          CHECK((walk.before(c, 3) < 0) ==
                (walk.position(c, 0) < 3u * static_cast<unsigned>(window)));
        }
        CHECK(seen.size() == static_cast<std::size_t>(walk.windows()));
        CHECK(*seen.rbegin() < static_cast<std::uint64_t>(steps));
      }
    }
  }
}

TEST_CASE("a stream is evaluated whole, with the state carried on") {
  const std::int64_t steps = GENERATE(7, 10, 11, 319, 333, 4097);
  const Squares whole(steps, static_cast<int>(steps)), cut(steps);
  Pool pool(2);
  Stepper<double> right(whole, {}, 0, model("lstm"), options(1, 0), pool);
  Stepper<double> ours(cut, {}, 0, model("lstm"), options(1, 0), pool);
  const LossSums expected = right.evaluate(Stream::valid, 1000),
                 got = ours.evaluate(Stream::valid, 1);
  CHECK(got.weight == static_cast<double>(steps));
  CHECK(expected.weight == got.weight);
  // Pieces begin with the state of four windows, not of everything before it.
  CHECK(got.loss / got.weight == Approx(expected.loss / expected.weight).epsilon(1e-6));
  CHECK(quality(cut.facts(), got) == Approx(got.loss / got.weight / std::numbers::ln2));
}

TEST_CASE("cuts of truncated BPTT see the loss of whole sequences") {
  const auto copy = task("copy", {{"delay", 20}});  // 30 steps
  TrainOptions cut = options(9, GENERATE(1, 7, 10, 30)), whole = options(9, 0);
  cut.optimizer = whole.optimizer = "sgd";
  cut.lr = whole.lr = 0;  // the parameters stay
  Pool pool(1);
  Stepper<double> ours(*copy, {}, 0, model("gru"), cut, pool);
  Stepper<double> right(*copy, {}, 0, model("gru"), whole, pool);
  const int cuts = (30 + static_cast<int>(cut.truncate) - 1) / static_cast<int>(cut.truncate);
  for (int example = 0; example < 2; ++example) {
    double loss = 0;
    for (int c = 0; c < cuts; ++c) {
      const int steps =
          std::min<int>(static_cast<int>(cut.truncate), 30 - c * static_cast<int>(cut.truncate));
      loss += ours.gradient(example * cuts + c, {}).loss * steps / 30;
      ours.update(example * cuts + c);
    }
    CHECK(loss == Approx(right.gradient(example, {}).loss).epsilon(1e-12));
    right.update(example);
  }
  CHECK(ours.shape().length == cut.truncate);
}

TEST_CASE("examples longer than those of training change nothing of truncated training") {
  const auto trained = [](std::map<std::string, std::int64_t> lengths) {
    const auto counting = task("counting", std::move(lengths));
    Pool pool(1);
    Stepper<float> stepper(*counting, {}, 0, model("gru"), options(9, 7), pool);
    std::vector<double> all;
    for (int step = 0; step < 8; ++step) {
      const StepResult result = stepper.gradient(step, {});
      CHECK(result.scored);
      all.insert(all.end(), {result.loss, result.grad_norm, stepper.update(step)});
    }
    return all;
  };
  const std::vector<double> plain = trained({{"length", 14}});
  CHECK(trained({{"length", 14}, {"test_length", 21}}) == plain);
  CHECK(trained({{"length", 14}, {"test_length", 49}}) == plain);
  Pool pool(1);
  const auto longer = task("counting", {{"length", 14}, {"test_length", 21}});
  CHECK_THROWS_WITH(Stepper<float>(*longer, {}, 0, model("gru"), options(9, 15), pool),
                    Catch::Contains("train.truncate = 15 is above the task's 14 steps"));
}

TEST_CASE("a stream trains, and gives the same bytes on any number of threads", "[determinism]") {
  const Squares task(1234);
  const auto trained = [&](int threads) {
    Pool pool(threads);
    Stepper<float> stepper(task, {}, 0, model("lstm"), options(41, 5), pool);
    for (int step = 0; step < 150; ++step) {
      stepper.gradient(step, {});
      stepper.update(step);
    }
    std::vector<float> all(stepper.parameters().begin(), stepper.parameters().end());
    all.push_back(static_cast<float>(quality(task.facts(), stepper.evaluate(Stream::test, 1))));
    return all;
  };
  const std::vector<float> one = trained(1);
  CHECK(one.back() < 0.2f);  // log2 7 = 2.8 to begin with
  for (const int threads : {2, 3}) {
    const std::vector<float> many = trained(threads);
    CHECK(std::memcmp(one.data(), many.data(), one.size() * sizeof(float)) == 0);
  }
}

TEST_CASE("what cannot be cut is refused in one line") {
  Pool pool(1);
  CHECK_THROWS_WITH(Stepper<float>(Squares(30), {}, 0, model("lstm"), options(4, 0), pool),
                    Catch::Contains("3 windows of 10 steps for a batch of 4"));
  CHECK_THROWS_WITH(Stepper<float>(Squares(300), {}, 0, model("lstm"), options(4, 11), pool),
                    Catch::Contains("train.truncate = 11 is above the task's 10 steps"));
  CHECK_THROWS_WITH(Stepper<float>(*task("adding", {}), {}, 0, model("lstm"), options(4, 5), pool),
                    Catch::Contains("last step only"));
}
