#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/state.hpp"
#include "record/attributes.hpp"

namespace rnnlab {

/// What a run goes on from after any interruption: the numbers that its steps depend on, and how
/// many rows of run.h5 belong to them.
struct Checkpoint {
  Attributes about;  // `step`, `steps`, `course`, `program`: see run_file.md
  RowCounts rows, rows_if_longer;
  State state;

  /// The text of an attribute; empty if there is none.
  std::string text(const std::string& attribute) const;
  /// The number; −1 if there is none.
  std::int64_t integer(const std::string& attribute) const;
};

/// Stores FOLDER/checkpoint.h5 (schema `rnnlab.checkpoint`, version 1): an HDF5 file behind a block
/// of 512 bytes with its SHA-256. It takes the place of the last one in one step, on the disk
/// before that, and the last one stays as checkpoint.previous.h5. Throws Error(write); what was
/// there stays.
void write_checkpoint(const std::filesystem::path& folder, const Checkpoint&);

/// The newest checkpoint of a folder whose digest is right; `say` is told of one that had to be
/// left out. Nothing if there is none.
std::optional<Checkpoint> read_checkpoint(const std::filesystem::path& folder,
                                          const std::function<void(const std::string&)>& say);

/// A file of the same form elsewhere, with no predecessor. Throws Error(write).
void write_checkpoint_file(const std::filesystem::path& file, const Checkpoint&);
/// Throws Error(data) for one that cannot be read or whose digest is another.
Checkpoint read_checkpoint_file(const std::filesystem::path& file);

}  // namespace rnnlab
