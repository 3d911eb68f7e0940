#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rnnlab {

/// Takes bytes piece by piece, and says whether it wants more.
using Sink = std::function<bool(std::string_view)>;

/// All that `produce` hands to a sink, as one string that takes no more memory than it is long:
/// `produce` is run twice, first to be counted, as no archive is trusted to say how long a file is.
std::string collected(const std::function<void(const Sink&)>& produce);

/// Several files in one. Their names are only names: nothing is ever written under them.
class Archive {
 public:
  virtual ~Archive() = default;
  virtual std::vector<std::string> files() const = 0;
  /// All bytes of one of them. Throws Error(data) naming `where` if it is damaged.
  virtual std::string bytes(const std::string& file, const std::string& where) const = 0;
};

/// Throw Error(data) naming the path for what is no such archive. A .tar.gz (whatever tar
/// libarchive knows, regular files alone; of several under one name the last) is inflated from its
/// beginning for every file that is read.
std::unique_ptr<Archive> open_zip(const std::string& path);
std::unique_ptr<Archive> open_tar_gz(const std::string& path);

/// A whole file as it is. Throws Error(data) where it cannot be read.
std::string file_bytes(const std::string& file);

}  // namespace rnnlab
