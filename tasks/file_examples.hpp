#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/array_file.hpp"
#include "data/batch.hpp"

namespace rnnlab {

/// Examples as a file has them, in its order: N sequences of at most T steps.
struct FileExamples {
  std::int64_t count = 0;                   // N
  std::size_t steps = 0;                    // T
  std::size_t width = 0;                    // I: numbers of an input step; 0: each is one symbol
  std::size_t outputs = 0;                  // O: values of a target; 0: each is one class
  Readout readout = Readout::last;          // last: R = 1, every: R = T, sequence: R = U
  std::size_t target_steps = 0;             // U: of the longest target; 0 but of sequences
  std::vector<std::int32_t> length;         // [N]
  std::vector<std::int32_t> target_length;  // [N], of sequences, their end counted
  std::vector<float> x;                     // [N, T, I]
  std::vector<std::int32_t> symbol;         // [N, T]
  std::vector<float> y;                     // [N, R, O]
  std::vector<std::int32_t> label;          // [N, R]
  std::vector<float> weight;                // [N, R]; empty: 1 everywhere
  std::int32_t largest_symbol = 0, largest_label = 0;

  std::size_t rows() const {
    return readout == Readout::every ? steps : readout == Readout::last ? 1 : target_steps;
  }
  /// Of a target, 0 where the example, or its sequence of targets, has ended.
  float weight_at(std::size_t example, std::size_t row) const {
    const auto& ends = target_steps > 0 ? target_length : length;
    const bool beyond = row > 0 && row >= static_cast<std::size_t>(ends[example]);
    return beyond ? 0.0f : weight.empty() ? 1.0f : weight[example * rows() + row];
  }
};

/// Reads the arrays `inputs`, `targets` and, where there are any, `lengths`, `target_lengths`
/// (which make sequences of the targets) and `weights`, all with `suffix` behind their names. What
/// lies beyond an example's end, and targets of weight 0, may be anything; it is set to 0 where it
/// could be read. Throws Error(data), with the array and the place in it, for what does not fit
/// together or is out of range.
FileExamples read_examples(const ArrayFile& file, const std::string& path,
                           const std::string& suffix);

/// "(20, 5)", as NumPy writes it.
std::string shape_text(const std::vector<std::int64_t>& shape);

}  // namespace rnnlab
