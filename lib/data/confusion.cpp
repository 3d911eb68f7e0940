#include "data/confusion.hpp"

#include <algorithm>
#include <limits>

namespace rnnlab {

double Confusion::accuracy() const {
  std::int64_t right = 0, all = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    all += counts_[i];
    if (i % (classes_ + 1) == 0) right += counts_[i];
  }
  return all == 0 ? std::numeric_limits<double>::quiet_NaN()
                  : static_cast<double>(right) / static_cast<double>(all);
}

std::int64_t Confusion::marginals(std::int32_t k) const {
  std::int64_t sum = 0;
  for (std::int32_t l = 0; l < static_cast<std::int32_t>(classes_); ++l) sum += at(k, l) + at(l, k);
  return sum;
}

double Confusion::f1(std::int32_t of) const {
  const std::int64_t either = marginals(of);
  return either == 0 ? 0 : 2 * static_cast<double>(at(of, of)) / static_cast<double>(either);
}

double Confusion::macro_f1() const {
  double sum = 0;
  int seen = 0;
  for (std::int32_t k = 0; k < static_cast<std::int32_t>(classes_); ++k) {
    if (marginals(k) == 0) continue;
    sum += f1(k);
    ++seen;
  }
  return seen == 0 ? std::numeric_limits<double>::quiet_NaN() : sum / seen;
}

namespace {

class ClassScorer final : public Scorer {
 public:
  explicit ClassScorer(int classes) : classes_(static_cast<std::size_t>(classes)), seen_(classes) {}

  void add(const Batch& drawn, std::span<const std::uint64_t>,
           std::span<const float> predictions) override {
    for (std::size_t i = 0; i < drawn.weight.size(); ++i) {
      if (drawn.weight[i] == 0) continue;
      const auto logits = predictions.subspan(i * classes_, classes_);
      const auto likeliest = std::max_element(logits.begin(), logits.end()) - logits.begin();
      seen_.add(drawn.label[i], static_cast<std::int32_t>(likeliest));
    }
  }
  std::vector<double> values() const override {
    if (classes_ == 2) return {seen_.f1(1), seen_.macro_f1()};
    return {seen_.macro_f1()};
  }

 private:
  std::size_t classes_;
  Confusion seen_;
};

}  // namespace

std::vector<TestMetric> class_metrics(int classes) {
  const TestMetric macro{"macro_f1", "1", "mean of the classes' F1"};
  if (classes != 2) return {macro};
  return {{"f1", "1", "harmonic mean of precision and recall of class 1"}, macro};
}

std::unique_ptr<Scorer> class_scorer(int classes) { return std::make_unique<ClassScorer>(classes); }

}  // namespace rnnlab
