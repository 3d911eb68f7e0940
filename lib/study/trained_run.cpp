#include "study/trained_run.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/shown.hpp"
#include "data/language_model_task.hpp"
#include "data/piano_roll.hpp"
#include "nn/model.hpp"
#include "study/config_file.hpp"
#include "study/content_id.hpp"
#include "study/run_digest.hpp"

namespace rnnlab {
namespace {

/// The folder's run file, once it is known to be there and whole.
std::string run_file(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "run.h5";
  if (!std::filesystem::exists(file)) {
    throw Error(Exit::usage, "no run", shown(folder.string()), "give a folder with a run.h5");
  }
  check_run_file(folder);
  return file.string();
}

}  // namespace

std::string vocabulary_text(const std::vector<std::string>& symbols) {
  return nlohmann::json(symbols).dump();
}

TrainedRun::TrainedRun(const std::filesystem::path& folder)
    : folder_(folder), where_(shown((folder / "run.h5").string())), reader_(run_file(folder)) {
  if (reader_.outcome() != "completed") {
    throw Error(Exit::usage, "the run is " + reader_.outcome() + ", not completed", where_,
                "finish it first");
  }
  symbols_ = texts("vocabulary");
  source_symbols_ = texts("source_vocabulary");
}

std::vector<std::string> TrainedRun::texts(const std::string& dataset) const {
  if (!reader_.has(dataset)) return {};
  try {
    return nlohmann::json::parse(reader_.text(dataset));
  } catch (const nlohmann::json::exception&) {
    throw Error(Exit::data, "the vocabulary is damaged", where_, "train again");
  }
}

std::vector<Setting> TrainedRun::settings() const {
  std::vector<Setting> settings = parse_settings(reader_.config(), where_);
  const std::filesystem::path file = folder_ / "config.ini";
  if (!std::filesystem::exists(file)) return settings;
  for (const Setting& named : read_settings(file)) {
    for (Setting& setting : settings)
      if (setting.key == named.key && is_content_id(setting.value)) setting = named;
  }
  return settings;
}

Config TrainedRun::portable(const Registry& registry) const {
  return resolve(registry, parse_settings(reader_.config(), where_));
}

std::optional<std::string> TrainedRun::note(const std::string& name) const {
  for (const auto& [key, value] : reader_.attributes()) {
    const auto* const text = std::get_if<std::string>(&value);
    if (key == name && text) return *text;
  }
  return {};
}

bool TrainedRun::reads_two_sources() const {
  const auto datasets = reader_.datasets();
  return std::any_of(datasets.begin(), datasets.end(), [](const std::string& name) {
    return name.starts_with("model/parameters/encoder2.");
  });
}

std::optional<TextUnit> TrainedRun::unit() const {
  const auto unit = note("text_unit");
  return unit ? std::optional(text_unit(*unit)) : std::nullopt;
}

std::optional<Tokeniser> TrainedRun::tokeniser(const std::string& name) const {
  const auto text = note(name);
  return text ? std::optional(Tokeniser::named(*text)) : std::nullopt;
}

int TrainedRun::integer(const std::string& name) const {
  for (const auto& [key, value] : reader_.attributes()) {
    const auto* const number = std::get_if<std::int64_t>(&value);
    if (key == name && number && *number > 0 && *number <= 1000000000)
      return static_cast<int>(*number);
  }
  throw Error(Exit::data, "the attribute " + name + " is missing or damaged", where_,
              "train again");
}

std::vector<double> TrainedRun::parameters(const ModelOptions& options, const Facts& facts) const {
  std::vector<double> all;
  const auto model = make_model<float>(options, facts);
  for (const Parameter& p : model->parameters()) {
    const std::string path = "model/parameters/" + p.name;
    const Values values = reader_.has(path) ? reader_.values(path) : Values();
    if (values.values.size() != p.size()) {
      throw Error(Exit::usage,
                  "parameter " + p.name + " would have " + std::to_string(p.size()) +
                      " values, the trained one has " + std::to_string(values.values.size()),
                  where_, "leave inputs, outputs and the model as they were in training");
    }
    all.insert(all.end(), values.values.begin(), values.values.end());
  }
  return all;
}

Facts TrainedLanguageModel::facts() const {
  return language_facts(vocabulary.unit(), vocabulary.size(), 1);
}

bool is_class_model(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "run.h5";
  if (!std::filesystem::exists(file)) return false;
  const auto datasets = RunReader(file.string()).datasets();
  return std::binary_search(datasets.begin(), datasets.end(), "classes");
}

TrainedClassModel read_class_model(const Registry& registry, const std::filesystem::path& folder) {
  const TrainedRun run(folder);
  TrainedClassModel result{.model = run.portable(registry).model(),
                           .facts = {},
                           .vocabulary = Vocabulary(run.symbols()),
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
  const TrainedRun run(folder);
  const auto unit = run.unit();
  if (!unit) {
    if (run.portable(registry).task().name == "caption")
      throw Error(Exit::usage, "the run's model is given vectors, which have no names to ask by",
                  run.where(), "give a run of task names, melodies or a language model");
    throw Error(Exit::usage, "the run is not of a language model", run.where(),
                run.source_symbols().empty() ? "give one of task char-lm or word-lm"
                                             : "translate decodes it");
  }
  TrainedLanguageModel result{
      run.portable(registry).model(), TextVocabulary(*unit, run.symbols()), {}};
  result.parameters = run.parameters(result.model, result.facts());
  return result;
}

TrainedTranslator read_translator(const Registry& registry, const std::filesystem::path& folder) {
  const TrainedRun run(folder);
  if (run.symbols().empty() || run.source_symbols().empty()) {
    throw Error(Exit::usage, "the run is not of a sequence-to-sequence model with symbols",
                run.where(),
                "give one of task translation, summarise, reverse, sort or copy-sequence");
  }
  if (run.reads_two_sources()) {
    throw Error(Exit::usage, "the model reads two texts, and translate gives it one", run.where(),
                "eval reads others: --task.path FILE.tsv");
  }
  TrainedTranslator result{
      .model = run.portable(registry).model(),
      .facts = {},
      .sources = SymbolText(run.source_symbols(), 0, run.tokeniser("source_text")),
      .targets = SymbolText(run.symbols(), 1, run.tokeniser("target_text")),
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

bool is_music_run(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "run.h5";
  if (!std::filesystem::exists(file)) return false;
  const auto settings = parse_settings(RunReader(file.string()).config(), file.string());
  return std::any_of(settings.begin(), settings.end(), [](const Setting& setting) {
    return setting.key == "task.name" &&
           (setting.value == "jsb-chorales" || setting.value == "melodies");
  });
}

TrainedMusicModel read_music_model(const Registry& registry, const std::filesystem::path& folder) {
  const TrainedRun run(folder);
  const Config config = run.portable(registry);
  const bool chorales = config.task().name == "jsb-chorales";
  TrainedMusicModel result{
      .model = config.model(),
      .facts = {.inputs = piano_keys,
                .outputs = piano_keys,
                .length = 1,
                .loss = LossKind::binary_cross_entropy,
                .readout = Readout::every},
      .lowest_note = lowest_note,
      .frames_per_quarter = chorales && config.value("task.grid") == "16th" ? 4 : 1,
      .classes = run.texts("classes"),
      .parameters = {}};
  result.facts.given = static_cast<int>(result.classes.size());
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
