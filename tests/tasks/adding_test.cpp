#include "adding.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "base/statistics.hpp"
#include "train/named_task.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

/// One example taken apart.
struct Sequence {
  std::vector<float> value;
  std::vector<int> marked;
  float target = 0;
};

std::vector<Sequence> sequences(int length, std::size_t count) {
  const auto adding = task("adding", {{"length", length}});
  std::vector<std::uint64_t> ids(count);
  std::iota(ids.begin(), ids.end(), 0);
  Batch batch;
  adding->draw({5, Stream::train}, ids, batch);
  std::vector<Sequence> result(count);
  std::size_t wrong = 0;
  for (std::size_t b = 0; b < count; ++b) {
    result[b].target = batch.y[b];
    for (int t = 0; t < length; ++t) {
      const std::size_t at = (static_cast<std::size_t>(t) * count + b) * 2;
      result[b].value.push_back(batch.x[at]);
      wrong += batch.x[at + 1] != 0 && batch.x[at + 1] != 1;
      if (batch.x[at + 1] == 1) result[b].marked.push_back(t);
    }
  }
  CHECK(wrong == 0);
  return result;
}

}  // namespace

TEST_CASE("adding: one marker in each half, the target their values' sum", "[tasks][adding]") {
  for (const int length : {2, 3, 10, 101}) {
    CAPTURE(length);
    std::size_t wrong = 0;
    for (const Sequence& s : sequences(length, 500)) {
      if (s.marked.size() != 2) {
        ++wrong;
        continue;
      }
      const auto first = static_cast<std::size_t>(s.marked[0]),
                 second = static_cast<std::size_t>(s.marked[1]);
      wrong += !(s.marked[0] < length / 2 && s.marked[1] >= length / 2);
      wrong += s.target != s.value[first] + s.value[second];
      for (const float v : s.value) wrong += !(v >= 0 && v < 1);
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("adding: values and places are uniform and independent", "[tasks][adding]") {
  constexpr int length = 11;
  constexpr std::size_t count = 40000;
  std::vector<float> marked, all;
  std::vector<std::size_t> first(5), second(6), pairs(30);
  for (const Sequence& s : sequences(length, count)) {
    REQUIRE(s.marked.size() == 2);
    const auto i = static_cast<std::size_t>(s.marked[0]), j = static_cast<std::size_t>(s.marked[1]);
    ++first.at(i);
    ++second.at(j - 5);
    ++pairs.at(i * 6 + j - 5);
    marked.push_back(s.value[i]);
    all.insert(all.end(), s.value.begin(), s.value.end());
  }
  const auto uniform = [](double v) { return v; };
  CHECK(std::abs(chi_square_z(first)) < 4);
  CHECK(std::abs(chi_square_z(second)) < 4);
  CHECK(std::abs(chi_square_z(pairs)) < 4);
  CHECK(kolmogorov(marked, uniform) < 1.95);
  CHECK(kolmogorov(all, uniform) < 1.95);
}

TEST_CASE("adding: the best constant errs as much as the facts say", "[tasks][adding]") {
  constexpr std::size_t count = 100000;
  double best = 0, square = 0, fourth = 0;
  const auto drawn = sequences(10, count);
  for (const Sequence& s : drawn) best += static_cast<double>(s.target) / count;
  for (const Sequence& s : drawn) {
    const double error = std::pow(static_cast<double>(s.target) - best, 2);
    square += error / count;
    fourth += error * error / count;
  }
  const double standard_error = std::sqrt((fourth - square * square) / count);
  const Facts facts = task("adding", {})->facts();
  CHECK(facts.chance_loss == 1.0 / 6);
  CHECK(std::abs(square - facts.chance_loss) < 4 * standard_error);
  CHECK(best == Approx(1).margin(4 * std::sqrt(square / count)));
}

TEST_CASE("adding: facts and the published protocol", "[tasks][adding]") {
  const Facts facts = task("adding", {{"length", 400}})->facts();
  CHECK(facts.inputs == 2);
  CHECK(facts.outputs == 1);
  CHECK(facts.length == 400);
  CHECK(facts.loss == LossKind::mse);
  CHECK(facts.readout == Readout::last);
  CHECK(std::string(facts.metric_name()) == "mse");
  CHECK(facts.lower_is_better());

  const TaskEntry entry = adding_entry();
  const auto found = std::find_if(entry.protocols.begin(), entry.protocols.end(),
                                  [](const Protocol& p) { return p.name == "arjovsky2016"; });
  REQUIRE(found != entry.protocols.end());
  const Protocol& protocol = *found;
  const auto setting = [&](const std::string& key) {
    for (const auto& [name, value] : protocol.settings) {
      if (name == key) return value;
    }
    return std::string("unset");
  };
  CHECK(setting("task.train_examples") == "100000");
  CHECK(setting("task.test_examples") == "10000");
  CHECK(setting("train.batch") == "20");
  CHECK(setting("train.optimizer") == "rmsprop");
  CHECK(setting("train.lr") == "0.001");
  CHECK(setting("train.decay") == "0.9");
  CHECK(setting("train.clip_value") == "1");
  CHECK(setting("model.hidden") == "128");
  CHECK_FALSE(protocol.deviates.empty());
}
