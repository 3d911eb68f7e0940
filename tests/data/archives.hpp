#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>
#include <zip.h>
#include <zlib.h>

#include "files.hpp"

namespace rnnlab::test {

/// Writes one gzip member.
inline void write_gzip(const std::string& file, const std::string& text, const char* mode = "wb") {
  const gzFile out = gzopen(file.c_str(), mode);
  REQUIRE(out);
  gzwrite(out, text.data(), static_cast<unsigned>(text.size()));
  gzclose(out);
}

inline void write_zip(const std::string& file,
                      const std::vector<std::pair<std::string, std::string>>& members) {
  int code = 0;
  zip_t* const out = zip_open(file.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  REQUIRE(out);
  for (const auto& [name, text] : members) {
    zip_source_t* const source = zip_source_buffer(out, text.data(), text.size(), 0);
    REQUIRE(zip_file_add(out, name.c_str(), source, ZIP_FL_ENC_UTF_8) >= 0);
  }
  REQUIRE(zip_close(out) == 0);
}

}  // namespace rnnlab::test
