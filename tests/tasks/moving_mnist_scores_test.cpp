#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "base/error.hpp"
#include "data/confusion.hpp"
#include "data/corpora.hpp"
#include "environment.hpp"
#include "files.hpp"
#include "moving_images.hpp"
#include "train/gradcheck.hpp"
#include "train/member_checks.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

std::int32_t argmax(std::span<const float> logits) {
  return static_cast<std::int32_t>(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

}  // namespace

TEST_CASE("moving-mnist: chance, and what simple predictors reach", "[tasks][moving-mnist]") {
  const Folder folder;
  std::array<double, 10> share{};
  for (int n = 0; n < N - held_out; ++n)
    share[static_cast<std::size_t>(Image(n).label)] += 1.0 / (N - held_out);
  double entropy = 0, most = 0, nearest = 0;
  for (const double p : share) entropy -= p > 0 ? p * std::log(p) : 0;
  const auto task = folder.make();
  CHECK(task->facts().chance_loss == Approx(entropy).epsilon(1e-12));
  CHECK(made({})->facts().chance_loss == Approx(std::log(10)).epsilon(1e-15));

  // Digits in the upper left corner, class by class.
  const auto registered = [](const Image& image) {
    std::vector<double> points(64, 0.0);
    for (int y = 0; y < image.rows; ++y)
      for (int x = 0; x < image.columns; ++x)
        points[static_cast<std::size_t>(y * 8 + x)] = image.brightness / 255.0;
    return points;
  };
  const auto majority = std::max_element(share.begin(), share.end()) - share.begin();
  for (int n = N; n < N + tests; ++n) {
    most += Image(n).label == majority;
    double best = HUGE_VAL;
    int answer = -1;
    for (int c = 0; c < 10; ++c) {
      std::vector<double> mean(64, 0.0);
      double images = 0, distance = 0;
      for (int k = 0; k < N - held_out; ++k) {
        if (Image(k).label != c) continue;
        ++images;
        const auto points = registered(Image(k));
        for (std::size_t i = 0; i < 64; ++i) mean[i] += points[i];
      }
      if (images == 0) continue;
      const auto points = registered(Image(n));
      for (std::size_t i = 0; i < 64; ++i) distance += std::pow(mean[i] / images - points[i], 2);
      if (distance < best) {
        best = distance;
        answer = c;
      }
    }
    nearest += answer == Image(n).label;
  }
  const auto baselines = task->baselines();
  REQUIRE(baselines.size() == 2);
  CHECK(baselines[0].value == Approx(most / tests));
  CHECK(baselines[1].value == Approx(nearest / tests));
  CHECK(nearest > most);
  // Less of the digit tells less.
  const auto at = [](const char* visible) {
    return made({{"task.visible", visible}})->baselines().at(1).value;
  };
  const double all = at("1"), some = at("0.2");
  CHECK((all > some + 0.1 && some > 0.2));
}

TEST_CASE("moving-mnist: the first and the last frame's labels are counted by themselves",
          "[tasks][moving-mnist]") {
  const Folder folder;
  const auto task = folder.make({{"task.frames", "3"}, {"task.view", "rows"}});
  const auto metrics = task->test_metrics();
  REQUIRE(metrics.size() == 3);
  CHECK((metrics[1].name == "first_accuracy" && metrics[2].name == "last_accuracy"));
  const auto scorer = task->scorer(Stream::test);
  std::map<std::size_t, double> right;  // by step
  double scored = 0;
  Confusion all(10);
  for (const std::uint64_t first : {0, 7}) {
    std::vector<std::uint64_t> ids(first == 0 ? 7 : 13);
    std::iota(ids.begin(), ids.end(), first);
    Batch batch;
    task->draw({5, Stream::test}, ids, batch);
    std::vector<float> logits(batch.label.size() * 10);
    Rng rng({3, Stream::test}, first);
    for (float& v : logits) v = rng.uniform();
    for (std::size_t i = 0; i < batch.label.size(); ++i) {
      const auto t = i / ids.size();
      if (t % 2 == 1) logits[i * 10 + static_cast<std::size_t>(batch.label[i])] += 0.5f;
      const auto answer = argmax(std::span<const float>(logits).subspan(i * 10, 10));
      right[t] += answer == batch.label[i];
      if (t % 8 == 7) all.add(batch.label[i], answer);
    }
    scored += static_cast<double>(ids.size());
    scorer->add(batch, ids, logits);
  }
  CHECK(scorer->values() ==
        std::vector<double>{all.macro_f1(), right[7] / scored, right[23] / scored});
  CHECK(folder.make({{"task.readout", "clip"}})->test_metrics().size() == 1);
}

TEST_CASE("moving-mnist: gradients, threads and snapshots", "[tasks][moving-mnist]") {
  const Folder folder;
  for (const char* view : {"frames", "rows"}) {
    for (const char* readout : {"frames", "clip"}) {
      CAPTURE(view, readout);
      const Config config = folder.config({{"task.view", view},
                                           {"task.readout", readout},
                                           {"task.frames", "2"},
                                           {"task.visible", "0.7"},
                                           {"model.name", "gru"},
                                           {"model.hidden", "6"}});
      const auto task = config.make_task();
      for (const GradientError& e : gradcheck(*task, config.model(), 1, 3)) {
        CAPTURE(e.parameter);
        CHECK(e.error < 1e-6);
      }
      TrainOptions options;
      options.batch = 21;
      check_steps(*task, config.model(), options, {.states = true, .last = true, .terms = true}, 3);
      check_snapshot(*task, config.model(), options);
    }
  }
}

TEST_CASE("moving-mnist: what cannot be used is told in one line", "[tasks][moving-mnist]") {
  const Folder folder;
  const Environment no_cache("XDG_CACHE_HOME", "/nonexistent");
  const auto code = [](auto&& make) {
    try {
      make();
    } catch (const Error& error) {
      return static_cast<int>(error.code());
    }
    return 0;
  };
  const auto small = [&] { folder.make({{"task.size", "2"}}); };
  CHECK_THROWS_WITH(small(),
                    Contains("frames of 2 rows and columns, digits of up to 3 (task.size)"));
  CHECK(code(small) == 2);
  CHECK_NOTHROW(folder.make({{"task.size", "3"}}));
  CHECK_THROWS_WITH(made({{"task.size", "16"}}), Contains("digits of up to 17"));
  for (const char* visible : {"0", "1.5", "nan", "-0.1"}) {
    const auto out_of_range = [&] { made({{"task.visible", visible}}); };
    CHECK_THROWS_WITH(out_of_range(), Contains("task.visible"));
    CHECK(code(out_of_range) == 2);
  }
  CHECK(code([&] { made({{"task.speed", "-1"}}); }) == 2);
  CHECK(code([&] { made({{"task.view", "columns"}}); }) == 2);
  const auto nothing = [] { configured("moving-mnist").make_task(); };
  CHECK_THROWS_WITH(nothing(), Contains("no corpus is given (task.path)"));
  CHECK(code(nothing) == 4);
  const auto missing = [&] { folder.make({{"task.path", folder.scratch.path("none")}}); };
  CHECK_THROWS_WITH(missing(), Contains("cannot read what task.path names"));
  CHECK(code(missing) == 4);
  const auto few = [&] { folder.make({{"task.valid_examples", "60"}}); };
  CHECK_THROWS_WITH(few(), Contains("too few images to train on: 60"));
  CHECK(code(few) == 4);
}

TEST_CASE("moving-mnist: an image without a point above 0 shows nothing", "[tasks][moving-mnist]") {
  const Folder folder;
  write_file(folder.scratch.path("t10k-images-idx3-ubyte"),
             idx_images(1, R, C, std::string(R * C, '\0')));
  write_file(folder.scratch.path("t10k-labels-idx1-ubyte"), idx_labels({4}));
  const Batch batch = drawn(*folder.make(), Stream::test, 0, 3);
  CHECK(batch.x == std::vector<float>(batch.x.size(), 0.0f));
  CHECK(batch.label == std::vector<std::int32_t>(30, 4));
}

TEST_CASE("moving-mnist: real digits fit into frames of 20 points", "[tasks][moving-mnist]") {
  const auto folder = corpus("mnist");
  if (!folder) {
    WARN("skipped: no mnist in RNNLAB_TEST_DATA");
    return;
  }
  const Settings settings{{"task.path", folder->string()}, {"task.size", "20"}};
  const auto task = configured("moving-mnist", settings).make_task();
  const Batch batch = drawn(*task, Stream::test, 0, 20);
  for (std::size_t b = 0; b < 20; ++b) {
    // Whatever its way, the same points.
    const std::vector<float> x = inputs_of(batch, 400, b);
    for (std::size_t f = 1; f < 10; ++f) {
      const auto frame = [&](std::size_t n) {
        std::multiset<float> points;
        for (std::size_t i = 0; i < 400; ++i) points.insert(x[n * 400 + i]);
        return points;
      };
      CHECK(frame(f) == frame(0));
    }
  }
  CHECK(task->baselines().at(1).value > 0.6);
}
