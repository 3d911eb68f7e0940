#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace rnnlab {

/// A row of a CSV file and the line on which it begins, from 1.
struct CsvRow {
  std::vector<std::string> fields;
  std::int64_t line = 0;
};

/// Calls `take` with each row of a CSV file, a header among them, in order; the row is gone after
/// the call. As RFC 4180 has it: commas (or another `delimiter`) between fields, quotes around
/// those with a comma, a quote (doubled) or a line end in them, blanks part of a field. A byte
/// order mark is left out, empty lines are no rows.
///
/// Throws Error(data) naming `where` and the line for a row of more or fewer fields than the first,
/// a quote that is not closed or stands in the middle of a field, and what is not UTF-8.
void read_csv(std::string_view bytes, const std::string& where,
              const std::function<void(CsvRow&)>& take, char delimiter = ',');

}  // namespace rnnlab
