#include "record/series_table.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace rnnlab {
namespace {

constexpr hsize_t most_rows = 255;              // in memory, and in a chunk
constexpr std::size_t most_bytes = 128 * 1024;  // of the table in memory, but at least one row

}  // namespace

SeriesTable::SeriesTable(const hdf5::File& file, const TableSpec& spec)
    : file_(file), group_(spec.group) {
  const std::string group = spec.group + "/";
  file.create_groups(spec.group);
  step_ = file.create_dataset(
      group + "step", {.type = H5T_STD_I64LE, .shape = {0}, .grows = true, .most_rows = most_rows},
      "steps", "training step that the row belongs to, counted from 0");
  file.make_scale(step_);

  std::vector<hdf5::Dataset> scales;
  for (const Axis& axis : spec.axes) {
    const hdf5::Layout layout{.type = H5T_STD_I64LE, .shape = {axis.values.size()}};
    scales.push_back(file.create_dataset(group + axis.name, layout, axis.units, axis.long_name));
    file.make_scale(scales.back());
    file.write(scales.back(), H5T_NATIVE_INT64, axis.values.data());
  }

  std::vector<std::size_t> widths;
  for (const Column& column : spec.columns) {
    std::size_t& width = widths.emplace_back(1);
    for (const int axis : column.axes)
      width *= spec.axes.at(static_cast<std::size_t>(axis)).values.size();
    width_ += width;
  }
  capacity_ = std::clamp<std::size_t>(most_bytes / (sizeof(double) * (width_ + 1)), 1, most_rows);

  for (std::size_t c = 0; c < widths.size(); ++c) {
    const Column& column = spec.columns[c];
    const std::size_t width = widths[c];
    hdf5::Layout layout{.type = column.type == Type::int64 ? H5T_STD_I64LE : H5T_IEEE_F64LE,
                        .shape = {0},
                        .grows = true,
                        .most_rows = width > 1 ? capacity_ : most_rows};
    for (const int axis : column.axes)
      layout.shape.push_back(spec.axes[static_cast<std::size_t>(axis)].values.size());
    series_.push_back(
        {file.create_dataset(group + column.name, layout, column.units, column.long_name),
         width,
         {}});
    const hdf5::Dataset& dataset = series_.back().dataset;
    file.attach_scale(dataset, 0, step_);
    for (std::size_t i = 0; i < column.axes.size(); ++i)
      file.attach_scale(dataset, static_cast<unsigned>(i + 1),
                        scales[static_cast<std::size_t>(column.axes[i])]);
  }
  const auto widest = std::max_element(series_.begin(), series_.end(),
                                       [](auto& a, auto& b) { return a.width < b.width; });
  if (widest != series_.end() && widest->dataset.chunk_rows <= capacity_) {
    chunk_rows_ = widest->dataset.chunk_rows;
    capacity_ -= capacity_ % chunk_rows_;
  }
  steps_.resize(capacity_);
  for (Series& series : series_) series.rows.resize(capacity_ * series.width);
}

void SeriesTable::row(std::int64_t step, std::span<const double> values) {
  RNNLAB_CHECK_EQ(values.size(), width_);
  RNNLAB_CHECK_LT(waiting_, capacity_);
  const double* from = values.data();
  for (Series& series : series_) {
    std::copy_n(from, series.width, series.rows.data() + waiting_ * series.width);
    from += series.width;
  }
  steps_[waiting_++] = step;
  if (waiting_ == capacity_ - written_ % chunk_rows_) flush();
}

void SeriesTable::flush() {
  if (waiting_ == 0) return;
  const auto commit = [&](const hdf5::Dataset& dataset) {
    if (file_.swmr()) file_.flush(dataset);
  };
  for (const Series& series : series_) {
    file_.append(series.dataset, H5T_NATIVE_DOUBLE, series.rows.data(), written_, waiting_);
    commit(series.dataset);
  }
  if (!file_.swmr()) file_.flush();
  file_.append(step_, H5T_NATIVE_INT64, steps_.data(), written_, waiting_);
  commit(step_);
  if (!file_.swmr()) file_.flush();
  written_ += waiting_;
  waiting_ = 0;
}

void SeriesTable::take_over(const hdf5::File& from, hsize_t rows) {
  const auto copy = [&](const hdf5::Dataset& to, hid_t type) {
    const hdf5::Dataset source = from.open_dataset(to.path);
    if (from.shape(source).at(0) < rows)
      throw Error(Exit::data, "the log has fewer rows than its checkpoint", from.path(),
                  "start again at step 0");
    for (hsize_t first = 0; first < rows; first += capacity_) {
      const hsize_t some = std::min<hsize_t>(capacity_, rows - first);
      file_.append(to, type, from.read(source, type, some, first).data(), first, some);
    }
  };
  for (const Series& series : series_) copy(series.dataset, H5T_NATIVE_DOUBLE);
  copy(step_, H5T_NATIVE_INT64);
  written_ = rows;
}

void SeriesTable::abandon() {
  step_.handle.release();
  for (Series& series : series_) series.dataset.handle.release();
  close();
}

}  // namespace rnnlab
