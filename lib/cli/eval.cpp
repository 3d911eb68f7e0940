#include <algorithm>
#include <cmath>
#include <iostream>

#include "base/text.hpp"
#include "cli/input.hpp"
#include "cli/verb.hpp"
#include "data/language_corpus.hpp"
#include "study/evaluation_report.hpp"
#include "study/grid.hpp"
#include "study/per_token.hpp"
#include "study/stop.hpp"

namespace rnnlab {
namespace {

/// A configuration's data beside the trained run, and what they are read with.
struct Asked {
  Config config;
  std::unique_ptr<Task> task;
};

/// A value as the grammar of axes has it for itself alone.
std::string one_value(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == ',' || c == '(' || c == ')') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::vector<Config> asked_configs(const Invocation& invocation, const TrainedRun& run) {
  std::vector<Setting> settings = run.settings();
  for (Setting& setting : settings) setting.value = one_value(setting.value);
  for (const Setting& setting : invocation.arguments.settings) {
    if (setting.key == "task.name" || setting.key == "task.protocol")
      throw Error(Exit::usage, "a trained run has its task", "--" + setting.key, "leave it out");
    settings.push_back(setting);
  }
  std::vector<Config> configs;
  for (GridPoint& point : expand(invocation.registry, settings))
    configs.push_back(std::move(point.config));
  return configs;
}

const Config::Entry& entry_of(const Config& config, const std::string& key) {
  const auto& all = config.entries();
  return *std::find_if(all.begin(), all.end(), [&](const auto& e) { return e.spec.key == key; });
}

/// Whether a configuration names other data than those of training; if nobody has asked for that,
/// the files have changed.
bool has_other_data(const Invocation& invocation, const TrainedRun& run, const Config& config) {
  const Config trained = run.portable(invocation.registry);
  bool other = false;
  for (const Config::Entry& entry : config.entries()) {
    if (!entry.spec.info.file || entry.identity == entry_of(trained, entry.spec.key).identity)
      continue;
    const auto& given = invocation.arguments.settings;
    if (std::none_of(given.begin(), given.end(),
                     [&](const Setting& s) { return s.key == entry.spec.key; }))
      throw Error(Exit::data, "not the data that the run was trained on: they have changed",
                  entry.spec.key + " = " + entry.value,
                  "say --" + entry.spec.key + " to take them all the same");
    other = true;
  }
  return other;
}

/// Of the same files another cut would have some of training's examples in its test.
void check_same_parts(const Invocation& invocation, const TrainedRun& run, const Config& config) {
  const Config trained = run.portable(invocation.registry);
  const auto& all = config.entries();
  const auto cuts = [](const Config::Entry& entry) {
    const std::string& key = entry.spec.key;
    return key == "task.fold" || key == "task.folds" || key == "task.valid_share" ||
           key == "task.test_share";
  };
  const bool drawn = std::any_of(all.begin(), all.end(), cuts);
  for (const Config::Entry& entry : all) {
    if (!cuts(entry) && !(drawn && entry.spec.key == "task.seed")) continue;
    if (entry.value != trained.value(entry.spec.key))
      throw Error(Exit::usage, "it cuts the data anew: the test would have examples of training",
                  "--" + entry.spec.key, "leave it out, or name other data: --task.path");
  }
}

int window_of(const Config& config) {
  return static_cast<int>(parse_int(config.value("task.length")).value());
}

std::unique_ptr<Task> other_text(const Invocation& invocation, const TrainedRun& run,
                                 const Config& config, TextUnit unit) {
  LanguageCorpus::Text text = read_language_text(config.value("task.path"));
  if (unit == TextUnit::words && !text.bytes.ends_with('\n')) text.bytes += '\n';
  std::unique_ptr<Task> training;
  try {
    training = resolve(invocation.registry, run.settings()).make_task();
  } catch (const Error&) {
    // The text of training is not there any more: nothing to count baselines in.
  }
  return whole_text_task(TextVocabulary(unit, run.symbols()), text.bytes, text.where,
                         window_of(config), training.get());
}

Asked asked_of(const Invocation& invocation, const TrainedRun& run, Config config) {
  const bool other = has_other_data(invocation, run, config);
  if (const auto unit = run.unit(); unit && other)
    return {config, other_text(invocation, run, config, *unit)};
  std::unique_ptr<Task> task = config.make_task();
  if (!other && !task->data_sha256().empty()) check_same_parts(invocation, run, config);
  return {config, in_symbols_of(run, std::move(task))};
}

/// The text of --text in the place of the task's data.
Asked asked_text(const Invocation& invocation, const TrainedRun& run) {
  const std::string given = invocation.arguments.get("text");
  const std::string where = given == "-" ? "stdin" : "--text";
  const std::string text = given == "-" ? whole_input(given, "the text") : given;
  Config config = run.portable(invocation.registry);
  if (const auto unit = run.unit()) {
    const TextVocabulary vocabulary(*unit, run.symbols());
    return {config, whole_text_task(vocabulary, text, where, window_of(config), nullptr)};
  }
  return {config, one_text_task(run, text, where)};
}

std::string class_name(const TrainedRun& run, std::size_t index) {
  return index < run.symbols().size() ? run.symbols()[index] : std::to_string(index);
}

TokenTable token_table(const TrainedRun& run, const Asked& asked) {
  TokenTable table;
  const Task& task = *asked.task;
  const std::atomic<bool>* const stop = &stop_requested();
  if (task.stream(Stream::test) > 0) {
    table.names = {"log_probability", "log2_probability"};
    RunEvaluator evaluator(run, asked.config, task, stop);
    for (const ScoredToken& token : scored_tokens(evaluator, task)) {
      const double nats = token.log_probability;
      table.rows.push_back(
          {class_name(run, static_cast<std::size_t>(token.symbol)), {nats, nats / std::log(2.0)}});
    }
    return table;
  }
  for (std::size_t i = 0; i < static_cast<std::size_t>(task.facts().outputs); ++i)
    table.names.push_back(class_name(run, i));
  running_predictions(run, asked.config, task, stop, [&](const RunningPrediction& p) {
    const auto likeliest = std::max_element(p.probability.begin(), p.probability.end());
    const auto symbol = static_cast<std::size_t>(p.symbol);
    const auto& texts = run.source_symbols();
    const int number = p.symbol < 0 ? p.step + 1 : p.symbol;
    table.rows.push_back({.token = symbol < texts.size() ? texts[symbol] : std::to_string(number),
                          .numbers = {p.probability.begin(), p.probability.end()},
                          .example = static_cast<std::int64_t>(p.example),
                          .prediction = class_name(
                              run, static_cast<std::size_t>(likeliest - p.probability.begin()))});
  });
  return table;
}

EvaluationRow evaluated(const Invocation& invocation, const TrainedRun& run, const Asked& asked) {
  EvaluationRow row;
  for (const Setting& setting : invocation.arguments.settings)
    if (setting.key.starts_with("task."))
      row.settings.emplace_back(setting.key, asked.config.value(setting.key));
  RunEvaluator evaluator(run, asked.config, *asked.task, &stop_requested());
  row.evaluation = {evaluator.metrics(), asked.task->baselines()};
  return row;
}

/// What the options that show single examples evaluate: one configuration.
Config one_config(const Invocation& invocation, const TrainedRun& run, const std::string& option) {
  std::vector<Config> configs = asked_configs(invocation, run);
  if (configs.size() > 1)
    throw Error(Exit::usage, option + " shows one evaluation", "command line",
                "give each key one value");
  return std::move(configs.front());
}

std::string shown_tokens(const Invocation& invocation, const TrainedRun& run, const std::string& id,
                         bool json) {
  const Asked asked = invocation.arguments.has("text")
                          ? asked_text(invocation, run)
                          : asked_of(invocation, run, one_config(invocation, run, "--per-token"));
  const TokenTable table = token_table(run, asked);
  return json ? token_json(id, table) : token_tsv(table);
}

std::string shown_predictions(const Invocation& invocation, const TrainedRun& run,
                              const std::string& id, bool json) {
  const Asked asked = asked_of(invocation, run, one_config(invocation, run, "--predictions"));
  RunEvaluator evaluator(run, asked.config, *asked.task, &stop_requested());
  const std::vector<Prediction> rows = test_predictions(evaluator, run, *asked.task);
  return json ? prediction_json(id, rows) : prediction_tsv(rows);
}

Exit eval(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  if (arguments.words.size() != 1)
    throw Error(Exit::usage, "eval takes one folder", "command line", "give a run's");
  const bool json = format_of(arguments, {"table", "json"}) == "json";
  const bool per_token = arguments.has("per-token"), predictions = arguments.has("predictions");
  if (per_token && predictions)
    throw Error(Exit::usage, "--predictions does not go with --per-token", "command line",
                "leave one of them out");
  if (arguments.has("text") && !per_token)
    throw Error(Exit::usage, "--text is for --per-token", "command line", "add that");
  if (arguments.has("text") && !arguments.settings.empty())
    throw Error(Exit::usage, "--text takes the place of the task's data", "command line",
                "leave out --" + arguments.settings.front().key);
  catch_stop_signals();
  const TrainedRun run(arguments.words.front());
  const std::string id = run.portable(invocation.registry).id();
  if (per_token || predictions) {
    std::cout << (per_token ? shown_tokens(invocation, run, id, json)
                            : shown_predictions(invocation, run, id, json));
    return Exit::done;
  }
  std::vector<EvaluationRow> rows;
  for (Config& config : asked_configs(invocation, run))
    rows.push_back(evaluated(invocation, run, asked_of(invocation, run, std::move(config))));
  std::cout << (json ? evaluation_json(id, rows) : evaluation_table(rows));
  return Exit::done;
}

}  // namespace

Verb eval_verb() {
  return {
      "eval",
      "DIR [--task.length N …] [--task.path FILE] [--per-token | --predictions]",
      "a trained run on other data or other lengths",
      "Evaluates the final parameters of a finished run on the test split of its task, by the "
      "code\n"
      "that evaluates in training: without more words, the last row of its log. Keys of section\n"
      "task take the place of the run's own; several values (10 20 40, or 10,20,40) give a row "
      "each.\n"
      "A language model reads the whole of another --task.path (the same text, wherever it lies,\n"
      "is still the run's own test split), its state carried on, in the vocabulary of the run:\n"
      "what is not in it is U+FFFD or <unk>, or an error where the run has no such symbol. Other\n"
      "tasks are made anew from other data, and told in the symbols of the run.\n\n"
      "--per-token prints a line for every token, tab-separated under a heading: of a language\n"
      "model token, log_probability (nats), log2_probability (bits); of a classifier example\n"
      "(from 0), token (where inputs are numbers the step, from 1), prediction (the likeliest\n"
      "class once it is read) and the probability of each class.\n\n"
      "--predictions prints a line for every example of the test, tab-separated under a heading:\n"
      "example (from 0), source where inputs are symbols (source_1 and source_2 of two), target,\n"
      "prediction: the likeliest class of every scored step; of sequence to sequence what greedy\n"
      "decoding finds; of ctc the likeliest path's labels; of binary outputs probabilities; else\n"
      "values. Symbols that have no text stand there by number.\n\n"
      "JSON: {\"run\": id, \"results\": [{\"settings\": {key: value}, \"metrics\": {name: "
      "number},\n"
      "\"baselines\": {name: number}}]}; --per-token: {\"run\": id, \"tokens\": [{\"token\",\n"
      "\"log_probability\", \"log2_probability\"}]}, or with \"example\", \"token\", "
      "\"prediction\",\n"
      "\"probabilities\" {class: number}; --predictions: {\"run\": id, \"predictions\":\n"
      "[{\"example\", \"source\", \"target\", \"prediction\"}]}, values as arrays of "
      "numbers.\n\n"
      "Example\n"
      "  rnnlab eval results/runs/RUN --task.length 10 20 40\n"
      "  rnnlab eval results/runs/RUN --per-token --text \"to be or not to be\"\n"
      "  rnnlab eval results/runs/RUN --predictions\n",
      {{"per-token", "", "print what the model makes of every token"},
       {"predictions", "", "print target and prediction of every example of the test"},
       {"text", "TEXT|-", "… of this text, or of stdin, in the place of the task's data"},
       {"format", "table|json", "of the result; tokens are tab-separated, or json"}},
      {"task", "run"},
      eval,
      true};
}

}  // namespace rnnlab
