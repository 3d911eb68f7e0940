#pragma once

#include <span>
#include <string>
#include <vector>

#include "data/task.hpp"

namespace rnnlab::test {

/// All that a batch has of each of its examples, as bytes.
inline std::vector<std::string> examples_of(const Batch& batch, const Facts& facts) {
  std::vector<std::string> examples(static_cast<std::size_t>(batch.B));
  const auto append = [&](const auto& values, std::size_t per_cell) {
    if (values.empty()) return;
    const std::size_t B = examples.size(), steps = values.size() / (B * per_cell);
    for (std::size_t t = 0; t < steps; ++t) {
      for (std::size_t b = 0; b < B; ++b) {
        examples[b].append(reinterpret_cast<const char*>(&values[(t * B + b) * per_cell]),
                           per_cell * sizeof values[0]);
      }
    }
  };
  append(batch.x, static_cast<std::size_t>(facts.inputs));
  append(batch.symbol, 1);
  append(batch.second.x, static_cast<std::size_t>(facts.inputs));
  append(batch.second.symbol, 1);
  append(batch.second.length, 1);
  append(batch.given, static_cast<std::size_t>(facts.given));
  append(batch.target_steps, 1);
  append(batch.y, static_cast<std::size_t>(facts.outputs));
  append(batch.label, 1);
  append(batch.weight, 1);
  append(batch.length, 1);
  return examples;
}

inline std::vector<std::string> draw(const Task& task, Key key,
                                     const std::vector<std::uint64_t>& ids, Batch& batch) {
  task.draw(key, ids, batch);
  return examples_of(batch, task.facts());
}

}  // namespace rnnlab::test
