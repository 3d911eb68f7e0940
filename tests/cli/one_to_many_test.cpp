#include <catch2/catch.hpp>
#include <set>

#include "command.hpp"
#include "decode/midi_file_reading.hpp"
#include "record/run_reader.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

const std::string melodies =
    "run --task.name melodies --task.length 5 --task.tonics 2 --model.name gru --model.hidden 32 "
    "--train.lr 0.02 --train.clip_norm 1 --train.batch 16 --train.steps 1200 --train.eval_every 0 "
    "--quiet --run.dir ";

const std::string scenes =
    "run --task.name caption --model.name gru --model.hidden 12 --train.batch 8 --train.steps 60 "
    "--train.eval_every 20 --task.valid_examples 20 --task.test_examples 20 --quiet --run.dir ";

}  // namespace

TEST_CASE("melodies are drawn of the class that is asked for") {
  const Workplace here;
  for (const std::string at : {"first", "every-step"}) {
    CAPTURE(at);
    REQUIRE(here.call(melodies + at + " --model.input_at " + at).code == 0);
    const std::string draw = "generate " + at + " --temperature 0 --prompt 60 --count 3 --class ";
    CHECK(here.call(draw + "scale-minor-down").out == "60\n58\n56\n55\n");
    CHECK(here.call(draw + "arpeggio-major-up").out == "60\n64\n67\n72\n");
  }
  const Ended tune = here.call(
      "generate first --class scale-major-up --prompt 61 --count 3 --temperature 0 "
      "--output tune.mid");
  CHECK(tune.out == "61\n63\n65\n66\n");
  const MidiReading reading(text_of(here.path("tune.mid")));
  CHECK(reading.ticks.size() == static_cast<std::size_t>(reading.division) * 4);
  CHECK(reading.ticks.front() == std::set<int>{61});

  struct Case {
    std::string more, what;
  };
  for (const Case& c : {Case{"", "no class is asked for (--class); choose one of scale-major-up"},
                        {" --class blues", "there is no class blues"},
                        {" --class scale-major-up --prompt 3:16", "3:16 is no MIDI note"}}) {
    const Ended wrong = here.call("generate first" + c.more);
    CAPTURE(c.more, wrong.err);
    CHECK(wrong.code == 2);
    CHECK(wrong.one_line_error());
    CHECK_THAT(wrong.err, Contains(c.what));
  }
}

TEST_CASE("captions: their vectors have no names to generate by") {
  const Workplace here;
  std::vector<std::string> words = Workplace::split_words(scenes + "a --record.instruments");
  words.emplace_back("gradient-flow parameter-norms");
  const Ended ended = here.call(words);
  REQUIRE(ended.code == 0);
  CHECK_THAT(ended.out, Contains("test/exact_match") && Contains("bigram 2.99"));
  for (const std::string more : {"", " --prompt a", " --class circle"}) {
    const Ended refused = here.call("generate a" + more);
    CHECK(refused.code == 2);
    CHECK(refused.one_line_error());
  }
  CHECK_THAT(here.call("generate a").err,
             Contains("the run's model is given vectors, which have no names to ask by"));
  // The vector's part of W_ih is there: 19 words and 64 numbers, three gates of 12.
  const RunReader run(here.path("a/run.h5").string());
  CHECK(run.values("model/parameters/weight_ih_l0").values.size() == 36 * (19 + 64));
  CHECK(run.column("gradients/parameters/weight_ih_l0").front() > 0);
  CHECK(run.has("gradients/hidden/layers.0.forward/norm"));
}
