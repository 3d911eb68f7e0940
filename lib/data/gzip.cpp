#include "data/gzip.hpp"

#include <algorithm>
#include <new>

#include "base/error.hpp"

namespace rnnlab {

GzipReader::GzipReader(std::string_view packed, const std::string& where)
    : packed_(packed), where_(where) {
  if (inflateInit2(&z_, 15 + 16) != Z_OK) throw std::bad_alloc();
}

GzipReader::~GzipReader() { inflateEnd(&z_); }

void GzipReader::refuse(const std::string& what) const {
  throw Error(Exit::data, what, where_, "fetch it again");
}

std::string_view GzipReader::next() {
  while (!ended_) {
    if (z_.avail_in == 0) {
      const auto most = std::min<std::size_t>(packed_.size() - taken_, 1u << 30);
      if (most == 0) refuse("the gzip file is cut off");
      // zlib reads through a pointer that older compilers could not make const.
      z_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed_.data() + taken_));
      z_.avail_in = static_cast<uInt>(most);
      taken_ += most;
    }
    z_.next_out = reinterpret_cast<Bytef*>(block_.data());
    z_.avail_out = static_cast<uInt>(block_.size());
    const int code = inflate(&z_, Z_NO_FLUSH);
    if (code == Z_STREAM_END) {
      // Zeros behind the end are padding (gzip(1) passes over them as well).
      const std::string_view rest = packed_.substr(taken_ - z_.avail_in);
      ended_ = rest.find_first_not_of('\0') == rest.npos;
      if (!ended_ && inflateReset(&z_) != Z_OK) refuse("the gzip file is damaged");
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
      refuse("the gzip file is damaged" + std::string(z_.msg ? ": " : "") + (z_.msg ? z_.msg : ""));
    }
    if (const std::size_t size = block_.size() - z_.avail_out; size > 0)
      return {block_.data(), size};
  }
  return {};
}

void inflate_gzip(std::string_view packed, const std::string& where, const Sink& sink) {
  GzipReader reader(packed, where);
  for (std::string_view piece = reader.next(); !piece.empty(); piece = reader.next())
    if (!sink(piece)) return;
}

}  // namespace rnnlab
