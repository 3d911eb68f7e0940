#pragma once

#include "train/instrument.hpp"

namespace rnnlab {

/// `spectrum/<layer>`: spectral_radius [N, G], the largest modulus of the eigenvalues of each
/// gate's H×H block of weight_hh, in PyTorch's order of gates. On a log-spaced schedule.
class SpectralRadius final : public Instrument {
 public:
  SpectralRadius(const RunShape&, Sink&);
  bool due(std::int64_t step, bool) const override { return log_spaced(step); }
  void observe(const StepView&) override;

 private:
  struct Layer {
    Table* table;
    std::size_t parameter;  // index of its weight_hh
    int gates, hidden;
  };
  std::vector<Layer> layers_;
  std::vector<double> weights_, row_;
};

}  // namespace rnnlab
