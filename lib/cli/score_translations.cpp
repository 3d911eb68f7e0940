#include "cli/score_translations.hpp"

#include <algorithm>
#include <array>
#include <iostream>
#include <limits>

#include "base/text.hpp"
#include "decode/translation_scores.hpp"
#include "study/table.hpp"
#include "study/text_file.hpp"

namespace rnnlab {
namespace {

constexpr int any = std::numeric_limits<int>::max();
constexpr std::array<std::array<int, 2>, 5> lengths{
    {{1, 5}, {6, 10}, {11, 20}, {21, 30}, {31, any}}};

std::string cell(std::string text) {
  std::replace(text.begin(), text.end(), '\t', ' ');
  return text;
}

std::string statistics_of(const Bleu& bleu) {
  std::string numbers;
  for (const std::int64_t n : bleu.right()) numbers += std::to_string(n) + " ";
  for (const std::int64_t n : bleu.total()) numbers += std::to_string(n) + " ";
  return numbers + std::to_string(bleu.length()) + " " + std::to_string(bleu.reference_length());
}

std::string rows_of(const std::vector<ScoredSource>& scored) {
  std::string text = "source\tsymbols\tnats\tsteps\tstatistics\thypothesis\treferences\n";
  for (const ScoredSource& one : scored) {
    text += cell(one.sentence) + "\t" + std::to_string(one.symbols) + "\t" +
            format_double(one.nats) + "\t" + std::to_string(one.steps) + "\t" +
            statistics_of(one.statistics) + "\t" + cell(one.hypothesis);
    for (const std::string& reference : one.references) text += "\t" + cell(reference);
    text += "\n";
  }
  return text;
}

std::string table_of(const std::vector<ScoredSource>& scored) {
  std::vector<std::vector<std::string>> rows{
      {"symbols", "sources", "bleu", "exact_match", "perplexity"}};
  const auto add = [&](const std::string& name, int least, int most) {
    const TranslationScore score = total_of(scored, least, most);
    if (score.sources == 0) return;
    rows.push_back({name, std::to_string(score.sources), format_short(score.bleu),
                    format_short(score.exact_match), format_short(score.perplexity)});
  };
  for (const auto& [least, most] : lengths)
    add(std::to_string(least) + (most == any ? " or more" : "-" + std::to_string(most)), least,
        most);
  add("all", 1, any);
  return aligned(rows);
}

}  // namespace

void score_translations(const Invocation& invocation, const std::filesystem::path& folder,
                        const TrainedTranslator& trained, const BeamOptions& beam,
                        const std::string& file) {
  const TranslationOptions options =
      read_translation_options(invocation.registry, folder, invocation.arguments.settings);
  const TranslationCorpus corpus(options);
  if (corpus.sources().symbols() != trained.sources.symbols() ||
      corpus.targets().symbols() != trained.targets.symbols())
    throw Error(Exit::data, "the corpus has another vocabulary than the run", shown(options.path),
                "name the corpus that it was trained on: --task.path");
  const std::vector<ScoredSource> scored =
      score_translations(corpus, options, trained.model, trained.parameters, beam);
  replace_text(file, rows_of(scored));
  std::cout << table_of(scored) << corpus.left_out()
            << " pairs of the corpus are left out, as one of their sentences is too long\n";
}

}  // namespace rnnlab
