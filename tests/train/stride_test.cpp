// train.stride against windows cut, run and scored one by one.
#include <catch2/catch.hpp>
#include <cstring>
#include <numeric>

#include "allocations.hpp"
#include "nn/models/model_run.hpp"
#include "train/named_task.hpp"
#include "train/squares.hpp"
#include "train/stepper.hpp"

using namespace rnnlab;
using test::ModelRun;
using test::Squares;

namespace {

constexpr int B = 3;
constexpr double lr = 0.5;

ModelOptions small_gru() {
  ModelOptions o;
  o.cell = "gru";
  o.hidden = 5;
  o.h0 = "learned";
  return o;
}

TrainOptions options(int truncate, int stride) {
  TrainOptions o;
  o.batch = B;
  o.optimizer = "sgd";
  o.lr = lr;
  o.truncate = truncate;
  o.stride = stride;
  return o;
}

/// A model, a state per column, and SGD, without a stepper.
struct Literal : ModelRun<double> {
  std::vector<double> state;
  bool fresh[B] = {};

  Literal(const Facts& facts, std::span<const double> start) : ModelRun(small_gru(), facts, B) {
    set({start.begin(), start.end()});
    state.resize(static_cast<std::size_t>(B * this->model->state_size()));
  }
  CarriedState<double> carried(std::vector<double>& s) {
    return {s.data(), this->model->state_size(), fresh};
  }
  /// Moves the states over a batch.
  void pass(const Batch& batch) {
    this->model->predict(packed.data(), batch, frame.data(), carried(state));
  }
  /// One step on a window, which leaves the states alone; returns its mean loss.
  double step(const Batch& batch) {
    auto entered = state;
    std::fill_n(slab.data(), slab.size(), 0.0);
    const LossSums sums =
        this->model->train(packed.data(), batch, slab.data(), frame.data(), {}, carried(entered));
    const auto g = gradient();
    std::vector<double> moved(theta.data(), theta.data() + theta.size());
    const double divisor = sums.weight > 0 ? sums.weight : 1;  // nothing may be scored
    for (std::size_t i = 0; i < moved.size(); ++i) moved[i] -= lr * g[i] / divisor;
    next_ = moved;
    return sums.loss / divisor;
  }
  void update() { set(next_); }

 private:
  std::vector<double> next_;
};

Batch part(Batch batch, int begin, int steps) {
  batch.keep_steps(begin, steps);
  return batch;
}

void unscore(Batch& batch, int column, int begin, int end) {
  for (int t = begin; t < std::min(end, batch.T); ++t)
    batch.weight[static_cast<std::size_t>(t * batch.B + column)] = 0;
}

void check_parameters(const Literal& right, const Stepper<double>& ours) {
  for (std::size_t i = 0; i < right.theta.size(); ++i) {
    CHECK(ours.parameters()[i] == Approx(right.theta[i]).epsilon(1e-11).margin(1e-13));
  }
}

}  // namespace

TEST_CASE("stride: windows of an example begin so many steps apart", "[train][stride]") {
  const auto copy = task("copy", {{"delay", 13}});  // 23 steps
  const int T = copy->facts().length;
  REQUIRE(T == 23);
  struct Case {
    int window, stride, cuts;
  };
  for (const Case& c : {Case{7, 3, 7}, Case{6, 1, 18}, Case{20, 3, 2}, Case{23, 4, 1},
                        Case{5, 5, 5}, Case{4, 9, 3}, Case{1, 2, 12}, Case{2, 30, 1}}) {
    CAPTURE(c.window, c.stride);
    Pool pool(1);
    Stepper<double> ours(*copy, {}, 0, small_gru(), options(c.window, c.stride), pool);
    Stepper<double> whole(*copy, {}, 0, small_gru(), options(0, 0), pool);
    Literal right(copy->facts(), ours.parameters());
    int step = 0;
    double scored = 0;
    for (int example = 0; example < 2; ++example) {
      const Batch all = whole.batch(example);
      int seen = 0;
      for (int begin = 0; seen < T && begin < T; begin += c.stride, ++step) {
        if (begin > 0 && c.stride > c.window) {
          right.pass(part(all, begin - c.stride + c.window, c.stride - c.window));
        }
        std::fill_n(right.fresh, B, begin == 0);
        Batch window = part(all, begin, c.window);
        for (int b = 0; b < B; ++b) unscore(window, b, 0, seen - begin);
        scored += std::accumulate(window.weight.begin(), window.weight.end(), 0.0);
        const double loss = right.step(window);
        right.pass(part(all, begin, std::min(c.stride, c.window)));
        std::fill_n(right.fresh, B, false);
        right.update();
        seen = std::min(T, begin + c.window);
        CHECK(ours.gradient(step, {}).loss == Approx(loss).epsilon(1e-11));
        ours.update(step);
        check_parameters(right, ours);
      }
    }
    CHECK(step == 2 * c.cuts);
    if (c.stride <= c.window) {
      const Batch all = whole.batch(0);
      CHECK(scored == 2 * std::accumulate(all.weight.begin(), all.weight.end(), 0.0));
    }
  }
}

TEST_CASE("stride: windows of a stream begin so many steps apart", "[train][stride]") {
  struct Case {
    int window, stride;
  };
  for (const Case& c : {Case{10, 3}, Case{7, 1}, Case{10, 5}, Case{4, 6}, Case{3, 25}}) {
    CAPTURE(c.window, c.stride);
    constexpr int steps = 411;
    const Squares cut(steps, 10), whole(steps, steps);
    Pool pool(1);
    Stepper<double> ours(cut, {}, 0, small_gru(), options(c.window, c.stride), pool);
    Literal right(cut.facts(), ours.parameters());
    const std::uint64_t beginning[] = {0};
    Batch all;
    whole.draw({}, beginning, all);
    /// The steps [p_b, p_b + n) of the stream, column by column.
    const auto at = [&](const std::array<int, B>& p, int n) {
      Batch batch;
      Facts facts = cut.facts();
      facts.length = n;
      batch.reset(facts, B);
      for (int b = 0; b < B; ++b) {
        batch.length[static_cast<std::size_t>(b)] =
            std::min(n, steps - p[static_cast<std::size_t>(b)]);
        for (int t = 0; t < n; ++t) {
          const auto to = static_cast<std::size_t>(t * B + b);
          const auto from = static_cast<std::size_t>(p[static_cast<std::size_t>(b)] + t);
          const bool inside = from < steps;
          batch.symbol[to] = inside ? all.symbol[from] : 0;
          batch.label[to] = inside ? all.label[from] : 0;
          batch.weight[to] = inside ? 1 : 0;
        }
      }
      return batch;
    };
    const int pieces = (steps + c.stride - 1) / c.stride;
    const auto share = [&](int b) { return pieces * b / B * c.stride; };
    std::array<int, B> p{share(0), share(1), share(2)}, seen = p;
    std::vector<int> scored(steps);
    std::array<bool, B> wrapped{};
    for (int step = 0; step < 2 * pieces / B; ++step) {
      for (int b = 0; b < B; ++b) {
        const auto k = static_cast<std::size_t>(b);
        const int end = std::min(share(b + 1), steps);
        // A column goes round when its share is used up.
        right.fresh[b] = step == 0 || (c.stride <= c.window ? seen[k] >= share(b + 1)
                                                            : p[k] + c.stride >= share(b + 1));
        if (step > 0) p[k] += c.stride;
        if (!right.fresh[b]) continue;
        wrapped[k] = wrapped[k] || step > 0;
        p[k] = seen[k] = share(b);
        CHECK(end > p[k]);
      }
      if (step > 0 && c.stride > c.window) {
        std::array<int, B> before = p;
        for (std::size_t k = 0; k < B; ++k) {
          before[k] = right.fresh[k] ? 0 : p[k] - c.stride + c.window;
        }
        for (int done = c.window; done < c.stride; done += 10) {
          right.pass(at(before, std::min(10, c.stride - done)));
          for (int& position : before) position += 10;
        }
      }
      Batch window = at(p, c.window);
      for (int b = 0; b < B; ++b) {
        const auto k = static_cast<std::size_t>(b);
        unscore(window, b, 0, seen[k] - p[k]);
        unscore(window, b, share(b + 1) - p[k], c.window);
        seen[k] = std::max(seen[k], p[k] + c.window);
        for (int t = 0; t < c.window && !wrapped[k]; ++t) {
          if (window.weight[static_cast<std::size_t>(t * B + b)] > 0)
            ++scored[static_cast<std::size_t>(p[k] + t)];
        }
      }
      const double loss = right.step(window);
      right.pass(at(p, std::min(c.stride, c.window)));
      right.update();
      CHECK(ours.gradient(step, {}).loss == Approx(loss).epsilon(1e-11));
      ours.update(step);
      check_parameters(right, ours);
    }
    CHECK(std::count(wrapped.begin(), wrapped.end(), true) == B);
    // Every target once where windows meet or overlap, so many of every stride where they do not.
    const auto once = std::count(scored.begin(), scored.end(), 1);
    const auto never = std::count(scored.begin(), scored.end(), 0);
    CHECK(once + never == steps);
    if (c.stride <= c.window) CHECK(never == 0);
    if (c.stride > c.window) CHECK(once >= (pieces - 1) * c.window);
  }
}

TEST_CASE("stride: the same bytes on any number of threads, and after a restart",
          "[train][stride]") {
  const Squares task(1234);
  const int stride = GENERATE(2, 8);
  TrainOptions o = options(5, stride);
  o.batch = 41;
  const auto trained = [&](int threads, int restart) {
    Pool pool(threads);
    Stepper<float> first(task, {}, 0, small_gru(), o, pool),
        second(task, {}, 0, small_gru(), o, pool);
    Stepper<float>* stepper = &first;
    for (int step = 0; step < 60; ++step) {
      if (step == restart) {
        State state;
        first.save(state);
        second.load(state);
        stepper = &second;
      }
      stepper->gradient(step, {});
      stepper->update(step);
    }
    return std::vector<float>(stepper->parameters().begin(), stepper->parameters().end());
  };
  const auto one = trained(1, -1);
  for (const auto& other : {trained(2, -1), trained(3, 17)}) {
    CHECK(std::memcmp(one.data(), other.data(), one.size() * sizeof(float)) == 0);
  }
}

TEST_CASE("stride: a step allocates nothing", "[train][stride][allocations]") {
  const Squares squares(1234);
  const auto copy = task("copy", {{"delay", 13}});
  const Task& task = GENERATE(true, false) ? static_cast<const Task&>(squares) : *copy;
  Pool pool(2);
  Stepper<float> stepper(task, {}, 0, small_gru(), options(5, GENERATE(2, 8)), pool);
  const auto steps = [&](int from, int to) {
    for (int step = from; step < to; ++step) {
      stepper.gradient(step, {});
      stepper.update(step);
    }
  };
  steps(0, 3);
  const std::size_t before = rnnlab_test_allocations();
  steps(3, 30);
  CHECK(rnnlab_test_allocations() - before == 0);
}

TEST_CASE("stride: one without windows is refused in one line", "[train][stride]") {
  Pool pool(1);
  const auto copy = task("copy", {{"delay", 13}});
  CHECK_THROWS_WITH(Stepper<float>(*copy, {}, 0, small_gru(), options(0, 3), pool),
                    Catch::Contains("train.stride") && Catch::Contains("train.truncate"));
}
