#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/options.hpp"
#include "base/rng.hpp"
#include "data/batch.hpp"

namespace rnnlab {

/// A predictor without a network and its result, in the task's metric.
struct Baseline {
  std::string name;
  double value;
};

/// A loss at which training may come to rest without having solved the task: what the best
/// predictor gets that knows only a part of what it needs, in closed form.
struct Plateau {
  std::string name;  // what it knows, in words: "one of the two numbers"
  double loss;
};

/// Vectors of input symbols that were trained elsewhere.
struct SymbolVectors {
  int width = 0;
  std::vector<std::int32_t> symbol;  // those that have one
  std::vector<float> values;         // [symbol.size(), width]
};

/// A number that a task measures of its test split besides loss and metric.
struct TestMetric {
  std::string name;  // `f1`, as it is logged in /metrics/test
  std::string units;
  std::string long_name;
};

/// Adds up a split's predictions to a task's TestMetrics. Called by one thread, in the order of the
/// examples.
class Scorer {
 public:
  virtual ~Scorer() = default;
  /// One shard: what was drawn for `examples`, and the predictions [R, B, outputs] for it, values
  /// or logits. Of sequence to sequence, the steps read the true target so far.
  virtual void add(const Batch& drawn, std::span<const std::uint64_t> examples,
                   std::span<const float> predictions) = 0;
  /// Sequence to sequence: the target that greedy decoding finds, without its end symbol.
  virtual void add_decoded(std::uint64_t /*example*/, std::span<const std::int32_t> /*target*/) {}
  /// In the order of Task::test_metrics().
  virtual std::vector<double> values() const = 0;
};

/// A source of examples. Pure: the same key and indices give the same bytes, in any order, in any
/// grouping and on any thread. Knows no model.
class Task {
 public:
  virtual ~Task() = default;
  virtual Facts facts() const = 0;

  /// Fills `out` with one example per index. `key.stream` names the split, `key.seed` the data set.
  virtual void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const = 0;

  /// Targets of a split that is one long sequence; 0 where a split consists of separate examples.
  /// It is read in windows of Facts::length steps, one after the other, with the model's state
  /// carried on; the example named p is the window that begins at its step p, cut off at its end.
  virtual std::int64_t stream(Stream) const { return 0; }

  /// Examples that the data of a split are; 0 where there are as many as one asks for. Beyond them
  /// they begin anew.
  virtual std::int64_t examples(Stream) const { return 0; }

  /// How many steps each of the training examples() has, where they are to be put into batches of
  /// like lengths (train/sampler.hpp); empty: no matter.
  virtual std::span<const std::int32_t> example_lengths() const { return {}; }

  /// What is measured of the test split besides loss and metric, …
  virtual std::vector<TestMetric> test_metrics() const { return {}; }
  /// … by whom; null where that is nothing.
  virtual std::unique_ptr<Scorer> scorer(Stream) const { return nullptr; }

  /// The text of each class, in UTF-8; empty where classes have none.
  virtual std::vector<std::string> symbols() const { return {}; }
  /// Sequence to sequence: the text of each input symbol, in UTF-8; empty where they have none.
  virtual std::vector<std::string> source_symbols() const { return {}; }
  /// The text of each entry of the given vector, in UTF-8; empty where they are numbers.
  virtual std::vector<std::string> given_symbols() const { return {}; }
  /// What the embedding of some of the input symbols begins as; without width: of none.
  virtual SymbolVectors symbol_vectors() const { return {}; }
  /// What a user of the trained model has to know of the data, such as how texts were cut into
  /// symbols: attributes of the run file.
  virtual std::vector<std::pair<std::string, std::string>> notes() const { return {}; }

  /// What simpler predictors reach on the test split.
  virtual std::vector<Baseline> baselines() const { return {}; }
  /// Where its loss may stay, highest first, of the test split; the first is that of no input at
  /// all.
  virtual std::vector<Plateau> plateaus() const { return {{facts().chance, facts().chance_loss}}; }
  /// SHA-256 of the data that were read; empty where they are drawn from the key alone.
  virtual std::string data_sha256() const { return {}; }
};

/// Options that every task has; a task's own option struct starts with one.
struct DataOptions {
  std::int64_t train_examples = 0;
  std::int64_t valid_examples = 1000;
  std::int64_t test_examples = 1000;

  void describe(OptionVisitor& v) {
    v.visit(
        {.name = "train_examples",
         .help = "size of a fixed training set, reshuffled every epoch; 0: every step draws new "
                 "examples",
         .unit = "examples",
         .min = 0,
         .max = 1e12},
        train_examples);
    v.visit({.name = "valid_examples",
             .help = "examples that validation is computed on, never trained on",
             .unit = "examples",
             .min = 1,
             .max = 1e9},
            valid_examples);
    v.visit({.name = "test_examples",
             .help = "examples that the final result is computed on, never trained on",
             .unit = "examples",
             .min = 1,
             .max = 1e9},
            test_examples);
  }
};

using Settings = std::vector<std::pair<std::string, std::string>>;  // dotted key, value

/// A published experiment under its own name: what it sets, and what we do differently.
struct Protocol {
  std::string name;                                         // arjovsky2016
  std::string source;                                       // the paper, and where in it
  Settings settings;                                        // for every model
  std::vector<std::pair<std::string, Settings>> per_model;  // model.name → what it alone gets
  std::vector<std::string> deviates;
};

/// One line of the list of tasks.
struct TaskEntry {
  std::string name;
  std::string summary;
  std::string example;  // two example sequences as text, for `list tasks --long`
  std::vector<Protocol> protocols;
  std::function<void(OptionVisitor&)> describe;                      // the defaults
  std::function<std::unique_ptr<Task>(OptionVisitor& assign)> make;  // after `assign` has run
  std::function<DataOptions(OptionVisitor& assign)> data;            // the sizes of the splits
};

/// The entry of a task class with a nested `Options`, a struct with a member `DataOptions data` and
/// `describe(OptionVisitor&)`, and a constructor from it.
template <class T>
TaskEntry task_entry(std::string name, std::string summary, std::string example,
                     std::vector<Protocol> protocols) {
  const auto assigned = [](OptionVisitor& assign) {
    typename T::Options options;
    options.describe(assign);
    return options;
  };
  return {std::move(name),
          std::move(summary),
          std::move(example),
          std::move(protocols),
          [assigned](OptionVisitor& visitor) { assigned(visitor); },
          [assigned](OptionVisitor& assign) { return std::make_unique<T>(assigned(assign)); },
          [assigned](OptionVisitor& assign) { return assigned(assign).data; }};
}

}  // namespace rnnlab
