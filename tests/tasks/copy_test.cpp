#include <catch2/catch.hpp>

#include "drawn.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

std::vector<int> joined(std::initializer_list<std::vector<int>> parts) {
  std::vector<int> all;
  for (const std::vector<int>& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

std::vector<int> repeated(int value, int n) {
  return std::vector<int>(static_cast<std::size_t>(n), value);
}

std::vector<int> whole_numbers(const std::vector<float>& values) {
  std::vector<int> numbers;
  for (const float v : values) numbers.push_back(v == std::floor(v) ? static_cast<int>(v) : -2);
  return numbers;
}

}  // namespace

TEST_CASE("copy@arjovsky2016: ten symbols, T − 1 blanks, the marker, ten blanks", "[tasks][copy]") {
  const auto [delay, name] =
      GENERATE(std::pair{100, "100"}, std::pair{300, "300"}, std::pair{1, "1"});
  const auto task = configured("copy@arjovsky2016", {{"task.delay", name}}).make_task();
  const Facts facts = task->facts();
  CHECK(facts.inputs == 10);
  CHECK(facts.outputs == 9);
  CHECK(facts.length == delay + 20);
  CHECK(facts.readout == Readout::every);
  CHECK(facts.loss == LossKind::cross_entropy);
  const Batch batch = drawn(*task, Stream::train, 0, 50);
  for (std::size_t b = 0; b < 50; ++b) {
    const std::vector<int> x = symbols_of(batch, 10, b);
    const std::vector<int> shown(x.begin(), x.begin() + 10);
    for (const int symbol : shown) CHECK((symbol >= 1 && symbol <= 8));
    CHECK(x == joined({shown, repeated(0, delay - 1), {9}, repeated(0, 10)}));
    CHECK(labels_of(batch, b) == joined({repeated(0, delay + 10), shown}));
  }
  for (const float weight : batch.weight) CHECK(weight == 1);
}

TEST_CASE("copy@arjovsky2016: one example, written out", "[tasks][copy]") {
  const auto task = configured("copy@arjovsky2016", {{"task.delay", "5"}}).make_task();
  const Batch batch = drawn(*task, Stream::train, 0, 1);
  CHECK(symbols_of(batch, 10, 0) == std::vector<int>{8, 3, 2, 3, 3, 5, 5, 2, 4, 2,  //
                                                     0, 0, 0, 0,                    //
                                                     9,                             //
                                                     0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  CHECK(labels_of(batch, 0) == std::vector<int>{0, 0, 0, 0, 0, 0, 0, 0, 0, 0,  //
                                                0, 0, 0, 0,                    //
                                                0,                             //
                                                8, 3, 2, 3, 3, 5, 5, 2, 4, 2});
}

TEST_CASE("copy@bai2018: one scalar input, the marker eleven times, ten classes", "[tasks][copy]") {
  const auto [delay, name] = GENERATE(std::pair{1000, "1000"}, std::pair{6, "6"});
  const auto task = configured("copy@bai2018", {{"task.delay", name}}).make_task();
  const Facts facts = task->facts();
  CHECK(facts.inputs == 1);
  CHECK(facts.outputs == 10);
  CHECK(facts.length == delay + 20);
  CHECK(facts.readout == Readout::every);
  const Batch batch = drawn(*task, Stream::train, 0, 50);
  for (std::size_t b = 0; b < 50; ++b) {
    const std::vector<int> x = whole_numbers(inputs_of(batch, 1, b));
    const std::vector<int> shown(x.begin(), x.begin() + 10);
    for (const int symbol : shown) CHECK((symbol >= 1 && symbol <= 8));
    CHECK(x == joined({shown, repeated(0, delay - 1), repeated(9, 11)}));
    CHECK(labels_of(batch, b) == joined({repeated(0, delay + 10), shown}));
  }
}

TEST_CASE("copy@bai2018: one example, written out", "[tasks][copy]") {
  const auto task = configured("copy@bai2018", {{"task.delay", "5"}}).make_task();
  const Batch batch = drawn(*task, Stream::train, 0, 1);
  CHECK(inputs_of(batch, 1, 0) == std::vector<float>{8, 3, 2, 3, 3, 5, 5, 2, 4, 2,  //
                                                     0, 0, 0, 0,                    //
                                                     9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9});
  CHECK(labels_of(batch, 0) == std::vector<int>{0, 0, 0, 0, 0, 0, 0, 0, 0, 0,  //
                                                0, 0, 0, 0,                    //
                                                0,                             //
                                                8, 3, 2, 3, 3, 5, 5, 2, 4, 2});
}

TEST_CASE("copy: by default the encoding of arjovsky2016, smaller", "[tasks][copy]") {
  const auto ours = configured("copy").make_task();
  const auto theirs =
      configured("copy@arjovsky2016", {{"task.delay", configured("copy").value("task.delay")},
                                       {"task.symbols", configured("copy").value("task.symbols")}})
          .make_task();
  const Batch a = drawn(*ours, Stream::valid, 3, 20), b = drawn(*theirs, Stream::valid, 3, 20);
  CHECK(a.x == b.x);
  CHECK(a.label == b.label);
}

TEST_CASE("copy: other sizes", "[tasks][copy]") {
  const auto task = configured("copy", {{"task.delay", "4"},
                                        {"task.symbols", "3"},
                                        {"task.alphabet", "20"},
                                        {"task.marker", "held"}})
                        .make_task();
  const Facts facts = task->facts();
  CHECK(facts.inputs == 22);
  CHECK(facts.outputs == 21);
  CHECK(facts.length == 10);
  CHECK(facts.chance_loss == Approx(3 * std::log(20.0) / 10).epsilon(1e-15));
  const Batch batch = drawn(*task, Stream::train, 0, 1);
  const std::vector<int> x = symbols_of(batch, 22, 0);
  const std::vector<int> shown(x.begin(), x.begin() + 3);
  CHECK(x == joined({shown, repeated(0, 3), repeated(21, 4)}));
  CHECK(labels_of(batch, 0) == joined({repeated(0, 7), shown}));
}

TEST_CASE("copy: solved means 99 of 100 symbols, however long the delay", "[tasks][copy]") {
  // One wrong symbol in a hundred, all blanks right.
  for (const char* delay : {"100", "1000"}) {
    const Facts facts =
        configured("copy@arjovsky2016", {{"task.delay", delay}}).make_task()->facts();
    const double blanks = facts.length - 10;
    CHECK(facts.solved == Approx((blanks + 9.9) / facts.length).epsilon(1e-12));
    CHECK(facts.solved > (blanks + 10.0 / 8) / facts.length);
  }
}
