#pragma once

#include <array>
#include <string>
#include <string_view>
#include <zlib.h>

#include "data/archive.hpp"

namespace rnnlab {

/// The bytes of all members of a gzip file, one after the other, in pieces. Throws Error(data)
/// naming `where` for a file that is damaged or cut off; zlib checks the sums.
class GzipReader {
 public:
  GzipReader(std::string_view packed, const std::string& where);
  ~GzipReader();
  GzipReader(const GzipReader&) = delete;
  GzipReader& operator=(const GzipReader&) = delete;

  /// Valid until the next call; empty: the end.
  std::string_view next();

 private:
  [[noreturn]] void refuse(const std::string& what) const;

  std::string_view packed_;
  std::string where_;
  z_stream z_{};
  std::array<char, 1 << 16> block_;
  std::size_t taken_ = 0;
  bool ended_ = false;
};

/// All of it, until the sink wants no more.
void inflate_gzip(std::string_view packed, const std::string& where, const Sink& sink);

}  // namespace rnnlab
