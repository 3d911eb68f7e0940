#include "file_parts.hpp"

#include <filesystem>
#include <numeric>

#include "base/error.hpp"
#include "base/text.hpp"
#include "data/npz_file.hpp"
#include "record/array_file.hpp"

namespace rnnlab {
namespace {

constexpr std::array<const char*, 3> parts{"", "_valid", "_test"};

}  // namespace

FileParts::FileParts(const std::string& path, std::int64_t seed, const Shares& shares)
    : path_(path) {
  if (path.empty()) {
    throw Error(Exit::usage, "no file is given", "task.path", "name a .npz or .h5 file");
  }
  shares.check();
  const std::unique_ptr<ArrayFile> file = opened();
  for (std::size_t part = 0; part < parts.size(); ++part) {
    if (part > 0 && !file->has(std::string("inputs") + parts[part])) continue;
    read_[part] = read_examples(*file, path_, parts[part]);
  }
  const FileExamples& train = *read_[0];
  for (const FileExamples* e : sets()) {
    if (e->width != train.width || e->outputs != train.outputs || e->readout != train.readout) {
      refuse("the arrays of one part are of another kind than those of another",
             "let inputs and targets of all parts agree in all but N and T");
    }
  }
  if (file->has("split")) {
    share_out(named_parts(*file));
  } else {
    const Shares missing{read_[1] ? 0 : shares.valid, read_[2] ? 0 : shares.test};
    share_out(drawn_parts(seed, static_cast<std::uint64_t>(train.count), missing, path_));
  }
  const auto digest = file_sha256(path_);
  if (!digest) throw Error(Exit::data, "cannot read the file", path_, "check its permissions");
  sha256_ = *digest;
}

std::vector<const FileExamples*> FileParts::sets() const {
  std::vector<const FileExamples*> sets;
  for (const auto& set : read_)
    if (set) sets.push_back(&*set);
  return sets;
}

void FileParts::refuse(const std::string& why, const std::string& next) const {
  throw Error(Exit::data, why, path_, next);
}

std::unique_ptr<ArrayFile> FileParts::opened() const {
  const std::filesystem::path name(path_);
  if (!std::filesystem::is_regular_file(name)) refuse("there is no such file", "check task.path");
  const std::string extension = name.extension().string();
  if (extension == ".npz") return open_npz(path_);
  if (extension == ".h5" || extension == ".hdf5") return open_hdf5_arrays(path_);
  refuse("the name ends neither in .npz nor in .h5 or .hdf5", "store the arrays in such a file");
}

/// Parts of their own take all of theirs; `named` are those of `inputs`.
void FileParts::share_out(Parts named) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    parts_[i] = {&*read_[0], std::move(named[i])};
    if (i == 0 || !read_[i]) continue;
    parts_[i] = {&*read_[i], std::vector<std::uint32_t>(static_cast<std::size_t>(read_[i]->count))};
    std::iota(parts_[i].which.begin(), parts_[i].which.end(), 0);
  }
  if (parts_[0].which.empty() || parts_[1].which.empty()) {
    refuse("no example is left for " +
               std::string(parts_[0].which.empty() ? "training" : "validation"),
           "store more examples, or choose other shares");
  }
  if (parts_[2].which.empty()) parts_[2] = parts_[1];
}

Parts FileParts::named_parts(const ArrayFile& file) const {
  if (read_[1] || read_[2]) {
    refuse_array(path_, "split", "is there beside arrays of parts of their own",
                 "store one or the other");
  }
  const ArrayInfo info = file.info("split");
  if (!info.integers || info.shape != std::vector{read_[0]->count}) {
    refuse_array(path_, "split",
                 "has shape " + shape_text(info.shape) + ", not that of " +
                     std::to_string(read_[0]->count) + " integers",
                 "give each example 0 (training), 1 (validation) or 2 (test)");
  }
  std::vector<std::int32_t> split(static_cast<std::size_t>(info.size()));
  file.read("split", split);
  Parts named;
  for (std::uint32_t n = 0; n < split.size(); ++n) {
    if (split[n] < 0 || split[n] > 2) {
      refuse_array(path_, "split",
                   "is out of range at [" + std::to_string(n) + "]: " + std::to_string(split[n]),
                   "give 0 (training), 1 (validation) or 2 (test)");
    }
    named[static_cast<std::size_t>(split[n])].push_back(n);
  }
  return named;
}

}  // namespace rnnlab
