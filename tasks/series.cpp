#include "series.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/error.hpp"
#include "base/shown.hpp"
#include "base/text.hpp"
#include "data/corpus.hpp"
#include "data/csv.hpp"

namespace rnnlab {
namespace {

using Fields = std::vector<std::string>;

std::optional<double> number(const std::string& cell) {
  const auto value = parse_double(trim(cell));
  return value && std::isfinite(*value) ? value : std::nullopt;
}

class SeriesReader {
 public:
  SeriesReader(const std::string& where, const SeriesColumns& columns)
      : where_(where), columns_(columns) {}

  void take(CsvRow& row) {
    if (!begun_) {
      begun_ = true;
      if (is_header(row.fields)) {
        header_ = std::move(row.fields);
        return;
      }
    }
    if (chosen_.empty()) choose(row);
    for (const std::size_t i : chosen_) {
      const auto value = number(row.fields[i]);
      if (!value) refuse_cell(row, i);
      series_.values.push_back(*value);
    }
  }
  Series finish() {
    if (chosen_.empty())
      throw Error(Exit::data, begun_ ? "there is no row but the header" : "the file is empty",
                  where_, "give a CSV file with a row for each moment");
    return std::move(series_);
  }

 private:
  bool is_header(const Fields& fields) const {
    if (columns_.header != SeriesColumns::unknown) return columns_.header == SeriesColumns::there;
    return std::none_of(fields.begin(), fields.end(), number);
  }
  std::string name(std::size_t column) const {
    return header_.empty() ? std::to_string(column + 1) : header_[column];
  }

  void choose(const CsvRow& row) {
    std::vector<std::size_t> numeric;
    for (std::size_t i = 0; i < row.fields.size(); ++i)
      if (number(row.fields[i])) numeric.push_back(i);
    if (numeric.empty() && columns_.target.empty())
      throw Error(Exit::data, "no column holds a number", line_name(where_, row.line),
                  "check task.delimiter, and whether numbers have a decimal point");
    const std::size_t target = columns_.target.empty() ? numeric.back() : target_of(row.fields);
    if (!number(row.fields[target])) refuse_cell(row, target);
    chosen_ = columns_.all ? numeric : std::vector{target};
    for (const std::size_t i : chosen_) series_.names.push_back(name(i));
    series_.target = static_cast<std::size_t>(std::find(chosen_.begin(), chosen_.end(), target) -
                                              chosen_.begin());
  }
  std::size_t target_of(const Fields& first) const {
    const std::string& wanted = columns_.target;
    const auto named = std::count(header_.begin(), header_.end(), wanted);
    if (named == 1)
      return static_cast<std::size_t>(std::find(header_.begin(), header_.end(), wanted) -
                                      header_.begin());
    const auto place = parse_int(wanted);
    if (named == 0 && place && *place >= 1 && *place <= std::ssize(first))
      return static_cast<std::size_t>(*place - 1);
    if (named > 1)
      throw Error(Exit::usage, std::to_string(named) + " columns are called " + shown(wanted),
                  "task.column", "give its number, from 1");
    throw Error(Exit::usage, "there is no column " + shown(wanted) + " in " + where_, "task.column",
                header_.empty() ? "give a number from 1 to " + std::to_string(first.size())
                                : "did you mean " + shown(nearest(wanted, header_)) + "?");
  }
  [[noreturn]] void refuse_cell(const CsvRow& row, std::size_t column) const {
    const std::string& cell = row.fields[column];
    throw Error(Exit::data,
                "column " + shown(name(column)) + " holds " +
                    (trim(cell).empty() ? "nothing" : shown(cell) + ", which is no number"),
                line_name(where_, row.line), "fill in a number, or choose another task.column");
  }

  const std::string& where_;
  const SeriesColumns& columns_;
  bool begun_ = false;
  Fields header_;
  std::vector<std::size_t> chosen_;
  Series series_;
};

}  // namespace

Series read_series(std::string_view bytes, const std::string& where, const SeriesColumns& columns) {
  SeriesReader reader(where, columns);
  read_csv(
      bytes, where, [&](CsvRow& row) { reader.take(row); }, columns.delimiter);
  return reader.finish();
}

}  // namespace rnnlab
