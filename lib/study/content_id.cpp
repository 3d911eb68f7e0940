#include "study/content_id.hpp"

#include <filesystem>
#include <map>
#include <tuple>

#include "base/error.hpp"
#include "base/text.hpp"
#include "study/setting.hpp"

namespace rnnlab {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "sha256:";

/// Of a folder: that of its files' names and hashes, in the order of the names.
std::optional<std::string> folder_sha256(const std::string& path) {
  std::error_code error;
  std::map<std::string, std::string> files;
  for (fs::recursive_directory_iterator at(path, error), end; !error && at != end;
       at.increment(error)) {
    if (!at->is_regular_file(error)) continue;
    const auto digest = file_sha256(at->path());
    if (!digest) return {};
    files[fs::relative(at->path(), path).string()] = *digest;
  }
  if (error) return {};
  std::string all;
  for (const auto& [name, digest] : files) all += digest + " " + name + "\n";
  return sha256(all);
}

std::string hash_of(const std::string& path, const std::string& key) {
  const auto digest = fs::is_directory(path) ? folder_sha256(path) : file_sha256(path);
  if (!digest) {
    throw Error(Exit::data, "cannot read what " + key + " names", shown(path),
                "give a file or folder that exists and may be read");
  }
  return std::string(prefix) + *digest;
}

}  // namespace

bool is_content_id(std::string_view path) { return path.starts_with(prefix); }

std::string content_id(const std::string& path, const std::string& key) {
  if (is_content_id(path)) return path;
  std::error_code error;
  if (fs::is_directory(path, error)) return hash_of(path, key);
  const auto size = fs::file_size(path, error);
  const auto changed = fs::last_write_time(path, error);
  if (error) return hash_of(path, key);
  static std::map<std::tuple<std::string, std::uintmax_t, fs::file_time_type>, std::string> known;
  std::string& id = known[{path, size, changed}];
  if (id.empty()) id = hash_of(path, key);
  return id;
}

}  // namespace rnnlab
