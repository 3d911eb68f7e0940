#pragma once

#include <initializer_list>

#include "data/task.hpp"

namespace rnnlab {

// Blocks of settings that the protocols of many papers share; values as on the command line.

/// All of them, in their order. No key may stand in two.
Settings joined(std::initializer_list<Settings> parts);

/// Sequences of at least `least` steps (0: all have `length`), in validation and test as well.
Settings same_lengths(const char* length, const char* least);

/// Examples of the three splits; train 0: every step draws new ones.
Settings split_sizes(const char* train, const char* valid, const char* test);

/// Without momentum.
Settings sgd(const char* lr);

/// Decay rates 0.9 and 0.999, epsilon 1e-8.
Settings adam(const char* lr);

/// Without momentum, not centred; `at`: where epsilon stands, `accumulator`: what it starts at.
Settings rmsprop(const char* lr, const char* decay, const char* epsilon, const char* at,
                 const char* accumulator);

/// Of every entry of the gradient, and of its norm; 0: none.
Settings clipping(const char* value, const char* norm);

}  // namespace rnnlab
