#pragma once

#include "record/attributes.hpp"

namespace rnnlab {

/// Where this program and this process come from, as root attributes of a run file:
/// `rnnlab_version`, `git_commit`, `git_dirty` (1, 0, or -1: unknown), `created` (now, ISO 8601
/// UTC), `cpu`, `isa` (that the program was compiled for), `compiler`, `flags`, `libraries`.
/// "unknown" where it cannot be found out, such as the commit of a tarball.
Attributes provenance();

/// The SHA-256 of this program's own file: only the very same program gives the same bytes.
const std::string& program_digest();

}  // namespace rnnlab
