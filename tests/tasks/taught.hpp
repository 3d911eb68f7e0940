#pragma once

#include "study/config.hpp"
#include "train/memory_sink.hpp"
#include "train/trainer.hpp"

namespace rnnlab::test {

/// Trains as the configuration says; nothing but the metrics and the parameters is recorded.
inline Outcome taught(const Config& config, const Task& task, Sink& sink,
                      std::uint64_t task_seed = 0) {
  return train({.task = task,
                .data = config.data(),
                .task_seed = task_seed,
                .model = config.model(),
                .train = config.train(),
                .record = {.instruments = ""},
                .sink = sink});
}

}  // namespace rnnlab::test
