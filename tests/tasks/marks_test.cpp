#include <catch2/catch.hpp>

#include "base/statistics.hpp"
#include "drawn.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

/// The marks of example b, row by row.
std::vector<int> marks_of(const Batch& batch, std::size_t b) {
  std::vector<int> marks;
  for (const float x : inputs_of(batch, 1, b)) {
    CHECK((x == 0 || x == 1));
    marks.push_back(static_cast<int>(x));
  }
  return marks;
}

/// By counting: the marks of a row and of a column, less the point's own.
int class_of(const std::vector<int>& marks, int rows, int columns, int i, int j) {
  const auto at = [&](int row, int column) {
    return marks[static_cast<std::size_t>(row * columns + column)];
  };
  int in_row = -at(i, j), in_column = -at(i, j);
  for (int k = 0; k < columns; ++k) in_row += at(i, k);
  for (int k = 0; k < rows; ++k) in_column += at(k, j);
  return in_row > 0 && in_column > 0;
}

}  // namespace

TEST_CASE("marks: a point's class is whether its row and its column hold a mark elsewhere",
          "[tasks][marks]") {
  const auto task = configured("marks", {{"task.rows", "5"}, {"task.columns", "7"}}).make_task();
  const Facts facts = task->facts();
  CHECK(facts.rows == 5);
  CHECK(facts.columns == 7);
  CHECK(facts.length == 35);
  CHECK(facts.readout == Readout::every);
  const Batch batch = drawn(*task, Stream::train, 0, 50);
  for (std::size_t b = 0; b < 50; ++b) {
    const auto marks = marks_of(batch, b);
    for (int t = 0; t < 35; ++t)
      CHECK(batch.label[static_cast<std::size_t>(t) * 50 + b] ==
            class_of(marks, 5, 7, t / 7, t % 7));
    CHECK(batch.length[b] == 35);
  }
}

TEST_CASE("marks: the middle point alone", "[tasks][marks]") {
  const auto task = configured("marks", {{"task.rows", "4"},
                                         {"task.columns", "3"},
                                         {"task.readout", "middle"},
                                         {"task.density", "0.4"}})
                        .make_task();
  CHECK(task->facts().readout == Readout::last);
  const Batch batch = drawn(*task, Stream::train, 0, 50);
  for (std::size_t b = 0; b < 50; ++b)
    CHECK(batch.label[b] == class_of(marks_of(batch, b), 4, 3, 2, 1));
}

TEST_CASE("marks: the share of class 1 and the chance level are the closed form",
          "[tasks][marks]") {
  for (const char* readout : {"points", "middle"}) {
    const auto task = configured("marks", {{"task.readout", readout}}).make_task();
    const Batch batch = drawn(*task, Stream::test, 0, 4000);
    const double q = std::pow(1 - std::pow(0.84, 7), 2);
    double share = 0;
    for (const auto label : batch.label)
      share += static_cast<double>(label) / static_cast<double>(batch.label.size());
    // Points of one image hang together: at worst 4000 independent ones, whose σ is 0.008.
    CHECK(share == Approx(q).margin(0.03));
    CHECK(q == Approx(0.5).margin(0.02));
    CHECK(task->facts().chance_loss ==
          Approx(-q * std::log(q) - (1 - q) * std::log(1 - q)).epsilon(1e-14));
    double marks = 0;
    for (const float x : batch.x) marks += static_cast<double>(x);
    CHECK(marks / static_cast<double>(batch.x.size()) == Approx(0.16).margin(0.004));
  }
}
