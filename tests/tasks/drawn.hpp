#pragma once

#include <cmath>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "study/config.hpp"
#include "tasks.hpp"
#include "train/named_task.hpp"

namespace rnnlab::test {

/// The configuration of `TASK` or `TASK@PROTOCOL` as a run resolves it, with settings on top.
inline Config configured(const std::string& task,
                         const std::vector<std::pair<std::string, std::string>>& settings = {}) {
  std::vector<Setting> all{{"task.name", task, "test"}};
  for (const auto& [key, value] : settings) all.push_back({key, value, "test"});
  return resolve(make_registry(task_list()), all);
}

/// Every task with its defaults, and every protocol: `adding`, `adding@arjovsky2016`, …
inline std::vector<std::string> tasks_and_protocols() {
  std::vector<std::string> names;
  for (const TaskEntry& entry : task_list()) {
    if (needs_a_file(entry)) continue;
    names.push_back(entry.name);
    for (const Protocol& p : entry.protocols) names.push_back(entry.name + "@" + p.name);
  }
  return names;
}

/// The examples first, first + 1, … of a split of the data set with seed 5.
inline Batch drawn(const Task& task, Stream split, std::uint64_t first, std::size_t count) {
  std::vector<std::uint64_t> ids(count);
  std::iota(ids.begin(), ids.end(), first);
  Batch batch;
  task.draw({5, split}, ids, batch);
  return batch;
}

/// The inputs of example b, one after the other, up to the end of the batch.
inline std::vector<float> inputs_of(const Batch& batch, int width, std::size_t b) {
  std::vector<float> x;
  const auto B = static_cast<std::size_t>(batch.B), I = static_cast<std::size_t>(width);
  for (std::size_t t = 0; t < batch.x.size() / (B * I); ++t) {
    for (std::size_t i = 0; i < I; ++i) x.push_back(batch.x[(t * B + b) * I + i]);
  }
  return x;
}

/// Which input is 1 at each step of example b; −1 past its end, −2 where the inputs are not one-hot
/// (or, past the end, not zero).
inline std::vector<int> symbols_of(const Batch& batch, int width, std::size_t b) {
  const std::vector<float> x = inputs_of(batch, width, b);
  std::vector<int> symbols;
  for (int t = 0; t < batch.T; ++t) {
    int ones = 0, zeros = 0, symbol = -1;
    for (int i = 0; i < width; ++i) {
      const float value = x[static_cast<std::size_t>(t * width + i)];
      ones += value == 1;
      zeros += value == 0;
      if (value == 1) symbol = i;
    }
    const int expected = t < batch.length[b] ? 1 : 0;
    symbols.push_back(ones == expected && ones + zeros == width ? symbol : -2);
  }
  return symbols;
}

/// The labels of example b, step by step.
inline std::vector<int> labels_of(const Batch& batch, std::size_t b) {
  std::vector<int> labels;
  for (std::size_t i = b; i < batch.label.size(); i += static_cast<std::size_t>(batch.B)) {
    labels.push_back(batch.label[i]);
  }
  return labels;
}

/// A mean with its standard error.
struct Mean {
  double n = 0, sum = 0, squares = 0;

  void add(double value) {
    ++n;
    sum += value;
    squares += value * value;
  }
  double value() const { return sum / n; }
  double error() const { return std::sqrt(std::max(squares / n - value() * value(), 0.0) / n); }
  /// Within 4 standard errors, and rounding.
  bool agrees(double expected) const {
    return std::abs(value() - expected) <= 4 * error() + 1e-9 * std::abs(expected);
  }
};

}  // namespace rnnlab::test
