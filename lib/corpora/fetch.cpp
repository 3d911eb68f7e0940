#include "corpora/fetch.hpp"

#include "base/error.hpp"
#include "base/shown.hpp"
#include "base/text.hpp"
#include "corpora/download.hpp"
#include "corpora/part_file.hpp"

namespace rnnlab {

namespace fs = std::filesystem;

namespace {

/// A server that cuts off every connection is asked again while each brings something.
constexpr int most_tries = 20;

bool is_right(const KnownFile& file, const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (error || size != static_cast<std::uintmax_t>(file.bytes)) return false;
  return file.sha256.empty() || file_sha256(path) == file.sha256;
}

class FileFetch {
 public:
  FileFetch(const KnownFile& file, PartFile& part, std::int64_t before, FetchWatcher& watcher)
      : file_(file), part_(part), before_(before), watcher_(watcher) {}

  /// True once the file is whole and right; else why it is not, for people, is in `why`.
  bool from(const std::string& url, std::string& why) {
    for (int i = 0; i < most_tries; ++i) {
      if (part_.size() > file_.bytes) part_.clear();
      const std::int64_t had = part_.size();
      const Transfer got = had == file_.bytes ? Transfer{Transfer::End::complete, ""} : get(url);
      why = got.why;
      switch (got.end) {
        case Transfer::End::complete:
          if (is_right(file_, part_.path())) return true;
          why = part_.size() == file_.bytes ? "other bytes than are known (SHA-256)"
                                            : std::to_string(part_.size()) + " bytes instead of " +
                                                  std::to_string(file_.bytes);
          [[fallthrough]];
        case Transfer::End::too_long:
        case Transfer::End::not_resumable:
          part_.clear();
          if (had == 0) return false;
          watcher_.note("what was there of " + file_.name + " is of no use: " + why +
                        "; beginning anew");
          break;
        case Transfer::End::broken:
          if (part_.size() == had) return false;
          watcher_.note(file_.name + ": " + why + "; going on");
          break;
        case Transfer::End::refused: return false;
        case Transfer::End::stopped:
          throw Error(Exit::interrupted, "interrupted", part_.path().string(),
                      "the same command goes on from there");
      }
    }
    return false;
  }

 private:
  Transfer get(const std::string& url) {
    return download(url, part_.descriptor(), part_.path().string(), part_.size(), file_.bytes,
                    [&](std::int64_t bytes) { return watcher_.progress(file_, before_ + bytes); });
  }

  const KnownFile& file_;
  PartFile& part_;
  std::int64_t before_;
  FetchWatcher& watcher_;
};

void fetch_file(const KnownCorpus& corpus, const KnownFile& file, const fs::path& cache,
                const FetchOptions& options, std::int64_t before, FetchWatcher& watcher) {
  const fs::path folder = cache / corpus.name;
  const auto urls =
      options.mirrors.empty() ? file.urls : below(options.mirrors, corpus.name + "/" + file.name);
  if (urls.empty()) {
    throw Error(Exit::data, corpus.name + " is to be got by hand", corpus.page,
                corpus.by_hand + ", and put them into " + folder.string());
  }
  PartFile part(cache / ".part" / corpus.name / (file.name + ".part"), cache);
  if (options.force) part.clear();
  FileFetch fetching(file, part, before, watcher);
  std::vector<std::string> reasons;
  for (const std::string& url : urls) {
    std::string why;
    if (fetching.from(url, why)) return part.move_to(folder / file.name);
    reasons.push_back(shown(url) + ": " + shown(why));
    if (reasons.size() < urls.size()) watcher.note(reasons.back() + "; trying the next address");
  }
  throw Error(
      Exit::data, "cannot get " + corpus.name + "/" + file.name, join(reasons, "; "),
      "check the connection, name a mirror with --mirror, or put the file into " + folder.string());
}

}  // namespace

int fetch(const KnownCorpus& corpus, const fs::path& cache, const FetchOptions& options,
          FetchWatcher& watcher) {
  int fetched = 0;
  std::int64_t bytes = 0;
  for (const KnownFile& file : corpus.files) {
    const fs::path path = cache / corpus.name / file.name;
    if (options.force || !is_right(file, path)) {
      fetch_file(corpus, file, cache, options, bytes, watcher);
      ++fetched;
    }
    bytes += file.bytes;
    if (!watcher.progress(file, bytes))
      throw Error(Exit::interrupted, "interrupted", path.string(),
                  "the same command goes on from there");
  }
  return fetched;
}

}  // namespace rnnlab
