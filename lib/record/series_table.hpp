#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "record/hdf5.hpp"
#include "record/sink.hpp"

namespace rnnlab {

/// A table in an HDF5 file. Rows wait in memory until 128 KiB (at most 255 rows) are full, at the
/// end of a chunk of the widest column where one fits, or until flush() is called. `step` is
/// extended last, after the columns have been flushed: a row counts as written from the moment
/// `step` has it, whatever happens to the process.
class SeriesTable final : public Table {
 public:
  /// Creates the group, the scale `step`, a scale per axis and the columns, all of zero rows.
  SeriesTable(const hdf5::File&, const TableSpec&);

  void row(std::int64_t step, std::span<const double> values) override;
  void flush();
  /// Begins with the first `rows` rows of the same table in another file. Throws Error(data) where
  /// that does not have them.
  void take_over(const hdf5::File& from, hsize_t rows);
  /// In the file and in memory.
  hsize_t rows() const { return written_ + waiting_; }
  const std::string& group() const { return group_; }
  /// Closes the datasets; there are no rows afterwards.
  void close() { series_.clear(), step_ = {}, capacity_ = 0; }
  /// Leaves the datasets open without ever writing to them again.
  void abandon();

 private:
  struct Series {
    hdf5::Dataset dataset;
    std::size_t width;         // values in a row
    std::vector<double> rows;  // [capacity, width]
  };

  const hdf5::File& file_;
  std::string group_;
  hdf5::Dataset step_;
  std::vector<std::int64_t> steps_;  // [capacity]
  std::vector<Series> series_;
  std::size_t width_ = 0;       // of all columns together
  std::size_t capacity_ = 0;    // rows that fit into memory; 0 once closed
  std::size_t chunk_rows_ = 1;  // rows to a chunk of the widest column; divides `capacity_`
  std::size_t waiting_ = 0;     // rows in memory
  hsize_t written_ = 0;         // rows in the file
};

}  // namespace rnnlab
