#pragma once

#include <vector>

#include "nn/steps/variant.hpp"

namespace rnnlab {

/// The list of nn/steps/list.hpp, without types.
const std::vector<StepVariant>& step_variants();

/// What the options ask for beyond a plain cell.
Extras extras_wanted(const RecurrentOptions&);

/// The first variant that is the options' cell and knows their extras; null if there is none.
const StepVariant* find_variant(const RecurrentOptions&);

/// Throws Error where the options ask for what only plain cells have.
void check_variant(const RecurrentOptions&, const StepVariant&);

/// Says what does not go together, and what would.
[[noreturn]] void reject(const RecurrentOptions&);

}  // namespace rnnlab
