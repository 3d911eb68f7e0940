#include "places.hpp"

namespace rnnlab::test {

const std::string program = RNNLAB_BINARY, checkout = RNNLAB_SOURCE_DIR,
                  failing_calls = RNNLAB_FAILING_CALLS, jumping_clock = RNNLAB_JUMPING_CLOCK;

}  // namespace rnnlab::test
