#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "study/evaluation.hpp"
#include "study/predictions.hpp"

namespace rnnlab {

/// An evaluation and the settings that tell it from others.
struct EvaluationRow {
  Settings settings;
  Evaluation evaluation;
};

/// A line for each row: settings, metrics, baselines.
std::string evaluation_table(const std::vector<EvaluationRow>&);

/// {"run": ID, "results": [{"settings": {"task.length": "20"}, "metrics": {"loss": …},
/// "baselines": {"unigram": …}}]}
std::string evaluation_json(const std::string& run, const std::vector<EvaluationRow>&);

/// Symbols one after the other, each with what a model makes of it: of a language model's numbers
/// alone; of a classifier's the example's number, the likeliest class and each one's probability.
struct TokenTable {
  struct Row {
    std::string token;
    std::vector<double> numbers;
    std::int64_t example = -1;  // −1: a language model's
    std::string prediction = {};
  };
  std::vector<std::string> names;  // of the numbers
  std::vector<Row> rows;
};

/// Tab-separated with a heading; \t, \n, \r and \\ inside a token are written as such.
std::string token_tsv(const TokenTable&);
/// {"run": ID, "tokens": [{"token": "the", "log_probability": −1.2, …}]}
std::string token_json(const std::string& run, const TokenTable&);

/// Under a heading, escaped likewise: example, source (or source_1 and source_2) where inputs are
/// symbols, target, prediction; values with blanks between.
std::string prediction_tsv(const std::vector<Prediction>&);
/// {"run": ID, "predictions": [{"example": 0, "source": "abc", "target": "cba", "prediction":
/// "cba"}]}; values are arrays of numbers.
std::string prediction_json(const std::string& run, const std::vector<Prediction>&);

}  // namespace rnnlab
