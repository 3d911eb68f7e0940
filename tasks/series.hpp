#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rnnlab {

/// Which columns of a CSV file are read, and how.
struct SeriesColumns {
  char delimiter = ',';
  enum Header { unknown, there, none } header = unknown;  // unknown: one without any number
  std::string target =
      {};            // a name of the header, or a number from 1; empty: the last one of numbers
  bool all = false;  // every column of numbers, not the target's alone
};

/// Columns of numbers, in the file's order; `target` is one of them.
struct Series {
  std::vector<std::string> names;  // of the header, or numbers from 1
  std::size_t target = 0;
  std::vector<double> values;  // [rows, columns]

  std::size_t columns() const { return names.size(); }
  std::size_t rows() const { return values.size() / columns(); }
};

/// A column is one of numbers if it holds one in the first row of data; from there on every one of
/// its cells has to. Throws Error(data) naming `where` and the line for a cell that is empty or no
/// number, and as read_csv() does; Error(usage) for a target that is not there.
Series read_series(std::string_view bytes, const std::string& where, const SeriesColumns&);

}  // namespace rnnlab
