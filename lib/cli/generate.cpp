#include <iostream>

#include "cli/generate_music.hpp"
#include "cli/generate_names.hpp"
#include "cli/verb.hpp"
#include "decode/sampling.hpp"
#include "study/trained_run.hpp"

namespace rnnlab {
namespace {

/// What all kinds of models are asked for.
struct Asked {
  std::string prompt;
  Sampling sampling;
  std::int64_t count;
  std::uint64_t seed;
};

void generate_text(const TrainedLanguageModel& trained, const Asked& asked) {
  const TextVocabulary& vocabulary = trained.vocabulary;
  const bool words = vocabulary.unit() == TextUnit::words;
  const std::string prompt(words ? asked.prompt.substr(0, asked.prompt.find_last_not_of(" \t") + 1)
                                 : asked.prompt);
  // Without a prompt, what a line begins after, where texts have lines.
  std::vector<std::int32_t> read = vocabulary.encode(prompt, "--prompt");
  if (read.empty()) read.push_back(vocabulary.line_end().value_or(0));
  StepReader reader(trained.model, trained.facts(), trained.parameters);
  std::span<const float> logits;
  for (const std::int32_t symbol : read) logits = reader.read(symbol);
  std::cout << prompt;
  Rng rng({asked.seed, Stream::generate}, 0);
  std::int32_t before = read.back();
  for (std::int64_t i = 0; i < asked.count && std::cout; ++i) {
    const int symbol = sample(logits, asked.sampling, rng);
    std::cout << vocabulary.written(symbol, before) << std::flush;
    logits = reader.read(symbol);
    before = symbol;
  }
  std::cout << "\n";
}

Exit generate(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  if (arguments.words.size() != 1) {
    throw Error(Exit::usage, "generate takes one folder", "command line", "give a run's");
  }
  const Sampling sampling{number_of(arguments, "temperature", "1", 0, 1e3, false),
                          static_cast<int>(number_of(arguments, "top-k", "0", 0, 1e9, true))};
  if (is_music_run(arguments.words.front())) return generate_music(invocation, sampling);
  if (arguments.has("output"))
    throw Error(Exit::usage, "the run's model writes text", "--output",
                "leave it out, or give a run of task jsb-chorales or melodies");
  if (is_class_model(arguments.words.front())) return generate_names(invocation, sampling);
  if (arguments.has("class"))
    throw Error(Exit::usage, "the run's model is given no class", "--class",
                "leave it out, or give a run of task names or melodies");
  const Asked asked{
      .prompt = arguments.get("prompt"),
      .sampling = sampling,
      .count = static_cast<std::int64_t>(number_of(arguments, "count", "500", 0, 1e9, true)),
      .seed = static_cast<std::uint64_t>(number_of(arguments, "seed", "0", 0, 9e15, true))};
  generate_text(read_language_model(invocation.registry, arguments.words.front()), asked);
  return Exit::done;
}

}  // namespace

Verb generate_verb() {
  return {
      "generate",
      "DIR [--prompt TEXT] [--count N] [--class NAME]",
      "text from a trained language model, names of a class, or music",
      "Reads the prompt, then draws symbol after symbol, characters or words, from what the model\n"
      "predicts. The same seed gives the same text.\n"
      "Of task names: a name on each line, which begins with the prompt; without --class, names "
      "of\n"
      "all classes, each line beginning with its class and a tab.\n"
      "Of task jsb-chorales: frames as MIDI notes, one a line (- where nothing sounds), after a\n"
      "prompt of the same kind (60 64 67, 62 65 69) or a piece of the test part (3; its first 16\n"
      "frames: 3:16). K of top-k is then how many keys may sound at once. Of task melodies: the\n"
      "same of a class, the prompt notes alone.\n\n"
      "Example\n"
      "  rnnlab generate results/runs/RUN --prompt \"ROMEO:\" --temperature 0.8\n"
      "  rnnlab generate results/runs/NAMES --class Irish --count 5\n"
      "  rnnlab generate results/runs/CHORALES --prompt 3:16 --output bach.mid\n",
      {{"prompt", "TEXT", "what the model reads first; default: a line end, which is not shown"},
       {"count", "N",
        "symbols to draw after it; default 500, of chorales 64 frames. Of names: how many of each "
        "class; default 10"},
       {"class", "NAME", "of names: of this class alone; of melodies, which need one: of this"},
       {"output", "FILE.mid", "of music: a Standard MIDI File of prompt and frames"},
       {"temperature", "X", "below 1: likelier ones; 0: the likeliest one always; default 1"},
       {"top-k", "K", "draw among the K likeliest symbols; 0, the default: among all"},
       {"seed", "N", "of the draws; default 0"}},
      {},
      generate};
}

}  // namespace rnnlab
