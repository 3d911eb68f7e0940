#pragma once

namespace rnnlab::bench {

/// The most that the machine's multiply-add units give, right now: FLOP per second (a multiply-add
/// is two) of `threads` threads together, each with twelve chains of multiply-adds in registers of
/// the build's widest instruction set and nothing in memory. Median of several tries, about 0.15 s.
/// Each thread stays on a processor of its own: two virtual ones that share one core show here.
double fma_peak(int threads);

/// What the probe was compiled to: "AVX-512", "AVX2 with FMA", or less.
const char* fma_instruction_set();

}  // namespace rnnlab::bench
