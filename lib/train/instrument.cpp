#include "train/instrument.hpp"

namespace rnnlab {

bool log_spaced(std::int64_t step) { return (step & (step - 1)) == 0; }

}  // namespace rnnlab
