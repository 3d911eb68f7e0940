#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "record/attributes.hpp"

namespace rnnlab {

/// A numeric dataset, last axis fastest.
struct Values {
  std::vector<std::int64_t> shape;
  std::vector<double> values;
};

/// Paths of the datasets in which two run files differ, sorted: present in one only, or of another
/// type, shape or bytes. Datasets whose last path part is `seconds` are left out: "the same bytes"
/// is that this is empty. Attributes do not enter.
std::vector<std::string> differing_datasets(const std::string& a, const std::string& b);

/// Reads a run.h5: finished, being written by another process in SWMR mode, or left behind by a
/// process that died. Every call sees what has been flushed by then; rows that a dead writer did
/// not complete are left out. Throws Error(Exit::data) for a file or a dataset that cannot be read.
class RunReader {
 public:
  explicit RunReader(const std::string& path);
  ~RunReader();
  RunReader(RunReader&&) noexcept;

  Attributes attributes() const;
  /// What a dataset says of itself: its `units`, its `long_name`.
  std::string attribute(const std::string& dataset, const std::string& name) const;
  /// A dataset that is one text.
  std::string text(const std::string& path) const;
  std::string config() const;   // the dataset /config
  std::string outcome() const;  // the dataset /outcome: "running" until the end

  /// Reads every dataset: throws Error(data) if one cannot be read or fails its checksum.
  void check() const;
  /// Paths of all datasets, without a leading slash, sorted by bytes.
  std::vector<std::string> datasets() const;
  /// Whether there is such a group or dataset.
  bool has(const std::string& path) const;
  /// Names of the datasets that grow with the rows of a group, `step` included, sorted.
  std::vector<std::string> series(const std::string& group) const;
  /// A whole numeric dataset, such as `gradients/hidden/layers.0.forward/log_norm` [N, T].
  Values values(const std::string& path) const;
  /// A whole series of one number per row, such as `metrics/train/loss` [N].
  std::vector<double> column(const std::string& path) const;
  /// The last row of a metric, such as `test/mse` (below `metrics`); nothing if there is no row
  /// yet.
  std::optional<double> last(const std::string& metric) const;

 private:
  friend std::vector<std::string> differing_datasets(const std::string& a, const std::string& b);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rnnlab
