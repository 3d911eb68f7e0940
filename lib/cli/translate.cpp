#include <algorithm>
#include <iostream>
#include <sstream>

#include "base/text.hpp"
#include "cli/input.hpp"
#include "cli/score_translations.hpp"
#include "cli/verb.hpp"
#include "decode/translator.hpp"
#include "study/alignments.hpp"
#include "study/trained_run.hpp"

namespace rnnlab {
namespace {

/// A line of the input and where it stands: `sources.txt:3`. An empty one has an empty line for its
/// translation, and no alignment.
struct Line {
  std::string where;
  std::vector<std::int32_t> source;
};

std::vector<Line> read_lines(const std::string& file, const SymbolText& symbols) {
  const std::string name = input_name(file);
  std::string bytes = whole_input(file, "the sources");
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.erase(0, 3);
  std::istringstream text(std::move(bytes));
  std::vector<Line> lines;
  for (std::string line; std::getline(text, line);) {
    if (line.ends_with('\r')) line.pop_back();
    const std::string where = name + ":" + std::to_string(lines.size() + 1);
    lines.push_back({where, symbols.read(line, where)});
  }
  if (lines.empty()) {
    throw Error(Exit::data, "there are no sources", name, "give one on each line");
  }
  return lines;
}

const Line& longest_of(const std::vector<Line>& lines) {
  return *std::max_element(lines.begin(), lines.end(), [](const Line& a, const Line& b) {
    return a.source.size() < b.source.size();
  });
}

Translator translator_for(const TrainedTranslator& trained, const Line& longest,
                          const BeamOptions& beam) {
  const int most = std::max(1, static_cast<int>(longest.source.size()));
  try {
    return {trained.model, trained.facts, most, trained.parameters, beam};
  } catch (const Error& error) {
    if (most <= trained.facts.length) throw;
    throw Error(Exit::data,
                "a source of " + std::to_string(most) + " symbols, in training they had up to " +
                    std::to_string(trained.facts.length) + ": " + error.what(),
                longest.where, "shorten it");
  }
}

AlignedLine alignment_of(const TrainedTranslator& trained, const Line& line,
                         const Hypothesis& found) {
  AlignedLine alignment{.source = {},
                        .target = {},
                        .weights = found.alignment,
                        .log_probability = found.log_probability};
  for (const std::int32_t s : line.source)
    alignment.source.push_back(trained.sources.symbols()[static_cast<std::size_t>(s)]);
  for (const std::int32_t s : found.symbols)
    alignment.target.push_back(trained.targets.symbols()[static_cast<std::size_t>(s)]);
  if (found.ended) alignment.target.push_back(trained.targets.symbols()[end_symbol]);
  return alignment;
}

Exit translate(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  if (arguments.words.size() != 1) {
    throw Error(Exit::usage, "translate takes one folder", "command line", "give a run's");
  }
  const std::string kept = arguments.get("attention");
  const BeamOptions beam{static_cast<int>(number_of(arguments, "beam", "1", 1, 1000, true)),
                         number_of(arguments, "length-penalty", "0", 0, 100, false),
                         arguments.has("attention")};
  const auto count =
      static_cast<std::size_t>(number_of(arguments, "n-best", "1", 1, beam.beam, true));
  if (beam.alignments) check_place_for_alignments(kept);
  const TrainedTranslator trained = read_translator(invocation.registry, arguments.words.front());
  if (arguments.has("score")) {
    for (const char* const other : {"input", "attention", "n-best"})
      if (arguments.has(other))
        throw Error(Exit::usage, std::string("--score does not go with --") + other, "command line",
                    "leave one of them out");
    score_translations(invocation, arguments.words.front(), trained, beam, arguments.get("score"));
    return Exit::done;
  }
  if (!arguments.settings.empty())
    throw Error(Exit::usage, arguments.settings.front().key + " says what to score", "command line",
                "add --score FILE.tsv");
  const std::vector<Line> lines = read_lines(arguments.get("input", "-"), trained.sources);
  Translator translator = translator_for(trained, longest_of(lines), beam);

  // With a file to be written, nothing is printed unless it is.
  std::ostringstream waiting;
  std::ostream& out = beam.alignments ? waiting : std::cout;
  std::vector<AlignedLine> alignments;
  for (std::size_t i = 0; i < lines.size() && out; ++i) {
    if (lines[i].source.empty()) {
      if (count == 1) out << '\n';
      alignments.emplace_back();
      continue;
    }
    const std::vector<Hypothesis> found = translator(lines[i].source);
    for (std::size_t n = 0; n < std::min(count, found.size()); ++n) {
      if (count > 1) out << i + 1 << '\t' << format_double(found[n].score) << '\t';
      out << trained.targets.write(found[n].symbols) << '\n';
    }
    if (!beam.alignments) {
      out.flush();
      continue;
    }
    if (found.front().alignment.empty()) {
      throw Error(Exit::usage, "the model has no attention to write down", "--attention",
                  "train one with it: model.name seq2seq-attention");
    }
    alignments.push_back(alignment_of(trained, lines[i], found.front()));
  }
  if (beam.alignments) {
    write_alignment_file(kept, alignments);
    std::cout << waiting.str();
  }
  return Exit::done;
}

}  // namespace

Verb translate_verb() {
  return {
      "translate",
      "DIR [--input FILE|-] [--beam N] [--score FILE.tsv]",
      "decode a trained sequence-to-sequence model, one line per input line",
      "Every line of the input is a source: of task translation a sentence, else symbols of the\n"
      "run's task, one after the other where each is one character, else with spaces between. All\n"
      "of it is read, and checked, first. A target ends where the model says so, or where it is "
      "as\n"
      "long as the longest one in training, and one more step for every symbol that the source is\n"
      "longer. An empty line stays one.\n\n"
      "Example\n"
      "  rnnlab translate results/runs/RUN --input sources.txt --beam 5 --attention kept.h5\n"
      "  echo abcde | rnnlab translate results/runs/RUN\n"
      "  rnnlab translate results/runs/RUN --score scores.tsv\n",
      {{"input", "FILE|-", "the sources, one on each line; default: -, stdin"},
       {"beam", "N", "hypotheses that are lengthened side by side; default 1: greedy"},
       {"length-penalty", "A",
        "scores are log p / ((5 + steps) / 6)^A, the end counted as a step; default 0: log p"},
       {"n-best", "N",
        "print the N best targets, each as line number, score and text between tabs; default "
        "1: the text alone"},
       {"attention", "FILE.h5",
        "write what the model looked at, [target, source], for the best target of each line"},
       {"score", "FILE.tsv",
        "of task translation: decode its test split instead of an input, print BLEU by the "
        "sources' "
        "lengths, write a row for each source"}},
      {"task"},
      translate};
}

}  // namespace rnnlab
