#include "train/instrument.hpp"

namespace rnnlab {

bool log_spaced(std::int64_t step, std::int64_t steps) {
  return (step & (step - 1)) == 0 || step == steps - 1;
}

}  // namespace rnnlab
