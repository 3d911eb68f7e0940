#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/rng.hpp"
#include "file_examples.hpp"
#include "shares.hpp"

namespace rnnlab {

/// The examples of a .npz, .h5 or .hdf5 file, in parts: arrays of their own (`inputs`,
/// `inputs_valid`, `inputs_test`, …), or named by `split` [N] (0 training, 1 validation, 2 test),
/// or shares drawn from a seed. Without a test part the test is on the validation part.
class FileParts {
 public:
  /// Throws Error(data) naming file and array for whatever is wrong with them; Error(usage) for
  /// shares that leave nothing.
  FileParts(const std::string& path, std::int64_t seed, const Shares&);

  /// The examples of a split: some of one of the sets that were read.
  struct Part {
    const FileExamples* examples = nullptr;
    std::vector<std::uint32_t> which;
  };
  const Part& part(Stream split) const {
    return parts_[split == Stream::valid ? 1 : split == Stream::test ? 2 : 0];
  }
  /// The sets that were read, for training first; they agree in all but N and T.
  std::vector<const FileExamples*> sets() const;
  const std::string& sha256() const { return sha256_; }

  [[noreturn]] void refuse(const std::string& why, const std::string& next) const;

 private:
  std::unique_ptr<ArrayFile> opened() const;
  void share_out(Parts named);
  Parts named_parts(const ArrayFile& file) const;

  std::string path_, sha256_;
  std::array<std::optional<FileExamples>, 3> read_;
  std::array<Part, 3> parts_;
};

}  // namespace rnnlab
