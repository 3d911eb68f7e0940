#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "corpora/registry.hpp"

namespace rnnlab {

struct FetchOptions {
  std::vector<std::string> mirrors;  // bases of BASE/CORPUS/FILE, instead of the corpus' own urls
  bool force = false;                // anew, whatever is there
};

/// Who is told how a corpus comes.
class FetchWatcher {
 public:
  virtual ~FetchWatcher() = default;
  /// So many bytes of the corpus are there. False: stop.
  virtual bool progress(const KnownFile& file, std::int64_t bytes) = 0;
  /// Something worth a line: a mirror that failed, a part that was no use.
  virtual void note(const std::string& line) = 0;
};

/// Gets the files of a corpus into `cache`/NAME; those that are there and have the right hash stay.
/// A file comes as `cache`/.part/NAME/FILE.part, which a later call goes on with, and takes its
/// place in one step when its hash is right, so what has another name is always whole. Returns how
/// many files were fetched.
///
/// Throws Error: data where no address has the right bytes, or they are to be got by hand; write
/// where they cannot be written; interrupted where the watcher said stop.
int fetch(const KnownCorpus&, const std::filesystem::path& cache, const FetchOptions&,
          FetchWatcher&);

}  // namespace rnnlab
