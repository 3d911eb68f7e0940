#pragma once

#include <string>

namespace rnnlab::test {

/// The program that was built beside the tests, the checkout's folder, and what is laid over the
/// program by LD_PRELOAD. Told to one source alone: the others compile alike wherever the checkout
/// is, so that a compiler cache serves them all.
extern const std::string program, checkout, failing_calls, jumping_clock;

}  // namespace rnnlab::test
