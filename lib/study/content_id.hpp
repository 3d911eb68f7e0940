#pragma once

#include <string>
#include <string_view>

namespace rnnlab {

/// `sha256:` and the lower-case SHA-256 of the bytes of a file, or of the names and hashes of all
/// files of a folder, or of a file and those beside it that are its parts_beside(): what names data
/// whatever they are called. A content id stands for itself.
/// Files are read once per process while their size and time of change stay the same. Throws
/// Error(data) for a file that cannot be read; `key` is the key that names it.
std::string content_id(const std::string& path, const std::string& key);

bool is_content_id(std::string_view path);

}  // namespace rnnlab
