#include "moving_mnist.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "data/confusion.hpp"
#include "digits.hpp"
#include "glyphs.hpp"

namespace rnnlab {
namespace {

/// A part of an image: `rows` by `columns` points, a row `stride` after the one before it.
struct Cutout {
  const std::uint8_t* points = nullptr;
  int rows = 0, columns = 0, stride = 0;

  std::uint8_t at(int y, int x) const { return points[y * stride + x]; }
};

/// The smallest part of an image that holds all its points above 0.
Cutout cut_out(std::span<const std::uint8_t> points, int rows, int columns) {
  int top = rows, bottom = 0, left = columns, right = 0;
  for (int y = 0; y < rows; ++y) {
    for (int x = 0; x < columns; ++x) {
      if (points[static_cast<std::size_t>(y * columns + x)] == 0) continue;
      top = std::min(top, y);
      bottom = std::max(bottom, y + 1);
      left = std::min(left, x);
      right = std::max(right, x + 1);
    }
  }
  if (bottom == 0) return {points.data(), 0, 0, columns};
  return {points.data() + (top * columns + left), bottom - top, right - left, columns};
}

/// Where a point is that set out from `start` in [0, room] at `velocity` and is thrown back at both
/// ends, as a whole number.
int bounced(double start, double velocity, int frame, int room) {
  if (room == 0) return 0;
  const double there_and_back = 2.0 * room;
  const double way = std::abs(std::fmod(start + velocity * frame, there_and_back));
  return static_cast<int>(std::lround(std::min(way, there_and_back - way)));
}

/// Of a label at every frame: F1, and how often the first and the last frame's are right.
class FrameScorer final : public Scorer {
 public:
  void add(const Batch& drawn, std::span<const std::uint64_t>,
           std::span<const float> predictions) override {
    const auto B = static_cast<std::size_t>(drawn.B), cells = drawn.weight.size();
    std::size_t first = 0;
    while (drawn.weight[first] == 0) first += B;
    for (std::size_t i = first; i < cells; ++i) {
      if (drawn.weight[i] == 0) continue;
      const auto logits = predictions.subspan(i * Digits::classes, Digits::classes);
      const auto likeliest = static_cast<std::int32_t>(
          std::max_element(logits.begin(), logits.end()) - logits.begin());
      all_.add(drawn.label[i], likeliest);
      if (i < first + B) first_.add(drawn.label[i], likeliest);
      if (i >= cells - B) last_.add(drawn.label[i], likeliest);
    }
  }
  std::vector<double> values() const override {
    return {all_.macro_f1(), first_.accuracy(), last_.accuracy()};
  }

 private:
  Confusion all_{Digits::classes}, first_{Digits::classes}, last_{Digits::classes};
};

/// A handwritten digit drifts over frames of `size` x `size` points (Srivastava, Mansimov and
/// Salakhutdinov 2015: two digits on 64 x 64, to be foretold; here one, and which one it is). It is
/// cut out of its image, starts anywhere, goes `speed` points a frame in any direction, and is
/// thrown back by the walls, which it never crosses:
///
///   at frame f    round(fold(start + f v)), fold(p) = min(p mod 2r, 2r − p mod 2r), of both axes
///                 by itself, r = size − the digit's rows or columns
///
/// At every frame each of its points is shown with probability `visible`, else 0, so that more is
/// known of it frame by frame. Its class is asked for at every frame or at the clip's end.
///
///   view frames   T = frames, I = size²        x  frame 1 | frame 2 | …          y  3 | 3 | …
///   view rows     T = frames · size, I = size  x  row 1 | … | row size | row 1   y    |   | 3 |
///
/// Example n of a split moves image n of that split, as `task.valid_examples` cuts them apart;
/// beyond the last they begin anew, on other ways. Glyphs (glyphs.hpp) need no files.
class MovingMnist final : public Task {
 public:
  struct Options {
    std::string images = "mnist";
    DigitOptions files;
    std::int64_t frames = 10, size = 32;
    double speed = 2, visible = 1;
    std::string view = "frames", readout = "frames";
    DataOptions data;

    void describe(OptionVisitor& v) {
      v.visit({.name = "images",
               .help = "the images of MNIST, or ten glyphs that are drawn without any file",
               .choices = {"mnist", "made"}},
              images);
      files.describe_path(v);
      v.visit({.name = "frames", .help = "of a clip", .unit = "frames", .min = 1, .max = 10000},
              frames);
      v.visit({.name = "size",
               .help = "rows of a frame, and columns; at least those of the largest digit",
               .unit = "points",
               .min = 1,
               .max = 1000},
              size);
      v.visit(
          {.name = "speed", .help = "of the digit", .unit = "points/frame", .min = 0, .max = 1000},
          speed);
      v.visit({.name = "visible",
               .help = "the chance that a point of the digit is shown, at each frame anew",
               .min = 0.001,
               .max = 1},
              visible);
      v.visit({.name = "view",
               .help = "whether a step is a whole frame or a row of one",
               .choices = {"frames", "rows"}},
              view);
      v.visit({.name = "readout",
               .help = "whether the class is asked for at every frame's end, or at the clip's",
               .choices = {"frames", "clip"}},
              readout);
      data.describe(v);
    }
  };

  explicit MovingMnist(const Options& o)
      : size_(static_cast<int>(o.size)),
        frames_(static_cast<int>(o.frames)),
        speed_(o.speed),
        visible_(o.visible),
        rows_(o.view == "rows"),
        test_examples_(static_cast<std::uint64_t>(o.data.test_examples)) {
    if (o.images == "mnist") {
      DigitOptions files = o.files;
      files.valid_examples = o.data.valid_examples;
      digits_.emplace(files);
    }
    check_size();
    facts_ = {.inputs = rows_ ? size_ : size_ * size_,
              .outputs = Digits::classes,
              .length = rows_ ? frames_ * size_ : frames_,
              .loss = LossKind::cross_entropy,
              .readout = o.readout == "clip" ? Readout::last : Readout::every,
              .chance_loss = digits_ ? digits_->entropy() : std::log(Digits::classes),
              .solved = 0.95,
              .chance = digits_ ? "always the shares of the training part's classes"
                                : "ln 10: each digit is as likely as any other"};
  }

  Facts facts() const override { return facts_; }
  std::string data_sha256() const override { return digits_ ? digits_->sha256() : std::string(); }

  void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
    const auto B = examples.size(), S = static_cast<std::size_t>(size_);
    out.reset(facts_, static_cast<int>(B));
    for (std::size_t b = 0; b < B; ++b) {
      Clip clip(*this, key, examples[b]);
      for (int f = 0; f < frames_; ++f) {
        const int top = clip.top(f), left = clip.left(f);
        clip.show([&](int y, int x, float value) {
          const auto frame = static_cast<std::size_t>(f), row = static_cast<std::size_t>(top + y);
          const std::size_t line = rows_ ? (frame * S + row) * B + b : (frame * B + b) * S + row;
          out.x[line * S + static_cast<std::size_t>(left + x)] = value;
        });
      }
      for (std::size_t i = b, step = 1; i < out.label.size(); i += B, ++step) {
        out.label[i] = clip.label;
        if (rows_ && facts_.readout == Readout::every) out.weight[i] = step % S == 0 ? 1.0f : 0.0f;
      }
    }
  }

  std::vector<TestMetric> test_metrics() const override {
    std::vector<TestMetric> all = class_metrics(Digits::classes);
    if (facts_.readout == Readout::every) {
      all.push_back({"first_accuracy", "1", "share of clips whose first frame's label is right"});
      all.push_back({"last_accuracy", "1", "share of clips whose last frame's label is right"});
    }
    return all;
  }
  std::unique_ptr<Scorer> scorer(Stream) const override {
    if (facts_.readout == Readout::every) return std::make_unique<FrameScorer>();
    return class_scorer(Digits::classes);
  }

  /// Of the data set with seed 0. The nearest mean is told where the digit is, and sees one frame.
  std::vector<Baseline> baselines() const override {
    constexpr std::uint64_t glyphs = 5000;
    const std::size_t points = static_cast<std::size_t>(size_) * static_cast<std::size_t>(size_);
    std::array<std::vector<double>, Digits::classes> mean;
    std::array<double, Digits::classes> images{}, norm{};
    for (auto& m : mean) m.assign(points, 0.0);
    const auto place = [&](int y, int x) { return static_cast<std::size_t>(y * size_ + x); };
    const auto all =
        digits_ ? static_cast<std::uint64_t>(digits_->examples(Stream::train)) : glyphs;
    for (std::uint64_t n = 0; n < all; ++n) {
      Clip clip(*this, {0, Stream::train}, n);
      const auto c = static_cast<std::size_t>(clip.label);
      ++images[c];
      clip.show(
          [&](int y, int x, float value) { mean[c][place(y, x)] += static_cast<double>(value); });
    }
    for (std::size_t c = 0; c < mean.size(); ++c) {
      for (double& m : mean[c]) {
        m /= std::max(images[c], 1.0);
        norm[c] += m * m;
      }
    }
    const auto majority = std::max_element(images.begin(), images.end()) - images.begin();
    double most = 0, nearest = 0;
    for (std::uint64_t n = 0; n < test_examples_; ++n) {
      Clip clip(*this, {0, Stream::test}, n);
      // ‖x − m‖² less ‖x‖², which is the same for all classes.
      auto distance = norm;
      clip.show([&](int y, int x, float value) {
        for (std::size_t c = 0; c < mean.size(); ++c)
          distance[c] -= 2 * mean[c][place(y, x)] * static_cast<double>(value);
      });
      for (std::size_t c = 0; c < mean.size(); ++c) {
        if (images[c] == 0) distance[c] = HUGE_VAL;
      }
      most += clip.label == majority;
      nearest +=
          clip.label == std::min_element(distance.begin(), distance.end()) - distance.begin();
    }
    const auto count = static_cast<double>(test_examples_);
    return {{"most frequent class", most / count},
            {"nearest class mean, of one frame and where the digit is", nearest / count}};
  }

 private:
  /// An example: its digit, where it is, and what is shown of it, frame by frame.
  class Clip {
   public:
    Clip(const MovingMnist& task, Key key, std::uint64_t example)
        : task_(task), rng_(key, example) {
      const double angle = 2 * std::numbers::pi * rng_.uniform53();
      speed_ = {task.speed_ * std::sin(angle), task.speed_ * std::cos(angle)};
      start_ = {rng_.uniform53(), rng_.uniform53()};
      if (task.digits_) {
        const Digits::Image image = task.digits_->image(key.stream, example);
        label = image.label;
        digit_ = cut_out(image.points, task.digits_->rows(), task.digits_->columns());
      } else {
        made_ = Glyph::drawn(rng_);
        label = made_.label;
        digit_ = {made_.points.data(), made_.rows, made_.columns, made_.columns};
      }
    }
    Clip(const Clip&) = delete;
    Clip& operator=(const Clip&) = delete;

    int top(int frame) const { return at(0, frame, task_.size_ - digit_.rows); }
    int left(int frame) const { return at(1, frame, task_.size_ - digit_.columns); }

    /// Calls f(y, x, value) for the next frame's points that are shown, from the digit's upper left
    /// corner.
    template <class F>
    void show(F&& f) {
      for (int y = 0; y < digit_.rows; ++y) {
        for (int x = 0; x < digit_.columns; ++x) {
          const std::uint8_t point = digit_.at(y, x);
          if (point > 0 &&
              (task_.visible_ >= 1 || static_cast<double>(rng_.uniform()) < task_.visible_))
            f(y, x, static_cast<float>(point) / 255.0f);
        }
      }
    }

    int label = 0;

   private:
    int at(std::size_t axis, int frame, int room) const {
      return bounced(start_[axis] * room, speed_[axis], frame, room);
    }

    const MovingMnist& task_;
    Rng rng_;
    std::array<double, 2> start_{}, speed_{};  // down, right
    Cutout digit_;
    Glyph made_;
  };

  /// Throws Error(usage) where a digit does not fit into a frame.
  void check_size() const {
    int largest = std::max(Glyph::max_rows, Glyph::max_columns);
    if (digits_) {
      if (size_ >= std::max(digits_->rows(), digits_->columns())) return;
      largest = 0;
      for (const Stream split : {Stream::train, Stream::valid, Stream::test}) {
        for (std::int64_t n = 0; n < digits_->examples(split); ++n) {
          const Cutout digit = cut_out(digits_->image(split, static_cast<std::uint64_t>(n)).points,
                                       digits_->rows(), digits_->columns());
          largest = std::max({largest, digit.rows, digit.columns});
        }
      }
    }
    if (size_ < largest)
      throw Error(Exit::usage,
                  "frames of " + std::to_string(size_) + " rows and columns, digits of up to " +
                      std::to_string(largest),
                  "task.size", "set it to " + std::to_string(largest) + " or more");
  }

  int size_, frames_;
  double speed_, visible_;
  bool rows_;
  std::uint64_t test_examples_;
  std::optional<Digits> digits_;
  Facts facts_;
};

}  // namespace

TaskEntry moving_mnist_entry() {
  return task_entry<MovingMnist>(
      "moving-mnist",
      "a handwritten digit drifts over the frames of a clip and bounces off their walls: which one",
      "x  frame 1 of 32 x 32 points | frame 2 | ... | frame 10     y  3 3 3 3 3 3 3 3 3 3\n"
      "x  frame 1 of 32 x 32 points | frame 2 | ... | frame 10     y  7 7 7 7 7 7 7 7 7 7",
      {});
}

}  // namespace rnnlab
