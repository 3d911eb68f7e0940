#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "data/task.hpp"
#include "data/text_vocabulary.hpp"

namespace rnnlab {

/// The texts of a language model as symbols, and how they are read.
struct LanguageData {
  TextUnit unit = TextUnit::characters;
  std::vector<std::string> symbols;  // the text of each
  std::vector<std::int32_t> ids;     // of training, validation and test, one after the other; what
                                     // stands before the first target is read alone
  std::array<std::size_t, 3> begin{}, end{};  // their targets among them; begin ≥ 1. An empty part:
                                              // training has none to offer
  int length = 1;       // T of a window
  bool random = false;  // windows of training: anywhere, from a zero state
  std::string sha256 = {};
};

/// Language modelling: at every step one symbol of a text is shown, and the next one asked for.
///
///   x_t = s_{p+t−1},  label_t = s_{p+t},  t = 0 … T − 1     window p, of targets p … p + T − 1
///   bits per character = Σ nats / (N ln 2),  perplexity = exp(Σ nats / N)
///
/// Each part is a stream of N targets (Task::stream), the state carried from window to window; what
/// stands before a part is shown before its first target.
class LanguageModelTask : public Task {
 public:
  explicit LanguageModelTask(LanguageData);

  TextUnit unit() const { return data_.unit; }
  /// The symbols that training predicts.
  std::span<const std::int32_t> training() const { return targets(0); }
  /// A part as a text; symbols that stand for rare ones as they are.
  std::string text(Stream) const;

  Facts facts() const override;
  std::int64_t stream(Stream) const override;
  void draw(Key, std::span<const std::uint64_t> examples, Batch&) const override;
  std::vector<std::string> symbols() const override { return data_.symbols; }
  std::string data_sha256() const override { return data_.sha256; }
  /// `text_unit`: characters, words.
  std::vector<std::pair<std::string, std::string>> notes() const override {
    return {{"text_unit", name_of(data_.unit)}};
  }
  /// n-grams (data/ngram.hpp) counted in training, in the metric's unit. By words those that the
  /// number of words leaves any sense: unigram, bigram and the interpolated 4-gram.
  std::vector<Baseline> baselines() const override;

 private:
  std::span<const std::int32_t> targets(std::size_t part) const {
    return std::span(data_.ids).subspan(data_.begin[part], data_.end[part] - data_.begin[part]);
  }

  LanguageData data_;
};

/// The facts of a language model of so many symbols that reads `length` steps at a time.
Facts language_facts(TextUnit, int symbols, int length);

/// The same baselines of any text.
std::vector<Baseline> language_baselines(TextUnit, std::span<const std::int32_t> training,
                                         std::span<const std::int32_t> scored, int symbols);

}  // namespace rnnlab
