#include "cli/generate_music.hpp"

#include <algorithm>
#include <iostream>

#include "base/text.hpp"
#include "decode/frame_sampler.hpp"
#include "decode/midi_file.hpp"
#include "study/config_file.hpp"
#include "study/text_file.hpp"
#include "study/trained_run.hpp"

namespace rnnlab {
namespace {

using Frame = std::vector<int>;  // keys, from 0
using Frames = std::vector<Frame>;

constexpr const char* silence = "-";

[[noreturn]] void refuse(const std::string& what, const std::string& next) {
  throw Error(Exit::usage, what, "--prompt", next);
}

/// The first `count` frames of a piece of the test part, all where count is 0.
Frames frames_of_piece(const Invocation& invocation, std::int64_t piece, std::int64_t count) {
  const std::filesystem::path folder = invocation.arguments.words.front();
  const auto task = resolve(invocation.registry, read_settings(folder / "config.ini")).make_task();
  if (const auto pieces = task->examples(Stream::test); piece >= pieces)
    refuse("there is no piece " + std::to_string(piece) + " in the test part",
           "give one from 0 to " + std::to_string(pieces - 1));
  const std::uint64_t id = static_cast<std::uint64_t>(piece);
  Batch batch;
  task->draw({0, Stream::test}, {&id, 1}, batch);
  const auto steps = static_cast<std::size_t>(batch.length.front());
  const auto width = static_cast<std::size_t>(task->facts().inputs);
  Frames frames;
  for (std::size_t t = 0; t <= steps; ++t) {  // the last frame is a target alone
    const float* const row = t < steps ? &batch.x[t * width] : &batch.y[(steps - 1) * width];
    frames.emplace_back();
    for (std::size_t k = 0; k < width; ++k)
      if (row[k] > 0) frames.back().push_back(static_cast<int>(k));
  }
  if (count > std::ssize(frames))
    refuse("piece " + std::to_string(piece) + " has " + std::to_string(frames.size()) + " frames",
           "ask for no more than that");
  if (count > 0) frames.resize(static_cast<std::size_t>(count));
  return frames;
}

/// `60 64 67, 62 65 69`: frames of MIDI notes, between commas or line ends.
Frames frames_of_notes(std::string text, const TrainedMusicModel& trained) {
  std::replace(text.begin(), text.end(), '\n', ',');
  Frames frames;
  for (const std::string& part : split(text, ',')) {
    if (part.empty()) continue;
    frames.emplace_back();
    for (const std::string& word : words(part)) {
      if (word == silence) continue;
      const auto note = parse_int(word);
      const int first = trained.lowest_note, last = first + trained.facts.inputs - 1;
      if (!note || *note < first || *note > last)
        refuse(shown(word) + " is no MIDI note from " + std::to_string(first) + " to " +
                   std::to_string(last),
               "write frames as 60 64 67, 62 65 69, a silent one as -");
      frames.back().push_back(static_cast<int>(*note) - first);
    }
    std::sort(frames.back().begin(), frames.back().end());
    frames.back().erase(std::unique(frames.back().begin(), frames.back().end()),
                        frames.back().end());
  }
  return frames;
}

Frames prompt_of(const Invocation& invocation, const TrainedMusicModel& trained) {
  const std::string text = invocation.arguments.get("prompt");
  // A class' melodies are drawn, not stored: there is no piece to name.
  if (!trained.classes.empty()) return frames_of_notes(text, trained);
  const std::size_t colon = text.find(':');
  const auto piece = parse_int(trim(text.substr(0, colon)));
  if (!piece || *piece < 0) return frames_of_notes(text, trained);
  const auto count = colon == text.npos ? 0 : parse_int(trim(text.substr(colon + 1)));
  if (!count || *count < (colon == text.npos ? 0 : 1))
    refuse(shown(text) + " is no piece and number of frames",
           "write 3:16 for the first 16 of piece 3");
  return frames_of_piece(invocation, *piece, *count);
}

/// One-hot, of the class that is asked for; empty of a model that is given none.
std::vector<float> given_class(const Arguments& arguments, const TrainedMusicModel& trained) {
  const std::vector<std::string>& classes = trained.classes;
  if (classes.empty() && arguments.has("class"))
    throw Error(Exit::usage, "the run's model is given no class", "--class",
                "leave it out, or give a run of task melodies or names");
  const auto found = std::find(classes.begin(), classes.end(), arguments.get("class"));
  if (!classes.empty() && found == classes.end())
    throw Error(Exit::usage,
                arguments.has("class") ? "there is no class " + shown(arguments.get("class"))
                                       : "no class is asked for",
                "--class", "choose one of " + join(classes, ", "));
  std::vector<float> given(classes.size(), 0.0f);
  if (!classes.empty()) given[static_cast<std::size_t>(found - classes.begin())] = 1;
  return given;
}

}  // namespace

Exit generate_music(const Invocation& invocation, const Sampling& sampling) {
  const Arguments& arguments = invocation.arguments;
  const auto count = static_cast<std::int64_t>(number_of(arguments, "count", "64", 0, 1e6, true));
  const auto seed = static_cast<std::uint64_t>(number_of(arguments, "seed", "0", 0, 9e15, true));
  const TrainedMusicModel trained = read_music_model(invocation.registry, arguments.words.front());
  const Frames prompt = prompt_of(invocation, trained);
  StepReader reader(trained.model, trained.facts, trained.parameters,
                    given_class(arguments, trained));
  Frames notes;
  const auto put = [&](Frame frame) {
    std::vector<std::string> shown_notes;
    for (int& key : frame) shown_notes.push_back(std::to_string(key += trained.lowest_note));
    std::cout << (frame.empty() ? silence : join(shown_notes, " ")) << "\n" << std::flush;
    notes.push_back(std::move(frame));
  };
  // A piece begins out of silence, which is not shown; a class' melody was trained to.
  std::span<const float> logits;
  if (prompt.empty() || !trained.classes.empty()) logits = reader.read_ones({});
  for (const Frame& frame : prompt) {
    logits = reader.read_ones(frame);
    put(frame);
  }
  Rng rng({seed, Stream::generate}, 0);
  for (std::int64_t i = 0; i < count && std::cout; ++i) {
    const Frame frame = sample_frame(logits, sampling, rng);
    logits = reader.read_ones(frame);
    put(frame);
  }
  if (arguments.has("output"))
    replace_text(arguments.get("output"), midi_file(notes, trained.frames_per_quarter));
  return Exit::done;
}

}  // namespace rnnlab
