#pragma once

#include <array>

namespace rnnlab::bench {

/// FLOP/s of the FMA probe with one thread and with two.
using Peaks = std::array<double, 2>;

/// Registers every case of grid(). Times are wall clock, with any number of threads. Counters:
/// `FLOP` of a step (see operations), `FLOP/s`, `bytes` (see bytes_kept), `moved` (see bytes_moved)
/// and `peak`, the share in percent of what the FMA probe reached in this process with as many
/// threads.
void register_train_step(const Peaks&);

}  // namespace rnnlab::bench
