#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "data/task.hpp"

namespace rnnlab {

/// How often each class was taken for each: n(k, l) of class k predicted as l.
///
///   accuracy   Σ_k n(k, k) / n
///   F1_k       2 n(k, k) / (Σ_l n(k, l) + Σ_l n(l, k)): the harmonic mean of precision and recall
///   macro F1   mean of F1_k over the classes that occur or are predicted (Sokolova and Lapalme
///              2009)
class Confusion {
 public:
  explicit Confusion(int classes)
      : classes_(static_cast<std::size_t>(classes)), counts_(classes_ * classes_) {}

  void add(std::int32_t truth, std::int32_t predicted) { ++count(truth, predicted); }
  std::int64_t at(std::int32_t truth, std::int32_t predicted) const {
    return counts_[index(truth, predicted)];
  }

  /// NaN of nothing.
  double accuracy() const;
  /// 0 for a class that neither occurs nor is predicted.
  double f1(std::int32_t of) const;
  double macro_f1() const;

 private:
  std::size_t index(std::int32_t truth, std::int32_t predicted) const {
    return static_cast<std::size_t>(truth) * classes_ + static_cast<std::size_t>(predicted);
  }
  std::int64_t& count(std::int32_t truth, std::int32_t predicted) {
    return counts_[index(truth, predicted)];
  }
  /// Σ_l n(k, l) + Σ_l n(l, k).
  std::int64_t marginals(std::int32_t k) const;

  std::size_t classes_;
  std::vector<std::int64_t> counts_;
};

/// The metrics of a task of classes: `f1` of class 1 where there are two, and `macro_f1`, …
std::vector<TestMetric> class_metrics(int classes);
/// … counted over the scored positions.
std::unique_ptr<Scorer> class_scorer(int classes);

}  // namespace rnnlab
