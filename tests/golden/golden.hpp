#pragma once

#include <string>
#include <vector>

#include "data/batch.hpp"
#include "golden/comparison.hpp"
#include "nn/options.hpp"

namespace rnnlab::test {

/// Ten steps of one optimizer, as PyTorch took them.
struct Trajectory {
  std::vector<double> loss;  // before each step
  Named parameters;          // after the last
};

/// One dataset of a file, which is named without its ending.
std::vector<double> read_golden(const std::string& file, const std::string& path);

/// One task of a file that scripts/make_goldens.py wrote (its layout stands there): a model, its
/// parameters, a batch, and what PyTorch made of them.
class Golden {
 public:
  /// `file` is the name without its ending; the task is named by the loss and the readout.
  Golden(const std::string& file, LossKind, Readout);

  const ModelOptions& options() const { return options_; }
  const Facts& facts() const { return facts_; }
  const Batch& batch() const { return batch_; }
  const Named& parameters() const { return parameters_; }

  // `precision` is float32 or float64.
  double loss(const std::string& precision) const;
  Named gradient(const std::string& precision) const;
  Trajectory trajectory(const std::string& precision, const std::string& optimizer) const;

 private:
  std::string path_, task_;
  ModelOptions options_;
  Facts facts_;
  Batch batch_;
  Named parameters_;
};

/// The columns [first, first + count) of a batch, as a batch.
Batch columns(const Batch&, const Facts&, int first, int count);

}  // namespace rnnlab::test
