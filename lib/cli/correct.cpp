#include <iostream>

#include "base/text.hpp"
#include "cli/input.hpp"
#include "cli/verb.hpp"
#include "data/corpus.hpp"
#include "data/language_model_task.hpp"
#include "data/spelling_test.hpp"
#include "decode/model_corrector.hpp"
#include "study/correction_report.hpp"
#include "study/trained_run.hpp"

namespace rnnlab {
namespace {

/// The text that words are counted in: that of --words, else the run's own training part.
std::string word_source(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  if (arguments.has("words")) return whole_input(arguments.get("words"), "the words");
  const TrainedRun run(arguments.words.front());
  std::unique_ptr<Task> task;
  try {
    task = resolve(invocation.registry, run.settings()).make_task();
  } catch (const Error& error) {
    throw Error(error.code(), std::string("no words to count: ") + error.what(), "--words",
                "name a text or a list of words");
  }
  const auto* texts = dynamic_cast<const LanguageModelTask*>(task.get());
  return texts ? texts->text(Stream::train) : std::string();
}

Exit evaluate(const Arguments& arguments, const std::string& text, const std::string& name,
              const WordList& words, const CorrectorOptions& options, ModelCorrector& by_model,
              bool json) {
  const double share = number_of(arguments, "typos", "0.1", 0, 1, false);
  const auto seed = static_cast<std::uint64_t>(number_of(arguments, "seed", "0", 0, 9e15, true));
  const SpellingTest test(text, name, words, share, seed);
  if (test.typos() == 0)
    throw Error(Exit::data, "no word of the text is mistyped", name,
                "give more text of known words, or a greater --typos");
  Corrector by_list(words, options);
  const CorrectionReport report{.words = test.words(),
                                .typos = test.typos(),
                                .rankings = {{"none", test.uncorrected()},
                                             {"unigram", test.corrected(by_list)},
                                             {"language model", test.corrected(by_model)}}};
  std::cout << (json ? correction_json(report) : correction_table(report));
  return Exit::done;
}

Exit run_correct(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  if (arguments.words.size() != 1)
    throw Error(Exit::usage, "correct takes one folder", "command line", "give a run's");
  const bool json = format_of(arguments, {"table", "json"}) == "json";
  const bool evaluates = arguments.has("evaluate");
  for (const char* option : {"typos", "seed"}) {
    if (arguments.has(option) && !evaluates)
      throw Error(Exit::usage, std::string("--") + option + " is for --evaluate", "command line",
                  "add that");
  }
  const std::string input = arguments.get("input", "-");
  if (input == "-" && arguments.get("words") == "-")
    throw Error(Exit::usage, "stdin cannot be both the text and the words", "--words",
                "name a file for one of them");
  const CorrectorOptions options{
      .edit_cost = number_of(arguments, "edit-cost", "9", 0, 1000, false),
      .reranked =
          static_cast<std::size_t>(number_of(arguments, "candidates", "100", 1, 1e6, true))};
  const TrainedLanguageModel trained =
      read_language_model(invocation.registry, arguments.words.front());
  const WordList words(word_source(invocation),
                       arguments.has("words") ? input_name(arguments.get("words")) : "task.path");
  const std::string text = whole_input(input, "the text"), name = input_name(input);
  ModelCorrector correct(words, options, trained.vocabulary, trained.model, trained.parameters);
  if (evaluates) return evaluate(arguments, text, name, words, options, correct, json);

  std::vector<CorrectedLine> corrected;
  for (const TextLine& line : text_lines(text, name)) {
    corrected.push_back({std::string(line.text), correct(line.text, line_name(name, line.number))});
    if (!json) std::cout << corrected.back().corrected << '\n' << std::flush;
    if (!std::cout) break;
  }
  if (json) std::cout << corrected_json(corrected);
  return Exit::done;
}

}  // namespace

Verb correct_verb() {
  return {
      "correct",
      "DIR [--input FILE|-] [--words FILE]",
      "spelling correction with a trained language model",
      "Every word that is not in the word list (letters, apostrophes between letters; upper and\n"
      "lower case alike) is replaced by the word of the list within edit distance 2 (insertions,\n"
      "deletions, substitutions, transpositions of neighbours) that the language model holds\n"
      "likeliest between the text before and what follows in the line, at a cost for every edit.\n"
      "A word without such candidates stays.\n\n"
      "--evaluate mistypes known words of the input and tells how many of them are put right by\n"
      "the model, by the words' frequencies alone (unigram), and by leaving all as it is (none).\n"
      "The same seed makes the same typos.\n\n"
      "JSON: {\"lines\": [{\"line\", \"corrected\"}]}; --evaluate: {\"words\", \"typos\",\n"
      "\"rankings\": [{\"ranking\", \"typos_right\", \"accuracy\" (of the typos), "
      "\"words_right\",\n"
      "\"word_accuracy\" (of all words)}]}.\n\n"
      "Example\n"
      "  echo 'the quikc brown fox' | rnnlab correct results/runs/RUN\n"
      "  rnnlab correct results/runs/RUN --evaluate --input held-out.txt --typos 0.1\n",
      {{"input", "FILE|-", "the text; default: -, stdin"},
       {"words", "FILE",
        "a text or a list to take the known words and their frequencies from;\n"
        "                        default: what the run was trained on"},
       {"edit-cost", "X", "what an edit takes from a candidate's score, in nats; default 9"},
       {"candidates", "N",
        "of a word, the likeliest by frequency, that the model ranks; default 100"},
       {"evaluate", "", "mistype the input and count what is put right"},
       {"typos", "SHARE", "of the words that are mistyped; default 0.1"},
       {"seed", "N", "of the typos; default 0"},
       {"format", "table|json", "of the result"}},
      {},
      run_correct};
}

}  // namespace rnnlab
