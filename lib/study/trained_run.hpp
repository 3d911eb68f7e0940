#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "data/batch.hpp"
#include "data/symbol_text.hpp"
#include "data/text_vocabulary.hpp"
#include "data/translation_options.hpp"
#include "data/vocabulary.hpp"
#include "record/run_reader.hpp"
#include "study/config.hpp"

namespace rnnlab {

/// The datasets /vocabulary, /source_vocabulary and /classes of a run file: the text of each class,
/// of each input symbol, and of each entry of a vector that is given, as a JSON array of strings.
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
  /// Whether it is of a model with two encoders.
  bool reads_two_sources() const;
  /// What a language model's texts are read by; nothing where it is none.
  std::optional<TextUnit> unit() const;
  /// The texts of a dataset such as /classes; empty where there is none.
  std::vector<std::string> texts(const std::string& dataset) const;
  /// What the task noted of its data under a name.
  std::optional<std::string> note(const std::string& name) const;
  /// How sentences are cut, where a note says so.
  std::optional<Tokeniser> tokeniser(const std::string& name) const;
  /// An integer attribute of the root, above 0.
  int integer(const std::string& name) const;
  /// θ, in the order of the layout that the model has for these facts. Throws Error(usage) where
  /// that is of another size than the run's.
  std::vector<double> parameters(const ModelOptions&, const Facts&) const;

 private:
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

/// A trained model of sequences of symbols, each of a class that the model is given; symbol
/// `end_symbol` begins and ends them.
struct TrainedClassModel {
  ModelOptions model;
  Facts facts;  // length: of the longest in training, its end included
  Vocabulary vocabulary;
  std::vector<std::string> classes;
  std::vector<double> parameters;  // in the order of the model's layout
};

/// A trained sequence-to-sequence model, as its run file has it.
struct TrainedTranslator {
  ModelOptions model;
  Facts facts;
  SymbolText sources, targets;     // the end symbol stands in no line
  std::vector<double> parameters;  // in the order of the model's layout
};

/// A trained model of music, keys on or off frame by frame, as its run file has it.
struct TrainedMusicModel {
  ModelOptions model;
  Facts facts;          // of one frame at a time
  int lowest_note = 0;  // the MIDI note of the first key
  int frames_per_quarter = 0;
  std::vector<std::string> classes;  // of which it is given one; empty: it is given none
  std::vector<double> parameters;    // in the order of the model's layout
};

/// Whether DIR holds a run of task jsb-chorales or melodies.
bool is_music_run(const std::filesystem::path& folder);
/// Whether DIR/run.h5 is of a model of classes; false where there is no such file.
bool is_class_model(const std::filesystem::path& folder);

/// All read DIR/run.h5. Throw Error: usage where the run is no finished one of such a model; data
/// where the file cannot be read.
TrainedClassModel read_class_model(const Registry&, const std::filesystem::path& folder);
TrainedLanguageModel read_language_model(const Registry&, const std::filesystem::path& folder);
TrainedMusicModel read_music_model(const Registry&, const std::filesystem::path& folder);
TrainedTranslator read_translator(const Registry&, const std::filesystem::path& folder);

/// What the run of DIR/config.ini was told of its corpus, `changed` on top. Throws Error(usage) for
/// one of another task than translation.
TranslationOptions read_translation_options(const Registry&, const std::filesystem::path& folder,
                                            const std::vector<Setting>& changed);

}  // namespace rnnlab
