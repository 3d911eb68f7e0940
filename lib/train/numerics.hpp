#pragma once

namespace rnnlab {

/// Raised by every change of the code that alters a number in a result; part of each run's
/// identity.
inline constexpr int numerics_revision = 4;

}  // namespace rnnlab
