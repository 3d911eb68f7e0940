#pragma once

#include "cli/verb.hpp"
#include "decode/sampling.hpp"

namespace rnnlab {

/// `rnnlab generate` of a run whose model is given a class (task names): a sequence a line.
Exit generate_names(const Invocation&, const Sampling&);

}  // namespace rnnlab
