#include <array>
#include <catch2/catch.hpp>
#include <map>

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

/// What the best predictor reaches that sees of each image, when asked for point (i, j), the points
/// (k, l) with sees(i, j, k, l): by going through all images.
struct Best {
  double accuracy = 0, loss = 0;

  template <class F>
  Best(int rows, int columns, double density, F&& sees) {
    const int points = rows * columns;
    for (int p = 0; p < points; ++p) {
      std::map<std::vector<int>, std::array<double, 2>> chance;  // of what is seen: of each class
      for (int image = 0; image < 1 << points; ++image) {
        std::vector<int> marks, seen;
        double weight = 1;
        for (int q = 0; q < points; ++q) {
          marks.push_back(image >> q & 1);
          weight *= marks.back() ? density : 1 - density;
          if (sees(p / columns, p % columns, q / columns, q % columns))
            seen.push_back(marks.back());
        }
        const int label = class_of(marks, rows, columns, p / columns, p % columns);
        chance[seen][static_cast<std::size_t>(label)] += weight;
      }
      for (const auto& [seen, of] : chance) {
        accuracy += std::max(of[0], of[1]) / points;
        for (const double joint : of)
          loss -= joint > 0 ? joint * std::log(joint / (of[0] + of[1])) / points : 0;
      }
    }
  }
};

}  // namespace

TEST_CASE("marks: what lies above and to the left tells as much as the closed form says",
          "[tasks][marks]") {
  struct Case {
    int rows, columns;
    double density;
  };
  const auto [rows, columns, density] =
      GENERATE(Case{2, 2, 0.5}, Case{3, 3, 0.16}, Case{3, 3, 0.45}, Case{2, 5, 0.3},
               Case{4, 3, 0.25}, Case{3, 3, 0.9});
  CAPTURE(rows, columns, density);
  const auto task = configured("marks", {{"task.rows", std::to_string(rows)},
                                         {"task.columns", std::to_string(columns)},
                                         {"task.density", std::to_string(density)}})
                        .make_task();
  const double accuracy = task->baselines().at(1).value, loss = task->plateaus().at(1).loss;
  const auto above_left = [](int i, int j, int k, int l) { return k <= i && l <= j; };
  const auto below_right = [](int i, int j, int k, int l) { return k >= i && l >= j; };
  // Row by row, a sequence has seen more points by then, but none that tells more.
  const auto before = [](int i, int j, int k, int l) { return k < i || (k == i && l <= j); };
  const auto check = [&](auto&& sees) {
    const Best best(rows, columns, density, sees);
    CHECK(best.accuracy == Approx(accuracy).epsilon(1e-12));
    CHECK(best.loss == Approx(loss).epsilon(1e-12));
  };
  check(above_left);
  check(below_right);
  check(before);
  const Best nothing(rows, columns, density, [](int, int, int, int) { return false; });
  CHECK(nothing.accuracy == Approx(task->baselines().at(0).value).epsilon(1e-12));
  CHECK(nothing.loss == Approx(task->plateaus().at(0).loss).epsilon(1e-12));
  CHECK(accuracy < 1);
  const Best all_four(rows, columns, density, [&](int i, int j, int k, int l) {
    return above_left(i, j, k, l) || below_right(i, j, k, l);
  });
  CHECK(all_four.accuracy == Approx(1).epsilon(1e-12));
}

TEST_CASE("marks: of the middle point alone, the same of that point", "[tasks][marks]") {
  // Of 2 x 2 points the middle is the lower right one, for which all of both lines is above and to
  // the left; of 3 x 3, one point of two on each side.
  const auto task = [](const char* side) {
    return configured("marks", {{"task.rows", side},
                                {"task.columns", side},
                                {"task.density", "0.5"},
                                {"task.readout", "middle"}})
        .make_task();
  };
  CHECK(task("2")->baselines().at(1).value == Approx(1));
  CHECK(task("2")->plateaus().at(1).loss == Approx(0).margin(1e-15));
  // Both seen: certain. One seen or none: a half or a quarter, right in a half or three quarters.
  CHECK(task("3")->baselines().at(1).value == Approx(0.25 + 0.5 * 0.5 + 0.25 * 0.75));
}

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
