#include "study/trained_run.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "nn/model.hpp"
#include "record/run_reader.hpp"
#include "study/config_file.hpp"
#include "study/run_digest.hpp"

namespace rnnlab {

namespace {

Vocabulary read_vocabulary(const RunReader& reader, const std::filesystem::path& file) {
  try {
    std::vector<std::string> symbols = nlohmann::json::parse(reader.text("vocabulary"));
    return Vocabulary(std::move(symbols));
  } catch (const nlohmann::json::exception&) {
    throw Error(Exit::data, "the vocabulary is damaged", shown(file.string()), "train again");
  }
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

TrainedLanguageModel read_language_model(const Registry& registry,
                                         const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "run.h5";
  if (!std::filesystem::exists(file)) {
    throw Error(Exit::usage, "no run", shown(folder.string()), "give a folder with a run.h5");
  }
  check_run_file(folder);
  const RunReader reader(file.string());
  if (reader.outcome() != "completed") {
    throw Error(Exit::usage, "the run is " + reader.outcome() + ", not completed",
                shown(file.string()), "finish it first");
  }
  const auto datasets = reader.datasets();
  if (!std::binary_search(datasets.begin(), datasets.end(), "vocabulary")) {
    throw Error(Exit::usage, "the run is not of a language model", shown(file.string()),
                "give one of task char-lm");
  }
  const Config config = resolve(registry, parse_settings(reader.config(), file.string()));
  TrainedLanguageModel result{config.model(), read_vocabulary(reader, file), {}};
  const auto model = make_model<float>(result.model, result.facts());
  for (const Parameter& p : model->parameters()) {
    const Values values = reader.values("model/parameters/" + p.name);
    if (values.values.size() != p.size()) {
      throw Error(Exit::data, "parameter " + p.name + " has another size than the model's",
                  shown(file.string()), "train again");
    }
    result.parameters.insert(result.parameters.end(), values.values.begin(), values.values.end());
  }
  return result;
}

}  // namespace rnnlab
