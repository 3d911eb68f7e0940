#include "record/file_system.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <sys/vfs.h>

namespace rnnlab {
namespace {

// statfs(2)'s f_type.
constexpr std::array<std::uint32_t, 11> network = {
    0x00006969,              // NFS
    0x0000517B,              // SMB
    0xFF534D42,              // CIFS
    0xFE534D42,              // SMB 2
    0x0BD00BD0,              // Lustre
    0x47504653,              // GPFS
    0x00C36400,              // Ceph
    0x5346414F, 0x6B414653,  // AFS
    0x01021997,              // 9P
    0x19830326,              // BeeGFS
};

}  // namespace

bool is_network_file_system(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  struct statfs about {};
  if (::statfs(folder.empty() ? "." : folder.c_str(), &about) != 0) return false;
  const auto type = static_cast<std::uint32_t>(about.f_type);
  return std::find(network.begin(), network.end(), type) != network.end();
}

}  // namespace rnnlab
