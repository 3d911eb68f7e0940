#pragma once

#include <string>
#include <vector>

#include "data/task.hpp"

namespace rnnlab::pascanu2013 {

// What the experiments of Pascanu, Mikolov and Bengio (On the difficulty of training recurrent
// neural networks, ICML 2013) and of their published code share.

/// The paper, followed by the place in it.
std::string source(const std::string& place);

/// New sequences, 20 at a time, at a rate of 0.01 with clipping to norm 1, for at most five million
/// updates, looked at every 1000; one layer of so many units.
Settings descent(const char* hidden);

/// The initialisations of the code, with the units that they are for.
Settings basic_tanh();
Settings smart_tanh();
Settings sigmoid();

/// What an experiment does differently, and then what all of ours do.
std::vector<std::string> deviates(std::vector<std::string> own);

}  // namespace rnnlab::pascanu2013
