#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace rnnlab {

/// One parameter under PyTorch's name and in PyTorch's layout: row-major [rows, columns], or a
/// vector of `rows` (columns 0).
struct Parameter {
  std::string name;
  int rows = 0;
  int columns = 0;
  std::size_t offset = 0;  // of its first entry in the parameter slab
  bool trained = true;     // else it keeps its first value, and its gradient is taken as zero

  std::size_t size() const {
    return static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns == 0 ? 1 : columns);
  }
};

/// Where each parameter lies in the one slab θ. Gradients, moments and every other per-parameter
/// slab have the same layout.
class ParamLayout {
 public:
  /// Goes in front of the names of what is added from here on: `encoder.`
  void scope(std::string prefix) { scope_ = std::move(prefix); }

  /// Returns the offset.
  std::size_t add(const std::string& name, int rows, int columns, bool trained = true) {
    Parameter p{scope_ + name, rows, columns, size_, trained};
    size_ += p.size();
    parameters_.push_back(std::move(p));
    return parameters_.back().offset;
  }

  std::size_t size() const { return size_; }
  auto begin() const { return parameters_.begin(); }
  auto end() const { return parameters_.end(); }
  std::size_t count() const { return parameters_.size(); }
  const Parameter& operator[](std::size_t i) const { return parameters_[i]; }

 private:
  std::vector<Parameter> parameters_;
  std::size_t size_ = 0;
  std::string scope_;
};

}  // namespace rnnlab
