#include <algorithm>
#include <catch2/catch.hpp>

#include "command.hpp"
#include "decode/midi_file_reading.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

/// Two voices that go up and down by turns.
std::string pieces(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += i > 0 ? ", [" : "[";
    for (int t = 0; t < 10; ++t)
      text += std::string(t > 0 ? ", " : "") + ((t + i) % 2 ? "[60, 64]" : "[62, 65]");
    text += "]";
  }
  return text;
}

const std::string train =
    "run --run.dir run --task.name jsb-chorales --task.path pieces.json --model.name gru "
    "--model.hidden 16 --train.batch 4 --train.lr 0.03 --train.steps 150 --train.eval_every 50 "
    "--quiet ";

}  // namespace

TEST_CASE("chorales are learned, told beside counts, and continued") {
  const Workplace here;
  write_file(here.path("pieces.json"), "{\"train\": [" + pieces(8) + "], \"valid\": [" + pieces(2) +
                                           "], \"test\": [" + pieces(3) + "]}");
  const Ended ended = here.call(train + "--task.grid 16th");
  CHECK(ended.err.empty());
  REQUIRE(ended.code == 0);
  CHECK_THAT(ended.out, Contains("test/nll") && Contains("marginal of each key") &&
                            Contains("copy of the previous frame"));

  const auto generated = [&](const std::string& prompt, const std::string& more) {
    std::vector<std::string> words = Workplace::split_words("generate run " + more);
    words.insert(words.end(), {"--prompt", prompt});
    return here.call(words);
  };
  const Ended notes = generated("60 64, 62 65", "--temperature 0 --count 4");
  CHECK(notes.code == 0);
  CHECK(notes.out == "60 64\n62 65\n60 64\n62 65\n60 64\n62 65\n");
  const Ended piece = generated("1:3", "--temperature 0 --count 2");
  CHECK(piece.out == "60 64\n62 65\n60 64\n62 65\n60 64\n");
  const Ended whole = generated("2", "--count 0");
  CHECK(std::count(whole.out.begin(), whole.out.end(), '\n') == 10);
  CHECK(generated("65 60 65, -\n62 65,", "--count 0").out == "60 65\n-\n62 65\n");

  const std::string drawn = "generate run --count 40 --temperature 1.5 --output tune.mid";
  const Ended tune = here.call(drawn + " --seed 3");
  REQUIRE(tune.code == 0);
  CHECK(here.call(drawn + " --seed 4").out != tune.out);
  CHECK(here.call(drawn + " --seed 3").out == tune.out);
  const MidiReading reading(text_of(here.path("tune.mid")));
  const auto frame = static_cast<std::size_t>(reading.division / 4);
  CHECK(reading.ticks.size() == 40 * frame);
  std::string lines;
  for (std::size_t t = 0; t < 40; ++t) {
    std::string line;
    for (const int note : reading.ticks[t * frame])
      line += (line.empty() ? "" : " ") + std::to_string(note);
    lines += (line.empty() ? "-" : line) + "\n";
  }
  CHECK(lines == tune.out);

  struct Case {
    std::string prompt, what;
  };
  for (const Case& c : {Case{"3", "there is no piece 3"},
                        {"1:11", "has 10 frames"},
                        {"1:x", "is no piece and number"},
                        {"60 200", "200 is no MIDI note"},
                        {"C#", "C# is no MIDI note"}}) {
    const Ended wrong = generated(c.prompt, "--count 1");
    CAPTURE(c.prompt, wrong.err);
    CHECK(wrong.code == 2);
    CHECK(wrong.one_line_error());
    CHECK_THAT(wrong.err, Contains(c.what));
  }
  CHECK(here.call("generate run --output no/such/folder/a.mid").code == 5);
}
