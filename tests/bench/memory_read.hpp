#pragma once

namespace rnnlab::bench {

/// Registers `memory_read/KiB:N/threads:1` for working sets that fit L1, L2 and L3, and one that
/// fits none: the bandwidth at which a core reads it again and again, as counter `bytes/s`.
void register_memory_read();

}  // namespace rnnlab::bench
