#include <algorithm>
#include <catch2/catch.hpp>
#include <numbers>
#include <set>

#include "allocations.hpp"
#include "moving_images.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

/// One frame: which points are lit, and where their box lies.
struct Frame {
  std::set<std::pair<int, int>> lit;
  int top = 1000, left = 1000, bottom = -1, right = -1;

  Frame(const std::vector<float>& x, int f, int size) {
    for (int i = 0; i < size * size; ++i) {
      if (x[static_cast<std::size_t>(f * size * size + i)] == 0) continue;
      const int row = i / size, column = i % size;
      lit.insert({row, column});
      top = std::min(top, row);
      bottom = std::max(bottom, row);
      left = std::min(left, column);
      right = std::max(right, column);
    }
  }
};

/// The way of one axis, step by step: p moves by v, and what is beyond a wall is as far within.
std::vector<long> way(double p, double v, double room, int frames) {
  std::vector<long> all;
  for (int f = 0; f < frames; ++f) {
    all.push_back(std::lround(p));
    p += v;
    while (p < 0 || p > room) {
      p = p < 0 ? -p : 2 * room - p;
      v = -v;
    }
  }
  return all;
}

}  // namespace

TEST_CASE("moving-mnist: a digit goes straight on and is thrown back by the walls",
          "[tasks][moving-mnist]") {
  // From 1.5 at 2 a frame in a room of 6: 1.5 3.5 5.5, then 7.5 is 4.5 on the way back, 2.5 0.5,
  // and −1.5 is 1.5 on the way out.
  CHECK(way(1.5, 2, 6, 7) == std::vector<long>{2, 4, 6, 5, 3, 1, 2});
  const Folder folder;
  const double speed = GENERATE(0.0, 0.7, 2.0, 9.5, 31.0);
  const int frames = 12, size = 8;
  const auto task =
      folder.make({{"task.speed", std::to_string(speed)}, {"task.frames", std::to_string(frames)}});
  const Batch batch = drawn(*task, Stream::train, 0, 50);
  int walls = 0;
  for (std::size_t b = 0; b < 50; ++b) {
    CAPTURE(speed, b);
    const Image image(static_cast<int>(b));
    Rng rng({5, Stream::train}, b);
    const double angle = 2 * std::numbers::pi * rng.uniform53();
    const double down = size - image.rows, right = size - image.columns;
    const double start_down = down * rng.uniform53(), start_right = right * rng.uniform53();
    const auto rows = way(start_down, speed * std::sin(angle), down, frames);
    const auto columns = way(start_right, speed * std::cos(angle), right, frames);
    const std::vector<float> x = inputs_of(batch, size * size, b);
    CHECK(labels_of(batch, b) == std::vector<int>(frames, image.label));
    for (int f = 0; f < frames; ++f) {
      const auto at = static_cast<std::size_t>(f);
      const Frame frame(x, f, size);
      // All of it, and nothing else.
      CHECK(frame.lit.size() == static_cast<std::size_t>(image.rows * image.columns));
      CHECK((frame.top == rows[at] && frame.bottom == rows[at] + image.rows - 1));
      CHECK((frame.left == columns[at] && frame.right == columns[at] + image.columns - 1));
      walls += frame.top == 0 || frame.bottom == size - 1;
    }
    for (const float v : x) CHECK((v == 0 || v == static_cast<float>(image.brightness) / 255.0f));
  }
  CHECK(walls > 50);
}

TEST_CASE("moving-mnist: digits start anywhere and go in every direction",
          "[tasks][moving-mnist]") {
  const Folder folder;
  const auto task = folder.make({{"task.frames", "2"}, {"task.size", "100"}, {"task.speed", "10"}});
  const std::size_t count = 4000;
  std::vector<std::size_t> quarter(16), direction(8);
  for (std::size_t first = 0; first < count; first += 500) {
    const Batch batch = drawn(*task, Stream::train, first, 500);
    for (std::size_t b = 0; b < 500; ++b) {
      const std::vector<float> x = inputs_of(batch, 100 * 100, b);
      const Frame now(x, 0, 100), then(x, 1, 100);
      ++quarter[static_cast<std::size_t>(now.top / 25 * 4 + now.left / 25)];
      // What no wall has turned.
      if (std::min(now.top, now.left) < 11 || std::max(now.bottom, now.right) > 88) continue;
      const int down = then.top - now.top, right = then.left - now.left;
      CHECK(std::hypot(down, right) == Approx(10).margin(std::sqrt(2.0)));
      if (down == 0 || right == 0 || std::abs(down) == std::abs(right)) continue;
      ++direction[static_cast<std::size_t>((down > 0 ? 4 : 0) + (right > 0 ? 2 : 0) +
                                           (std::abs(down) > std::abs(right) ? 1 : 0))];
    }
  }
  // A digit is up to 3 of 100 points large, so the last quarters are a little smaller.
  for (const std::size_t n : quarter) CHECK(std::abs(static_cast<double>(n) - 250) < 80);
  const double all = static_cast<double>(std::accumulate(direction.begin(), direction.end(), 0ul));
  for (const std::size_t n : direction)
    CHECK(std::abs(static_cast<double>(n) - all / 8) < 5 * std::sqrt(all / 8));
}

TEST_CASE("moving-mnist: images of a split are that split's alone, on other ways in another round",
          "[tasks][moving-mnist]") {
  const Folder folder;
  const auto task = folder.make();
  for (const Stream split : {Stream::train, Stream::valid, Stream::test}) {
    const int first = split == Stream::train ? 0 : split == Stream::valid ? N - held_out : N;
    const int count = split == Stream::train   ? N - held_out
                      : split == Stream::valid ? held_out
                                               : tests;
    const Batch batch = drawn(*task, split, 0, static_cast<std::size_t>(2 * count));
    int moved = 0;
    for (int b = 0; b < 2 * count; ++b) {
      const Image image(first + b % count);
      const std::vector<float> x = inputs_of(batch, 64, static_cast<std::size_t>(b));
      CHECK(*std::max_element(x.begin(), x.end()) == static_cast<float>(image.brightness) / 255.0f);
      CHECK(batch.label[static_cast<std::size_t>(b)] == image.label);
      if (b >= count) moved += x != inputs_of(batch, 64, static_cast<std::size_t>(b - count));
    }
    CHECK(moved > count / 2);
  }
  // Splits are of any size, as those of tasks without files.
  CHECK(task->examples(Stream::test) == 0);
  CHECK(task->data_sha256().size() == 64);
}

TEST_CASE("moving-mnist: rows hold the same points as frames, and the label at a frame's end",
          "[tasks][moving-mnist]") {
  const Folder folder;
  const bool glyphs = GENERATE(false, true);
  const auto task = [&](Settings settings) {
    settings.insert(settings.end(), {{"task.frames", "3"}, {"task.visible", "0.6"}});
    if (!glyphs) return folder.make(settings);
    settings.emplace_back("task.size", "18");
    return made(settings);
  };
  const int size = glyphs ? 18 : 8;
  const auto by_frame = task({}), by_row = task({{"task.view", "rows"}}),
             clip = task({{"task.view", "rows"}, {"task.readout", "clip"}}),
             clip_by_frame = task({{"task.readout", "clip"}});
  CHECK((by_frame->facts().length == 3 && by_frame->facts().inputs == size * size));
  CHECK((by_row->facts().length == 3 * size && by_row->facts().inputs == size));
  CHECK((clip->facts().readout == Readout::last && by_row->facts().readout == Readout::every));
  const Batch frames = drawn(*by_frame, Stream::test, 3, 9),
              rows = drawn(*by_row, Stream::test, 3, 9), end = drawn(*clip, Stream::test, 3, 9),
              end_by_frame = drawn(*clip_by_frame, Stream::test, 3, 9);
  CHECK((end.x == rows.x && end_by_frame.x == frames.x && end.label == end_by_frame.label));
  for (std::size_t b = 0; b < 9; ++b) {
    CHECK(inputs_of(frames, size * size, b) == inputs_of(rows, size, b));
    CHECK(end.label[b] == frames.label[b]);
    for (int t = 0; t < 3 * size; ++t) {
      const std::size_t at = static_cast<std::size_t>(t) * 9 + b;
      CHECK(rows.weight[at] == (t % size == size - 1 ? 1 : 0));
      CHECK(rows.label[at] == frames.label[b]);
    }
  }
  CHECK(std::count(frames.weight.begin(), frames.weight.end(), 1.0f) == 27);
}

TEST_CASE("moving-mnist: each point is shown or not at each frame by itself",
          "[tasks][moving-mnist]") {
  const Folder folder;
  const Settings still{{"task.speed", "0"}, {"task.frames", "2"}};
  auto some = still;
  some.emplace_back("task.visible", "0.3");
  const Batch whole = drawn(*folder.make(still), Stream::train, 0, 3000),
              seen = drawn(*folder.make(some), Stream::train, 0, 3000);
  Mean first, both;
  for (std::size_t b = 0; b < 3000; ++b) {
    const auto x = inputs_of(whole, 64, b), shown = inputs_of(seen, 64, b);
    for (std::size_t i = 0; i < 64; ++i) {
      CHECK((shown[i] == 0 || shown[i] == x[i]));
      if (x[i] == 0) continue;
      first.add(shown[i] > 0);
      both.add(shown[i] > 0 && shown[i + 64] > 0);
    }
  }
  CHECK(first.agrees(0.3));
  CHECK(both.agrees(0.09));
}

TEST_CASE("moving-mnist: an example is a function of key and index, and drawing allocates nothing",
          "[tasks][moving-mnist][allocations]") {
  const Folder folder;
  for (const bool glyphs : {false, true}) {
    const auto task =
        glyphs ? made({{"task.visible", "0.5"}}) : folder.make({{"task.view", "rows"}});
    const int width = task->facts().inputs;
    const std::vector<std::uint64_t> ids{0, 1, 2, 1000000007, 1ull << 33, ~0ull};
    Batch together, alone;
    task->draw({42, Stream::train}, ids, together);
    const std::size_t before = rnnlab_test_allocations();
    task->draw({42, Stream::train}, ids, together);
    CHECK(rnnlab_test_allocations() == before);
    std::set<std::vector<float>> different;
    for (std::size_t b = 0; b < ids.size(); ++b) {
      task->draw({42, Stream::train}, std::span(ids).subspan(b, 1), alone);
      CHECK(inputs_of(alone, width, 0) == inputs_of(together, width, b));
      CHECK(labels_of(alone, 0) == labels_of(together, b));
      different.insert(inputs_of(alone, width, 0));
      task->draw({43, Stream::train}, std::span(ids).subspan(b, 1), alone);
      different.insert(inputs_of(alone, width, 0));
    }
    CHECK(different.size() == 2 * ids.size());
  }
}
