#pragma once

#include <string>
#include <utility>

#include "data/task.hpp"

namespace rnnlab::hs1997 {

// What the experiments of Hochreiter and Schmidhuber (Long Short-Term Memory, 1997) share.

/// One sequence at a time, at that rate, neither momentum nor clipping, at most so many; looked at
/// every `eval_every`, ended by the validation metric `target`.
Settings online_descent(const char* lr, const char* steps, const char* eval_every,
                        const char* target);

/// Memory cells in blocks of `block`, with truncated gradient. Initial weights are normal; the
/// biases of the first block's gates are followed, block by block, by those a step further.
struct MemoryBlocks {
  const char* cells;
  const char* block;
  const char* init_std;
  const char* input_gate_bias = "0";
  const char* input_gate_bias_step = "0";
  const char* output_gate_bias = "0";
  const char* output_gate_bias_step = "0";
};

/// The per-model settings of `lstm-1997`.
std::pair<std::string, Settings> memory_blocks(const MemoryBlocks&);

}  // namespace rnnlab::hs1997
