#include "study/predictions.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "base/error.hpp"
#include "base/label_sequence.hpp"

namespace rnnlab {
namespace {

class SymbolLine {
 public:
  explicit SymbolLine(const std::vector<std::string>& texts)
      : texts_(texts), spaced_(texts.empty() || !one_character_each(texts)) {}

  std::string write(std::span<const std::int32_t> symbols) const {
    std::string line;
    for (const std::int32_t symbol : symbols) {
      if (spaced_ && !line.empty()) line += ' ';
      const auto s = static_cast<std::size_t>(symbol);
      line += s < texts_.size() ? texts_[s] : std::to_string(symbol);
    }
    return line;
  }

 private:
  const std::vector<std::string>& texts_;
  bool spaced_;
};

/// Column b of [steps, B] symbols.
std::vector<std::int32_t> column(const std::vector<std::int32_t>& symbols, std::size_t columns,
                                 std::size_t b, int steps) {
  std::vector<std::int32_t> result;
  for (std::size_t t = 0; t < static_cast<std::size_t>(steps); ++t)
    result.push_back(symbols[t * columns + b]);
  return result;
}

class PredictionScorer final : public Scorer {
 public:
  PredictionScorer(const TrainedRun& run, const Facts& facts)
      : facts_(facts), classes_(run.symbols()), inputs_(run.source_symbols()) {}

  void add(const Batch& drawn, std::span<const std::uint64_t> examples,
           std::span<const float> predictions) override {
    const std::size_t B = examples.size();
    for (std::size_t b = 0; b < B; ++b) {
      Prediction& row = rows_.emplace_back();
      row.example = examples[b];
      if (facts_.symbols) row.sources.push_back(read(drawn.symbol, B, b, drawn.length[b]));
      if (facts_.symbols && drawn.second.T > 0)
        row.sources.push_back(read(drawn.second.symbol, B, b, drawn.second.length[b]));
      if (facts_.readout == Readout::sequence) {
        const auto target = column(drawn.label, B, b, drawn.target_steps[b] - 1);
        row.target.text = classes_.write(target);
      } else if (facts_.loss == LossKind::ctc) {
        row.target.text = classes_.write(column(drawn.label, B, b, drawn.target_steps[b]));
        std::vector<std::int32_t> path = likeliest(drawn, b, predictions);
        path.resize(static_cast<std::size_t>(collapse(path)));
        row.predicted.text = classes_.write(path);
      } else if (facts_.values()) {
        add_values(drawn, b, predictions, row);
      } else {
        std::vector<std::int32_t> target;
        for (std::size_t i = b; i < drawn.label.size(); i += B)
          if (drawn.weight[i] != 0) target.push_back(drawn.label[i]);
        row.target.text = classes_.write(target);
        row.predicted.text = classes_.write(likeliest(drawn, b, predictions));
      }
    }
  }
  void add_decoded(std::uint64_t example, std::span<const std::int32_t> target) override {
    const auto row = std::lower_bound(
        rows_.begin(), rows_.end(), example,
        [](const Prediction& one, std::uint64_t wanted) { return one.example < wanted; });
    row->predicted.text = classes_.write(target);
  }
  std::vector<double> values() const override { return {}; }
  std::vector<Prediction> take() { return std::move(rows_); }

 private:
  std::string read(const std::vector<std::int32_t>& symbols, std::size_t B, std::size_t b,
                   int steps) const {
    return inputs_.write(column(symbols, B, b, steps));
  }

  /// The likeliest class of every scored step of example b.
  std::vector<std::int32_t> likeliest(const Batch& drawn, std::size_t b,
                                      std::span<const float> predictions) const {
    const auto outputs = static_cast<std::size_t>(facts_.outputs);
    std::vector<std::int32_t> found;
    for (std::size_t i = b; i < drawn.weight.size(); i += static_cast<std::size_t>(drawn.B)) {
      if (drawn.weight[i] == 0) continue;
      const auto y = predictions.subspan(i * outputs, outputs);
      found.push_back(static_cast<std::int32_t>(std::max_element(y.begin(), y.end()) - y.begin()));
    }
    return found;
  }

  void add_values(const Batch& drawn, std::size_t b, std::span<const float> predictions,
                  Prediction& row) const {
    const auto outputs = static_cast<std::size_t>(facts_.outputs);
    for (std::size_t i = b; i < drawn.weight.size(); i += static_cast<std::size_t>(drawn.B)) {
      if (drawn.weight[i] == 0) continue;
      for (std::size_t j = i * outputs; j < (i + 1) * outputs; ++j) {
        row.target.values.push_back(drawn.y[j]);
        row.predicted.values.push_back(facts_.loss == LossKind::binary_cross_entropy
                                           ? 1 / (1 + std::exp(-predictions[j]))
                                           : predictions[j]);
      }
    }
  }

  const Facts facts_;
  const SymbolLine classes_, inputs_;
  std::vector<Prediction> rows_;
};

}  // namespace

std::vector<Prediction> test_predictions(RunEvaluator& evaluator, const TrainedRun& run,
                                         const Task& task) {
  if (task.stream(Stream::test) > 0)
    throw Error(Exit::usage, "the test is one long sequence, not examples", "--predictions",
                "say --per-token");
  PredictionScorer scorer(run, task.facts());
  evaluator.show(scorer);
  return scorer.take();
}

}  // namespace rnnlab
