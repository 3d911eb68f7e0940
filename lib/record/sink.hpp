#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/state.hpp"

namespace rnnlab {

/// A fixed axis of a table besides its rows: `time`, `lag`, `unit`, …
struct Axis {
  std::string name;
  std::string units;
  std::string long_name;
  std::vector<std::int64_t> values;
};

enum class Type { float64, int64 };

/// One growing dataset: shape [N] or [N, axis…].
struct Column {
  std::string name;
  std::string units;
  std::string long_name;
  std::vector<int> axes = {};  // indices into the table's axes
  Type type = Type::float64;
};

/// A group of datasets that grow together, one row per recorded step. The dataset `step` [N] comes
/// with every table.
struct TableSpec {
  std::string group;  // path below the root: `metrics/train`
  std::vector<Axis> axes = {};
  std::vector<Column> columns = {};
};

/// A dataset that is written once, at the end of the run; it exists, filled with NaN, from the
/// start.
struct ArraySpec {
  std::string path;  // `model/parameters/weight_ih_l0`
  std::vector<std::int64_t> shape;
  std::string units;
  std::string long_name;
  bool single = false;  // float32 in the file, else float64
};

class Table {
 public:
  virtual ~Table() = default;
  /// Appends a row: the columns' values one after the other, each flattened with its last axis
  /// fastest. Buffered; allocates nothing once the table exists.
  virtual void row(std::int64_t step, std::span<const double> values) = 0;
};

/// Where a run's numbers go. Everything is declared before the first row is written.
class Sink {
 public:
  virtual ~Sink() = default;
  /// The table lives as long as the sink.
  virtual Table& table(const TableSpec&) = 0;
  virtual void array(const ArraySpec&) = 0;
  /// Ends the declarations: from here on the file can be read while it is written.
  virtual void start() = 0;
  virtual void write_array(const std::string& path, std::span<const double> values) = 0;
  /// How many rows every table has by now, by its group.
  virtual RowCounts rows() const = 0;
};

}  // namespace rnnlab
