#pragma once

#include <cstddef>

/// How often operator new was called since the program began, in any thread.
std::size_t rnnlab_test_allocations();
