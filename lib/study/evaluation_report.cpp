#include "study/evaluation_report.hpp"

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "study/json_number.hpp"
#include "study/table.hpp"

namespace rnnlab {
namespace {

using Json = nlohmann::ordered_json;

std::string escaped(const std::string& token) {
  std::string result;
  for (const char c : token) {
    if (c == '\t')
      result += "\\t";
    else if (c == '\n')
      result += "\\n";
    else if (c == '\r')
      result += "\\r";
    else if (c == '\\')
      result += "\\\\";
    else
      result += c;
  }
  return result;
}

Json with_numbers(Json object, const std::vector<std::string>& names,
                  const std::vector<double>& numbers) {
  for (std::size_t i = 0; i < names.size(); ++i) object[names[i]] = number(numbers[i]);
  return object;
}

std::string source_name(const Prediction& row, std::size_t i) {
  return row.sources.size() == 1 ? "source" : "source_" + std::to_string(i + 1);
}

std::string text_of(const Answer& answer) {
  std::string text = escaped(answer.text);
  for (const float value : answer.values)
    text += (text.empty() ? "" : " ") + format_short(value, 7);
  return text;
}

Json json_of(const Answer& answer) {
  if (answer.values.empty()) return answer.text;
  Json values = Json::array();
  for (const float value : answer.values) values.push_back(number(value));
  return values;
}

/// Bytes that are no UTF-8, such as of a path, are replaced.
std::string written(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string evaluation_table(const std::vector<EvaluationRow>& rows) {
  std::vector<std::vector<std::string>> lines{{}};
  const EvaluationRow& first = rows.front();
  for (const auto& [key, value] : first.settings) lines[0].push_back(key);
  for (const auto& [name, value] : first.evaluation.metrics) lines[0].push_back(name);
  for (const Baseline& b : first.evaluation.baselines) lines[0].push_back(b.name);
  for (const EvaluationRow& row : rows) {
    std::vector<std::string>& line = lines.emplace_back();
    for (const auto& [key, value] : row.settings) line.push_back(value);
    for (const auto& [name, value] : row.evaluation.metrics) line.push_back(number_or_dash(value));
    for (const Baseline& b : row.evaluation.baselines) line.push_back(number_or_dash(b.value));
  }
  return aligned(lines);
}

std::string evaluation_json(const std::string& run, const std::vector<EvaluationRow>& rows) {
  Json results = Json::array();
  for (const EvaluationRow& row : rows) {
    Json settings = Json::object(), metrics = Json::object(), baselines = Json::object();
    for (const auto& [key, value] : row.settings) settings[key] = value;
    for (const auto& [name, value] : row.evaluation.metrics) metrics[name] = number(value);
    for (const Baseline& b : row.evaluation.baselines) baselines[b.name] = number(b.value);
    results.push_back({{"settings", settings}, {"metrics", metrics}, {"baselines", baselines}});
  }
  return written({{"run", run}, {"results", results}});
}

std::string token_tsv(const TokenTable& table) {
  const bool classified = !table.rows.empty() && table.rows.front().example >= 0;
  std::string text = classified ? "example\ttoken\tprediction" : "token";
  for (const std::string& name : table.names) text += "\t" + escaped(name);
  text += "\n";
  for (const TokenTable::Row& row : table.rows) {
    if (classified) text += std::to_string(row.example) + "\t";
    text += escaped(row.token);
    if (classified) text += "\t" + escaped(row.prediction);
    for (const double value : row.numbers) text += "\t" + format_double(value);
    text += "\n";
  }
  return text;
}

std::string token_json(const std::string& run, const TokenTable& table) {
  Json tokens = Json::array();
  for (const TokenTable::Row& row : table.rows) {
    Json token = Json::object();
    if (row.example >= 0) token["example"] = row.example;
    token["token"] = row.token;
    if (row.example < 0) {
      tokens.push_back(with_numbers(token, table.names, row.numbers));
      continue;
    }
    token["prediction"] = row.prediction;
    token["probabilities"] = with_numbers(Json::object(), table.names, row.numbers);
    tokens.push_back(token);
  }
  return written({{"run", run}, {"tokens", tokens}});
}

std::string prediction_tsv(const std::vector<Prediction>& rows) {
  std::string text = "example";
  for (std::size_t i = 0; i < rows.front().sources.size(); ++i)
    text += "\t" + source_name(rows.front(), i);
  text += "\ttarget\tprediction\n";
  for (const Prediction& row : rows) {
    text += std::to_string(row.example);
    for (const std::string& source : row.sources) text += "\t" + escaped(source);
    text += "\t" + text_of(row.target) + "\t" + text_of(row.predicted) + "\n";
  }
  return text;
}

std::string prediction_json(const std::string& run, const std::vector<Prediction>& rows) {
  Json predictions = Json::array();
  for (const Prediction& row : rows) {
    Json one{{"example", row.example}};
    for (std::size_t i = 0; i < row.sources.size(); ++i) one[source_name(row, i)] = row.sources[i];
    one["target"] = json_of(row.target);
    one["prediction"] = json_of(row.predicted);
    predictions.push_back(one);
  }
  return written({{"run", run}, {"predictions", predictions}});
}

}  // namespace rnnlab
