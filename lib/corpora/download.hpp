#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace rnnlab {

/// How the bytes of one address came.
struct Transfer {
  enum class End {
    complete,
    refused,        // nothing can be had there: unknown host, 404, no such file, …
    broken,         // begun, and cut off
    not_resumable,  // it has no bytes from the middle on
    too_long,       // more than `most` bytes
    stopped,        // by `watch`
  };
  End end;
  std::string why;  // in words, unless complete
};

/// Appends the bytes of an http, https or file address from its byte `from` on to an open file.
/// `watch` is told how many have come, at least once a second, and says whether to go on. Throws
/// Error(write), naming `where`, for a file that cannot be written.
Transfer download(const std::string& url, int file, const std::string& where, std::int64_t from,
                  std::int64_t most, const std::function<bool(std::int64_t)>& watch);

}  // namespace rnnlab
