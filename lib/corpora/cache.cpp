#include "corpora/cache.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/error.hpp"

namespace rnnlab {

namespace fs = std::filesystem;

namespace {

std::optional<fs::path> cache_of_environment() {
  const char* const cache = std::getenv("XDG_CACHE_HOME");
  // One that is not absolute counts as none (XDG Base Directory Specification).
  if (cache && *cache == '/') return fs::path(cache) / "rnnlab/data";
  const char* const home = std::getenv("HOME");
  if (home && *home == '/') return fs::path(home) / ".cache/rnnlab/data";
  return {};
}

bool is_present(const KnownFile& file, const fs::path& folder) {
  std::error_code error;
  return fs::is_regular_file(folder / file.name, error) &&
         fs::file_size(folder / file.name, error) == static_cast<std::uintmax_t>(file.bytes);
}

/// A corpus by its own name or by that of a part, and the file that is meant.
struct Named {
  const KnownCorpus& corpus;
  std::string file;  // empty: all of it
};
std::optional<Named> corpus_and_file(const std::string& name) {
  for (const KnownCorpus& corpus : known_corpora()) {
    if (corpus.name == name) return Named{corpus, corpus.path};
    for (const auto& [part, file] : corpus.parts)
      if (part == name) return Named{corpus, file};
  }
  return {};
}

}  // namespace

fs::path data_cache() {
  if (const auto cache = cache_of_environment()) return *cache;
  throw Error(Exit::usage, "no place is known for the cache", "HOME",
              "set XDG_CACHE_HOME to a folder");
}

int files_present(const KnownCorpus& corpus, const fs::path& folder) {
  return static_cast<int>(
      std::count_if(corpus.files.begin(), corpus.files.end(),
                    [&](const auto& file) { return is_present(file, folder); }));
}

std::optional<fs::path> cached_corpus(const std::vector<std::string>& names) {
  const auto cache = cache_of_environment();
  if (!cache) return {};
  for (const std::string& name : names) {
    const auto named = corpus_and_file(name);
    if (!named) continue;
    const auto& [corpus, path] = *named;
    const fs::path folder = *cache / corpus.name;
    if (path.empty()) {
      if (files_present(corpus, folder) == std::ssize(corpus.files)) return folder;
    } else {
      for (const KnownFile& file : corpus.files)
        if (file.name == path && is_present(file, folder)) return folder / file.name;
    }
  }
  return {};
}

std::string corpus_path(const std::string& task_path, const std::vector<std::string>& names) {
  if (!task_path.empty()) return task_path;
  if (const auto cached = cached_corpus(names)) return *cached;
  std::string next = "name a file";
  if (!names.empty()) {
    const auto named = corpus_and_file(names.front());
    next += ", or: rnnlab data fetch " +
            (named ? named->corpus : known_corpus(names.front(), "task.corpus")).name;
  }
  throw Error(Exit::data, "no corpus is given", "task.path", next);
}

std::vector<std::string> corpora_of(std::string_view task) {
  std::vector<std::string> names;
  for (const KnownCorpus& corpus : known_corpora())
    if (std::count(corpus.tasks.begin(), corpus.tasks.end(), task) > 0)
      names.push_back(corpus.name);
  return names;
}

}  // namespace rnnlab
