#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "data/batch.hpp"
#include "data/symbol_text.hpp"
#include "data/text_vocabulary.hpp"
#include "record/run_reader.hpp"
#include "study/config.hpp"

namespace rnnlab {

/// The datasets /vocabulary and /source_vocabulary of a run file: the text of each class, and of
/// each input symbol, as a JSON array of strings.
std::string vocabulary_text(const std::vector<std::string>& symbols);

/// A finished run, as its folder has it.
class TrainedRun {
 public:
  /// Throws Error: usage where there is no finished run; data where its file cannot be read.
  explicit TrainedRun(const std::filesystem::path& folder);

  /// How messages name its file.
  const std::string& where() const { return where_; }
  /// Its configuration; files by the names that config.ini has for them.
  std::vector<Setting> settings() const;
  /// The same with files by their content, which need not be there.
  Config portable(const Registry&) const;
  /// The texts of classes and of input symbols; empty where they have none.
  const std::vector<std::string>& symbols() const { return symbols_; }
  const std::vector<std::string>& source_symbols() const { return source_symbols_; }
  /// What a language model's texts are read by; nothing where it is none.
  std::optional<TextUnit> unit() const;
  /// An integer attribute of the root, above 0.
  int integer(const std::string& name) const;
  /// θ, in the order of the layout that the model has for these facts. Throws Error(usage) where
  /// that is of another size than the run's.
  std::vector<double> parameters(const ModelOptions&, const Facts&) const;

 private:
  std::vector<std::string> texts(const std::string& dataset) const;

  std::filesystem::path folder_;
  std::string where_;
  RunReader reader_;
  std::vector<std::string> symbols_, source_symbols_;
};

/// A trained language model, as its run file has it; the text that it was trained on is not needed.
struct TrainedLanguageModel {
  ModelOptions model;
  TextVocabulary vocabulary;
  std::vector<double> parameters;  // in the order of the model's layout

  /// Of one symbol at a time.
  Facts facts() const;
};

/// A trained sequence-to-sequence model, as its run file has it.
struct TrainedTranslator {
  ModelOptions model;
  Facts facts;
  SymbolText sources, targets;     // the end symbol stands in no line
  std::vector<double> parameters;  // in the order of the model's layout
};

/// Both read DIR/run.h5. Throw Error: usage where the run is no finished one of such a model; data
/// where the file cannot be read.
TrainedLanguageModel read_language_model(const Registry&, const std::filesystem::path& folder);
TrainedTranslator read_translator(const Registry&, const std::filesystem::path& folder);

}  // namespace rnnlab
