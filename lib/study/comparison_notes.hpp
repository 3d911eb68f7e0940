#pragma once

#include <string>
#include <vector>

#include "study/compare.hpp"

namespace rnnlab {

/// What a reader of a comparison must know: what is missing, what cannot be told from so few runs,
/// and in which keys (`mixed`) the runs of one row differ beside those of the comparison.
std::vector<std::string> comparison_notes(const Comparison&, const std::vector<std::string>& mixed);

}  // namespace rnnlab
