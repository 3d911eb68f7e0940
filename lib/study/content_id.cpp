#include "study/content_id.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <tuple>

#include "base/error.hpp"
#include "base/text.hpp"
#include "data/language_corpus.hpp"
#include "study/setting.hpp"

namespace rnnlab {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "sha256:";

/// Of a file, which is read once while its size and time of change stay the same.
std::optional<std::string> known_sha256(const std::string& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  const auto changed = fs::last_write_time(path, error);
  if (error) return {};
  static std::map<std::tuple<std::string, std::uintmax_t, fs::file_time_type>, std::string> known;
  std::string& digest = known[{path, size, changed}];
  if (digest.empty()) digest = file_sha256(path).value_or("");
  return digest.empty() ? std::nullopt : std::optional(digest);
}

/// Of a folder: that of its files' names and hashes, in the order of the names.
std::optional<std::string> folder_sha256(const std::string& path) {
  std::error_code error;
  std::map<std::string, std::string> files;
  for (fs::recursive_directory_iterator at(path, error), end; !error && at != end;
       at.increment(error)) {
    if (!at->is_regular_file(error)) continue;
    const auto digest = known_sha256(at->path().string());
    if (!digest) return {};
    files[at->path().lexically_relative(path).string()] = *digest;
  }
  if (error) return {};
  std::string all;
  for (const auto& [name, digest] : files) all += digest + " " + name + "\n";
  return sha256(all);
}

/// Of a file, and of those beside it that are read as other parts of the same corpus.
std::optional<std::string> file_and_parts_sha256(const std::string& path) {
  const auto own = known_sha256(path);
  const std::vector<std::string> parts = parts_beside(path);
  if (!own || parts.empty()) return own;
  std::string all = *own + "\n";
  for (const std::string& part : parts) {
    const auto digest = known_sha256(part);
    if (!digest) return {};
    all += *digest + " " + fs::path(part).filename().string() + "\n";
  }
  return sha256(all);
}

}  // namespace

bool is_content_id(std::string_view path) { return path.starts_with(prefix); }

std::string content_id(const std::string& path, const std::string& key) {
  if (is_content_id(path)) return path;
  std::error_code error;
  const auto digest =
      fs::is_directory(path, error) ? folder_sha256(path) : file_and_parts_sha256(path);
  if (!digest) {
    throw Error(Exit::data, "cannot read what " + key + " names", shown(path),
                "give a file or folder that exists and may be read");
  }
  return std::string(prefix) + *digest;
}

}  // namespace rnnlab
