#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "data/corpora.hpp"
#include "drawn.hpp"
#include "files.hpp"
#include "record/scratch.hpp"
#include "taught.hpp"
#include "train/gradcheck.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;
using Piece = std::vector<std::vector<int>>;  // frames of MIDI notes
using Parts = std::map<std::string, std::vector<Piece>>;

/// A corpus in a folder of its own.
class Chorales {
 public:
  explicit Chorales(const Parts& parts, const std::string& name = "jsb-chorales-quarter.json") {
    write(parts, name);
  }
  void write(const Parts& parts, const std::string& name) const {
    write_file(path(name), nlohmann::json(parts).dump());
  }
  std::string path(const std::string& name = "") const { return scratch_.path(name); }
  std::unique_ptr<Task> task(Settings settings = {}) const {
    settings.emplace_back("task.path", path());
    return configured("jsb-chorales", settings).make_task();
  }

 private:
  Scratch scratch_;
};

const Parts small{{"train", {{{60, 64}, {62}, {}, {60}}, {{21, 108}, {60, 64}, {60}}}},
                  {"valid", {{{60}, {62}}}},
                  {"test", {{{60}, {60, 62}, {64}}, {{62}, {62}}}}};

/// A tune of eight notes, over and over, begun anywhere.
Parts tunes() {
  const std::vector<int> tune{60, 62, 64, 65, 67, 65, 64, 62};
  Parts parts;
  int piece = 0;
  for (const auto& [name, count] : {std::pair{"train", 24}, {"valid", 6}, {"test", 6}}) {
    for (int i = 0; i < count; ++i, ++piece) {
      Piece frames;
      for (int t = 0; t < 12 + piece % 9; ++t) {
        const int note = tune[static_cast<std::size_t>((t + piece) % 8)];
        frames.push_back({note - 12, note});
      }
      parts[name].push_back(frames);
    }
  }
  return parts;
}

/// What a model of rates pays per frame, written down once more: pairs counted into a table, half a
/// time added each way. `cell(key, was on)` names the rate that a key goes by.
template <class Cell>
double paid(const Parts& parts, Cell&& cell) {
  std::map<std::pair<int, int>, std::array<double, 2>> table;
  const auto walk = [&](const std::string& part, auto&& f) {
    double frames = 0;
    for (const Piece& piece : parts.at(part)) {
      for (std::size_t t = 1; t < piece.size(); ++t, ++frames) {
        for (int note = 21; note <= 108; ++note) {
          const auto on = [&](const std::vector<int>& frame) {
            return std::find(frame.begin(), frame.end(), note) != frame.end();
          };
          f(cell(note, on(piece[t - 1])), on(piece[t]) ? 1 : 0);
        }
      }
    }
    return frames;
  };
  walk("train", [&](std::pair<int, int> at, int now) { table[at][static_cast<size_t>(now)] += 1; });
  double nats = 0;
  const double frames = walk("test", [&](std::pair<int, int> at, int now) {
    const auto& [off, on] = table[at];
    nats -= std::log(((now ? on : off) + 0.5) / (on + off + 1));
  });
  return nats / frames;
}

}  // namespace

TEST_CASE("jsb-chorales: a piece is an example, the next frame is asked for", "[tasks][chorales]") {
  const Chorales chorales(small);
  const auto task = chorales.task();
  const Facts facts = task->facts();
  CHECK(facts.inputs == 88);
  CHECK(facts.outputs == 88);
  CHECK(facts.length == 3);
  CHECK(facts.loss == LossKind::binary_cross_entropy);
  CHECK(std::string(facts.metric_name()) == "nll");
  CHECK(facts.lower_is_better());
  CHECK(task->examples(Stream::train) == 2);
  CHECK(task->examples(Stream::valid) == 1);
  CHECK(task->examples(Stream::test) == 2);
  const auto lengths = task->example_lengths();
  CHECK(std::vector<std::int32_t>(lengths.begin(), lengths.end()) ==
        std::vector<std::int32_t>{3, 2});

  const Batch batch = drawn(*task, Stream::train, 0, 2);
  const auto notes = [&](const std::vector<float>& values, std::size_t t, std::size_t b) {
    std::vector<int> found;
    for (std::size_t k = 0; k < 88; ++k) {
      const float value = values[(t * 2 + b) * 88 + k];
      CHECK((value == 0 || value == 1));
      if (value == 1) found.push_back(static_cast<int>(k) + 21);
    }
    return found;
  };
  using Notes = std::vector<int>;
  CHECK(notes(batch.x, 0, 0) == Notes{60, 64});
  CHECK(notes(batch.y, 0, 0) == Notes{62});
  CHECK(notes(batch.x, 1, 0) == Notes{62});
  CHECK(notes(batch.y, 1, 0) == Notes{});
  CHECK(notes(batch.x, 2, 0) == Notes{});
  CHECK(notes(batch.y, 2, 0) == Notes{60});
  CHECK(notes(batch.x, 0, 1) == Notes{21, 108});
  CHECK(notes(batch.y, 1, 1) == Notes{60});
  CHECK(batch.length == std::vector<int>{3, 2});
  CHECK(batch.weight == std::vector<float>{1, 1, 1, 1, 1, 0});
  CHECK(notes(batch.x, 2, 1) == Notes{});
  CHECK(notes(batch.y, 2, 1) == Notes{});
}

TEST_CASE("jsb-chorales: the baselines, counted once more", "[tasks][chorales]") {
  const auto alone = [](int note, bool) { return std::pair{note, 0}; };
  const auto copied = [](int, bool before) { return std::pair{0, before ? 1 : 0}; };
  const auto given = [](int note, bool before) { return std::pair{note, before ? 1 : 0}; };
  for (const Parts& parts : {small, tunes()}) {
    const Chorales chorales(parts);
    const auto task = chorales.task();
    const auto baselines = task->baselines();
    REQUIRE(baselines.size() == 3);
    CHECK(baselines[0].value == Approx(paid(parts, alone)));
    CHECK(baselines[1].value == Approx(paid(parts, copied)));
    CHECK(baselines[2].value == Approx(paid(parts, given)));
    CHECK(task->facts().chance_loss == baselines[0].value);
    CHECK(task->plateaus().front().loss == baselines[0].value);
  }
}

TEST_CASE("jsb-chorales: the file of the grid, or the file itself", "[tasks][chorales]") {
  const Chorales chorales(small);
  Parts other = small;
  other["train"].push_back({{60}, {62}});
  chorales.write(other, "Jsb16thSeparated.json");
  CHECK(chorales.task()->examples(Stream::train) == 2);
  CHECK(chorales.task({{"task.grid", "16th"}})->examples(Stream::train) == 3);
  other["train"].push_back({{60}, {62}});
  chorales.write(other, "jsb-chorales-16th.json");
  CHECK(chorales.task({{"task.grid", "16th"}})->examples(Stream::train) == 4);
  const auto file =
      configured("jsb-chorales", {{"task.path", chorales.path("Jsb16thSeparated.json")}});
  CHECK(file.make_task()->examples(Stream::train) == 3);
  std::filesystem::remove(chorales.path("jsb-chorales-quarter.json"));
  CHECK_THROWS_WITH(chorales.task(), Contains("there is no jsb-chorales-quarter.json"));
  write_file(chorales.path("jsb-chorales-16th.json"), "{\"train\": [[[1]]]}");
  CHECK_THROWS_WITH(chorales.task({{"task.grid", "16th"}}),
                    Contains("jsb-chorales-16th.json: train[0][0]"));
}

TEST_CASE("jsb-chorales: the gradient", "[tasks][chorales][gradcheck]") {
  const Chorales chorales(small);
  const auto task = chorales.task();
  ModelOptions options;
  options.cell = GENERATE("elman", "lstm", "gru");
  options.hidden = 6;
  for (const GradientError& e : gradcheck(*task, options, 1, 2)) {
    CAPTURE(options.cell, e.parameter);
    CHECK(e.error < 1e-6);
  }
}

TEST_CASE("jsb-chorales: a GRU learns a tune", "[tasks][chorales][learning]") {
  const Chorales chorales(tunes());
  const Config config = configured("jsb-chorales", {{"task.path", chorales.path()},
                                                    {"model.name", "gru"},
                                                    {"model.hidden", "32"},
                                                    {"train.batch", "8"},
                                                    {"train.lr", "0.02"},
                                                    {"train.clip_norm", "1"},
                                                    {"train.steps", "200"},
                                                    {"train.eval_every", "0"}});
  const auto task = config.make_task();
  MemorySink sink;
  const Outcome outcome = taught(config, *task, sink, 1);
  CHECK(outcome.ended == Ended::completed);
  CHECK(outcome.test_loss == outcome.test_metric);
  // The first frame does not tell which of two places in the tune it is, on the way up or down.
  for (const Baseline& baseline : task->baselines()) {
    CAPTURE(baseline.name, baseline.value);
    CHECK(outcome.test_loss < 0.5 * baseline.value);
  }
}

TEST_CASE("jsb-chorales: the published pieces, predictions and baselines", "[tasks][chorales]") {
  const auto folder = corpus("jsb-chorales");
  if (!folder) {
    WARN("skipped: no jsb-chorales in RNNLAB_TEST_DATA");
    return;
  }
  struct Case {
    const char* grid;
    std::array<double, 3> frames;
  };
  for (const Case& c : {Case{"quarter", {13807, 4602, 4725}}, {"16th", {55228, 18408, 18900}}}) {
    CAPTURE(c.grid);
    const auto task =
        configured("jsb-chorales", {{"task.path", folder->string()}, {"task.grid", c.grid}})
            .make_task();
    const std::array<Stream, 3> splits{Stream::train, Stream::valid, Stream::test};
    const std::array<std::int64_t, 3> pieces{229, 76, 77};
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(task->examples(splits[i]) == pieces[i]);
      double predicted = 0;
      const Batch batch = drawn(*task, splits[i], 0, static_cast<std::size_t>(pieces[i]));
      for (const float w : batch.weight) predicted += static_cast<double>(w);
      CHECK(predicted == c.frames[i] - static_cast<double>(pieces[i]));
    }
    if (c.grid != std::string("quarter")) continue;
    CHECK(drawn(*task, Stream::test, 0, 77).T == 159);
    CHECK(task->baselines()[0].value == Approx(11.09).margin(0.005));
    CHECK(task->baselines()[1].value == Approx(13.71).margin(0.005));
    CHECK(task->baselines()[2].value == Approx(10.49).margin(0.005));
  }
}
