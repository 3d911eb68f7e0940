#pragma once

#include <string>

namespace rnnlab {

/// Whether the folder of `path` lies on NFS, SMB, Lustre, GPFS or the like, where another machine
/// may see writes in another order and where locks may be missing. False if it cannot be told.
bool is_network_file_system(const std::string& path);

}  // namespace rnnlab
