#include "study/trained_run.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "data/piano_roll.hpp"
#include "nn/model.hpp"
#include "record/run_reader.hpp"
#include "study/config_file.hpp"
#include "study/run_digest.hpp"

namespace rnnlab {

namespace {

/// A finished run's file.
struct FinishedRun {
  std::string file;
  RunReader reader;
  std::vector<std::string> datasets;

  bool has(const std::string& dataset) const {
    return std::binary_search(datasets.begin(), datasets.end(), dataset);
  }
  std::vector<std::string> texts(const std::string& dataset) const {
    try {
      return nlohmann::json::parse(reader.text(dataset));
    } catch (const nlohmann::json::exception&) {
      throw Error(Exit::data, "the vocabulary is damaged", shown(file), "train again");
    }
  }
  /// An attribute of the root.
  int integer(const std::string& name) const {
    for (const auto& [key, value] : reader.attributes()) {
      const auto* const number = std::get_if<std::int64_t>(&value);
      if (key == name && number && *number > 0 && *number <= 1000000000)
        return static_cast<int>(*number);
    }
    throw Error(Exit::data, "the attribute " + name + " is missing or damaged", shown(file),
                "train again");
  }
  /// How sentences are cut, where an attribute of the root says so.
  std::optional<Tokeniser> tokeniser(const std::string& name) const {
    for (const auto& [key, value] : reader.attributes()) {
      const auto* const text = std::get_if<std::string>(&value);
      if (key == name && text) return Tokeniser::named(*text);
    }
    return {};
  }
  Config config(const Registry& registry) const {
    return resolve(registry, parse_settings(reader.config(), file));
  }
  ModelOptions model(const Registry& registry) const { return config(registry).model(); }
  std::vector<double> parameters(const ModelOptions& options, const Facts& facts) const {
    std::vector<double> all;
    const auto model = make_model<float>(options, facts);
    for (const Parameter& p : model->parameters()) {
      const Values values = reader.values("model/parameters/" + p.name);
      if (values.values.size() != p.size()) {
        throw Error(Exit::data, "parameter " + p.name + " has another size than the model's",
                    shown(file), "train again");
      }
      all.insert(all.end(), values.values.begin(), values.values.end());
    }
    return all;
  }
};

FinishedRun open_finished(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "run.h5";
  if (!std::filesystem::exists(file)) {
    throw Error(Exit::usage, "no run", shown(folder.string()), "give a folder with a run.h5");
  }
  check_run_file(folder);
  RunReader reader(file.string());
  if (reader.outcome() != "completed") {
    throw Error(Exit::usage, "the run is " + reader.outcome() + ", not completed",
                shown(file.string()), "finish it first");
  }
  auto datasets = reader.datasets();
  return {file.string(), std::move(reader), std::move(datasets)};
}

}  // namespace

std::string vocabulary_text(const std::vector<std::string>& symbols) {
  return nlohmann::json(symbols).dump();
}

Facts TrainedLanguageModel::facts() const {
  const int n = vocabulary.size();
  return {.inputs = n,
          .symbols = true,
          .outputs = n,
          .length = 1,
          .loss = LossKind::cross_entropy,
          .metric = Metric::bits_per_character,
          .readout = Readout::every};
}

bool is_class_model(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "run.h5";
  if (!std::filesystem::exists(file)) return false;
  const auto datasets = RunReader(file.string()).datasets();
  return std::binary_search(datasets.begin(), datasets.end(), "classes");
}

TrainedClassModel read_class_model(const Registry& registry, const std::filesystem::path& folder) {
  const FinishedRun run = open_finished(folder);
  TrainedClassModel result{.model = run.model(registry),
                           .facts = {},
                           .vocabulary = Vocabulary(run.texts("vocabulary")),
                           .classes = run.texts("classes"),
                           .parameters = {}};
  const int n = result.vocabulary.size();
  result.facts = {.inputs = n,
                  .symbols = true,
                  .given = static_cast<int>(result.classes.size()),
                  .outputs = n,
                  .length = run.integer("target_length"),
                  .loss = LossKind::cross_entropy,
                  .metric = Metric::bits_per_character,
                  .readout = Readout::every};
  result.parameters = run.parameters(result.model, result.facts);
  return result;
}

TrainedLanguageModel read_language_model(const Registry& registry,
                                         const std::filesystem::path& folder) {
  const FinishedRun run = open_finished(folder);
  if (!run.has("vocabulary") || !run.has("metrics/test/bits_per_character")) {
    throw Error(Exit::usage, "the run is not of a language model", shown(run.file),
                run.has("source_vocabulary") ? "translate decodes it" : "give one of task char-lm");
  }
  TrainedLanguageModel result{run.model(registry), Vocabulary(run.texts("vocabulary")), {}};
  result.parameters = run.parameters(result.model, result.facts());
  return result;
}

TrainedTranslator read_translator(const Registry& registry, const std::filesystem::path& folder) {
  const FinishedRun run = open_finished(folder);
  if (!run.has("vocabulary") || !run.has("source_vocabulary")) {
    throw Error(Exit::usage, "the run is not of a sequence-to-sequence model with symbols",
                shown(run.file), "give one of task translation, reverse, sort or copy-sequence");
  }
  TrainedTranslator result{
      .model = run.model(registry),
      .facts = {},
      .sources = SymbolText(run.texts("source_vocabulary"), 0, run.tokeniser("source_text")),
      .targets = SymbolText(run.texts("vocabulary"), 1, run.tokeniser("target_text")),
      .parameters = {}};
  result.facts = {.inputs = result.sources.size(),
                  .symbols = true,
                  .outputs = result.targets.size(),
                  .length = run.integer("source_length"),
                  .target_length = run.integer("target_length"),
                  .loss = LossKind::cross_entropy,
                  .readout = Readout::sequence};
  result.parameters = run.parameters(result.model, result.facts);
  return result;
}

bool is_chorale_run(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "run.h5";
  if (!std::filesystem::exists(file)) return false;
  const auto settings = parse_settings(RunReader(file.string()).config(), file.string());
  return std::any_of(settings.begin(), settings.end(), [](const Setting& setting) {
    return setting.key == "task.name" && setting.value == "jsb-chorales";
  });
}

TrainedChoraleModel read_chorale_model(const Registry& registry,
                                       const std::filesystem::path& folder) {
  const FinishedRun run = open_finished(folder);
  const Config config = run.config(registry);
  TrainedChoraleModel result{.model = config.model(),
                             .facts = {.inputs = piano_keys,
                                       .outputs = piano_keys,
                                       .length = 1,
                                       .loss = LossKind::binary_cross_entropy,
                                       .readout = Readout::every},
                             .lowest_note = lowest_note,
                             .frames_per_quarter = config.value("task.grid") == "16th" ? 4 : 1,
                             .parameters = {}};
  result.parameters = run.parameters(result.model, result.facts);
  return result;
}

TranslationOptions read_translation_options(const Registry& registry,
                                            const std::filesystem::path& folder,
                                            const std::vector<Setting>& changed) {
  std::vector<Setting> settings = read_settings(folder / "config.ini");
  settings.insert(settings.end(), changed.begin(), changed.end());
  const Config config = resolve(registry, settings);
  if (config.task().name != TranslationOptions::task)
    throw Error(Exit::usage, "the run is of task " + config.task().name, shown(folder.string()),
                std::string("give one of task ") + TranslationOptions::task);
  TranslationOptions options;
  Assign fields = config.assign("task");
  options.describe(fields);
  return options;
}

}  // namespace rnnlab
