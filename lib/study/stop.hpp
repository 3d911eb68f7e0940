#pragma once

#include <atomic>

namespace rnnlab {

/// True once SIGINT, SIGTERM, SIGUSR1 or SIGHUP (a closed terminal) has asked this process to stop
/// and leave things in order.
const std::atomic<bool>& stop_requested();

/// From here on those signals set the flag instead of ending the process.
void catch_stop_signals();

}  // namespace rnnlab
