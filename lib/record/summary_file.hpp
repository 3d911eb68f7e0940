#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace rnnlab {

/// What is known of every run of a sweep under one name: a number or a text of each, in their
/// order.
struct RunColumn {
  std::string name;
  std::string units;  // "1" for a pure number and for a text
  std::string long_name;
  std::variant<std::vector<std::int64_t>, std::vector<double>, std::vector<std::string>> values;
};

/// Writes summary.h5 (run_file.md): the columns, and under `groups`, such as `metrics/train`, every
/// series of one number per row of the run files as a dataset [run, row], NaN where a run has no
/// such row. `run_files` has a path per run, in the order of the columns' values; one that cannot
/// be read has no rows. The file is put in its place when it is complete and on the disk; nothing
/// is left beside it otherwise. Throws Error(write).
void write_summary_file(const std::string& path, const std::vector<RunColumn>& columns,
                        const std::vector<std::string>& groups,
                        const std::vector<std::string>& run_files);

}  // namespace rnnlab
