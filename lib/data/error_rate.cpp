#include "data/error_rate.hpp"

#include <unordered_map>

#include "base/label_sequence.hpp"

namespace rnnlab {
namespace {

class ErrorRate final : public Scorer {
 public:
  /// Every example is added before it is decoded.
  void add(const Batch& drawn, std::span<const std::uint64_t> examples,
           std::span<const float>) override {
    for (std::size_t b = 0; b < examples.size(); ++b) {
      auto& target = target_[examples[b]];
      target.clear();
      for (std::size_t t = 0; t + 1 < static_cast<std::size_t>(drawn.target_steps[b]); ++t)
        target.push_back(drawn.label[t * examples.size() + b]);
    }
  }
  void add_decoded(std::uint64_t example, std::span<const std::int32_t> decoded) override {
    const auto& target = target_.at(example);
    row_.resize(decoded.size() + 1);
    const int edits = levenshtein<std::int32_t>(target, decoded, row_.data());
    edits_ += static_cast<double>(edits);
    symbols_ += static_cast<double>(target.size());
    exact_ += edits == 0;
    ++examples_;
  }
  std::vector<double> values() const override { return {edits_ / symbols_, exact_ / examples_}; }

 private:
  std::unordered_map<std::uint64_t, std::vector<std::int32_t>> target_;
  std::vector<int> row_;
  double edits_ = 0, symbols_ = 0, exact_ = 0, examples_ = 0;
};

}  // namespace

std::vector<TestMetric> error_rate_metrics(const std::string& name, const std::string& long_name) {
  return {
      {name, "1", long_name},
      {"exact_match", "1", "share of the examples that greedy decoding finds without an error"}};
}

std::unique_ptr<Scorer> error_rate_scorer() { return std::make_unique<ErrorRate>(); }

}  // namespace rnnlab
