#include <algorithm>
#include <array>
#include <limits>
#include <new>
#include <zlib.h>

#include "base/error.hpp"
#include "data/archive.hpp"

namespace rnnlab {

void inflate_gzip(std::string_view packed, const std::string& where, const Sink& sink) {
  const auto refuse = [&](const std::string& what) {
    throw Error(Exit::data, what, where, "fetch it again");
  };
  z_stream z{};
  if (inflateInit2(&z, 15 + 16) != Z_OK) throw std::bad_alloc();
  const std::unique_ptr<z_stream, int (*)(z_stream*)> closed(&z, inflateEnd);
  std::array<char, 1 << 16> block;
  std::size_t taken = 0;
  for (;;) {
    if (z.avail_in == 0) {
      const auto most = std::min<std::size_t>(packed.size() - taken, 1u << 30);
      if (most == 0) refuse("the gzip file is cut off");
      // zlib reads through a pointer that older compilers could not make const.
      z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data() + taken));
      z.avail_in = static_cast<uInt>(most);
      taken += most;
    }
    z.next_out = reinterpret_cast<Bytef*>(block.data());
    z.avail_out = static_cast<uInt>(block.size());
    const int code = inflate(&z, Z_NO_FLUSH);
    if (!sink({block.data(), block.size() - z.avail_out})) return;
    if (code == Z_STREAM_END) {
      if (z.avail_in == 0 && taken == packed.size()) return;
      if (inflateReset(&z) != Z_OK) refuse("the gzip file is damaged");
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
      refuse("the gzip file is damaged" + std::string(z.msg ? ": " : "") + (z.msg ? z.msg : ""));
    }
  }
}

}  // namespace rnnlab
