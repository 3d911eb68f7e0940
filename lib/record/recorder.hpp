#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "record/attributes.hpp"
#include "record/sink.hpp"

namespace rnnlab {

/// Writes run.h5, schema `rnnlab.run` version 1 (run_file.md). The file is in its place from
/// start() on: it can then be read while it is written (SWMR), no reader can hinder its writer, and
/// what was flushed survives the death of the process.
///
/// Any call may throw Error(Exit::write). After that the only thing left to do is to let the
/// recorder go or to abandon() it: the file then stays as it was last flushed, even when the
/// process ends by exit(). Closing it would overwrite that with what HDF5 could not store.
class Recorder final : public Sink {
 public:
  /// Creates the file, in a folder that exists, as `PATH.tmp`; start() puts it in the place of what
  /// is at `path`, which readers see until then. The recorder adds the attributes `schema`,
  /// `schema_version` and `outcome` to those given; `config` becomes `/config`. `mode`: "swmr";
  /// "flush" for file systems that do not order writes; "auto" chooses by the file system. A file
  /// whose declarations fail is removed again.
  Recorder(const std::string& path, const Attributes& attributes, const std::string& config,
           const std::string& mode);
  /// Without finish(): the file is removed if start() was not reached; else it ends as "failed".
  ~Recorder() override;

  /// A text that is there from the start, such as `vocabulary`. Before start().
  void text(const std::string& path, const std::string& long_name, const std::string& value);

  /// The run goes on from an earlier one: with start() every table has the first rows of that one
  /// in `path`, which may be the file that this one replaces, as many as `rows` says. start()
  /// throws Error(data) where they cannot be had; nothing has been replaced then. Before start().
  void go_on(const std::string& path, RowCounts rows);

  /// An array's scales stand beside its group, shared by arrays of equal length along an axis:
  /// `model/row_256` and `model/column_64` for `model/parameters/weight_hh_l0` [256, 64].
  Table& table(const TableSpec&) override;
  void array(const ArraySpec&) override;
  void start() override;
  bool started() const;
  /// Exactly as many values as the array has.
  void write_array(const std::string& path, std::span<const double> values) override;

  RowCounts rows() const override;

  /// Waits until all rows are on the disk, whatever happens to the machine.
  void sync();
  /// Makes all rows visible to readers. A table that has filled its memory is flushed by
  /// itself; the caller flushes what waits about once a second. Costs nothing if nothing waits.
  void flush();
  /// Writes what is left and the outcome ("completed", "diverged", …, at most 16 bytes), and closes
  /// the file: from here on every reader opens it. No table may be used any more.
  void finish(const std::string& outcome);
  /// Leaves the file as it was last flushed and never touches it again; before start() it is
  /// removed. Nothing else may be called after this.
  void abandon();

 private:
  struct State;
  void discard();

  std::unique_ptr<State> state_;
};

}  // namespace rnnlab
