#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "data/batch.hpp"
#include "data/symbol_text.hpp"
#include "data/translation_options.hpp"
#include "data/vocabulary.hpp"
#include "study/config.hpp"

namespace rnnlab {

/// The datasets /vocabulary, /source_vocabulary and /classes of a run file: the text of each class,
/// of each input symbol, and of each entry of a vector that is given, as a JSON array of strings.
std::string vocabulary_text(const std::vector<std::string>& symbols);

/// A trained language model, as its run file has it; the text that it was trained on is not needed.
struct TrainedLanguageModel {
  ModelOptions model;
  Vocabulary vocabulary;
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
struct TrainedChoraleModel {
  ModelOptions model;
  Facts facts;          // of one frame at a time
  int lowest_note = 0;  // the MIDI note of the first key
  int frames_per_quarter = 0;
  std::vector<double> parameters;  // in the order of the model's layout
};

/// Whether DIR holds a run of task jsb-chorales.
bool is_chorale_run(const std::filesystem::path& folder);
/// Whether DIR/run.h5 is of a model of classes; false where there is no such file.
bool is_class_model(const std::filesystem::path& folder);

/// All read DIR/run.h5. Throw Error: usage where the run is no finished one of such a model; data
/// where the file cannot be read.
TrainedClassModel read_class_model(const Registry&, const std::filesystem::path& folder);
TrainedLanguageModel read_language_model(const Registry&, const std::filesystem::path& folder);
TrainedChoraleModel read_chorale_model(const Registry&, const std::filesystem::path& folder);
TrainedTranslator read_translator(const Registry&, const std::filesystem::path& folder);

/// What the run of DIR/config.ini was told of its corpus, `changed` on top. Throws Error(usage) for
/// one of another task than translation.
TranslationOptions read_translation_options(const Registry&, const std::filesystem::path& folder,
                                            const std::vector<Setting>& changed);

}  // namespace rnnlab
