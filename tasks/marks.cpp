#include "marks.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace rnnlab {
namespace {

/// Marks in an image: each point holds one with probability `density`, whatever the others do. The
/// class of a point is 1 where its row holds a mark elsewhere and its column holds one elsewhere,
/// else 0; one has to look in all four directions. It is asked for at every point, or, with
/// `readout` middle, of the point in row ⌊rows/2⌋ and column ⌊columns/2⌋ alone.
///
///   . X . .      1 0 0 1
///   X . . X      0 1 0 0
///   . . . .      0 0 0 0
class Marks final : public Task {
 public:
  struct Options {
    std::int64_t rows = 8, columns = 8;
    double density = 0.16;
    std::string readout = "points";
    DataOptions data;

    void describe(OptionVisitor& v) {
      v.visit({.name = "rows", .help = "of the image", .unit = "points", .min = 2, .max = 1000},
              rows);
      v.visit({.name = "columns", .help = "of the image", .unit = "points", .min = 2, .max = 1000},
              columns);
      v.visit({.name = "density",
               .help = "the chance that a point holds a mark; 0.16 makes half the points of 8 x 8 "
                       "class 1",
               .min = 0.001,
               .max = 0.999},
              density);
      v.visit({.name = "readout",
               .help = "whether every point's class is asked for, or the middle one's alone",
               .choices = {"points", "middle"}},
              readout);
      data.describe(v);
    }
  };

  explicit Marks(const Options& o)
      : rows_(static_cast<int>(o.rows)),
        columns_(static_cast<int>(o.columns)),
        density_(o.density),
        middle_(o.readout == "middle") {}

  Facts facts() const override {
    const double q = share();
    return {.inputs = 1,
            .outputs = 2,
            .length = rows_ * columns_,
            .rows = rows_,
            .columns = columns_,
            .loss = LossKind::cross_entropy,
            .readout = middle_ ? Readout::last : Readout::every,
            .chance_loss = -q * std::log(q) - (1 - q) * std::log(1 - q),
            .solved = 0.99,
            .chance =
                "-q ln q - (1 - q) ln(1 - q), q = (1 - (1 - density)^(columns - 1)) "
                "(1 - (1 - density)^(rows - 1)): the share of class 1"};
  }

  void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
    const auto B = examples.size();
    const auto R = static_cast<std::size_t>(rows_), C = static_cast<std::size_t>(columns_);
    out.reset(facts(), static_cast<int>(B));
    for (std::size_t b = 0; b < B; ++b) {
      Rng rng(key, examples[b]);
      const auto mark = [&](std::size_t i, std::size_t j) -> float& {
        return out.x[(i * C + j) * B + b];
      };
      for (std::size_t i = 0; i < R; ++i) {
        for (std::size_t j = 0; j < C; ++j) mark(i, j) = rng.uniform() < density_ ? 1.0f : 0.0f;
      }
      const auto class_of = [&](std::size_t i, std::size_t j) {
        bool in_row = false, in_column = false;
        for (std::size_t k = 0; k < C; ++k) in_row = in_row || (k != j && mark(i, k) > 0);
        for (std::size_t k = 0; k < R; ++k) in_column = in_column || (k != i && mark(k, j) > 0);
        return in_row && in_column ? 1 : 0;
      };
      if (middle_) {
        out.label[b] = class_of(R / 2, C / 2);
        continue;
      }
      for (std::size_t i = 0; i < R; ++i) {
        for (std::size_t j = 0; j < C; ++j) out.label[(i * C + j) * B + b] = class_of(i, j);
      }
    }
  }

  std::vector<Plateau> plateaus() const override {
    std::vector<Plateau> all = Task::plateaus();
    all.push_back({above_and_left, guess().loss});
    return all;
  }
  /// What they are right in on average, in closed form.
  std::vector<Baseline> baselines() const override {
    const double q = share();
    return {{"the likelier class", std::max(q, 1 - q)}, {above_and_left, guess().accuracy}};
  }

 private:
  static constexpr const char* above_and_left = "what lies above and to the left of each point";

  /// The chance that n points hold a mark.
  double marked(int n) const { return 1 - std::pow(1 - density_, n); }
  /// Of class 1.
  double share() const { return marked(columns_ - 1) * marked(rows_ - 1); }

  /// The best that can be said of point (i, j) from the j points left of it in its row and the i
  /// above it in its column: where they hold a mark, all is known of that line, else the line holds
  /// one with the chance that the rest of it does. What else lies above and to the left tells
  /// nothing of them. Of all points together the same from below and the right.
  struct Guess {
    double accuracy = 0, loss = 0;
  };
  Guess guess() const {
    const auto nats = [](double p) { return p > 0 ? -p * std::log(p) : 0; };
    Guess sum;
    double asked = 0;
    for (int i = middle_ ? rows_ / 2 : 0; i < (middle_ ? rows_ / 2 + 1 : rows_); ++i) {
      for (int j = middle_ ? columns_ / 2 : 0; j < (middle_ ? columns_ / 2 + 1 : columns_); ++j) {
        const double left = marked(j), above = marked(i);
        for (const bool row_known : {false, true}) {
          for (const bool column_known : {false, true}) {
            const double seen = (row_known ? left : 1 - left) * (column_known ? above : 1 - above);
            const double p = (row_known ? 1 : marked(columns_ - 1 - j)) *
                             (column_known ? 1 : marked(rows_ - 1 - i));
            sum.accuracy += seen * std::max(p, 1 - p);
            sum.loss += seen * (nats(p) + nats(1 - p));
          }
        }
        ++asked;
      }
    }
    return {sum.accuracy / asked, sum.loss / asked};
  }

  int rows_, columns_;
  double density_;
  bool middle_;
};

}  // namespace

TaskEntry marks_entry() {
  return task_entry<Marks>(
      "marks", "an image: of each point, whether its row and its column hold a mark elsewhere",
      ". X . .      class 1 0 0 1\n"
      "X . . X            0 1 0 0\n"
      ". . . .            0 0 0 0",
      {});
}

}  // namespace rnnlab
