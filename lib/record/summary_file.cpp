#include "record/summary_file.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <type_traits>

#include "base/check.hpp"
#include "record/hdf5.hpp"
#include "record/run_reader.hpp"
#include "record/whole_file.hpp"

namespace rnnlab {
namespace {

using hdf5::Dataset;
using hdf5::Handle;

constexpr hsize_t least_width = 64, most_width = 512;  // of a chunk, in rows; the most is a page

Dataset create(const hdf5::File& file, const std::string& path, hid_t type,
               const std::vector<hsize_t>& extent, const std::vector<hsize_t>& most,
               const Handle& creation) {
  const Handle space(H5Screate_simple(static_cast<int>(extent.size()), extent.data(), most.data()));
  return {path, Handle(file.check(H5Dcreate2(file.id(), path.c_str(), type, space.id(), H5P_DEFAULT,
                                             creation.id(), H5P_DEFAULT),
                                  "create", path))};
}

/// The runs' numbers from 0, the scale `run` of a group.
Dataset run_scale(const hdf5::File& file, const std::string& group, std::size_t runs) {
  std::vector<std::int64_t> numbers(runs);
  std::iota(numbers.begin(), numbers.end(), 0);
  Dataset made =
      file.create_dataset(hdf5::join(group, "run"), {.type = H5T_STD_I64LE, .shape = {runs}}, "1",
                          "number of the run in the manifest, from 0");
  file.make_scale(made);
  file.write(made, H5T_NATIVE_INT64, numbers.data());
  return made;
}

/// One series of one run.
struct Curve {
  std::string name;
  std::vector<double> values;
  std::string units = {}, long_name = {};  // of a series that is new
};

/// The curves of all runs below one group.
class Curves {
 public:
  Curves(const hdf5::File& file, std::string group, std::size_t runs)
      : file_(file), group_(std::move(group)), rows_(runs, 0) {}

  /// What one run has. Throws Error(data) where its file cannot be read.
  std::vector<Curve> read(const RunReader& reader) const {
    std::vector<Curve> curves;
    if (!reader.has(group_)) return curves;
    for (const std::string& name : reader.series(group_)) {
      const std::string path = hdf5::join(group_, name);
      Curve curve{name, reader.column(path)};
      if (curve.values.empty()) continue;
      if (!series_.contains(name)) {
        curve.units = reader.attribute(path, "units");
        curve.long_name = reader.attribute(path, "long_name");
      }
      curves.push_back(std::move(curve));
    }
    return curves;
  }

  void add(std::size_t run, const std::vector<Curve>& curves) {
    for (const Curve& curve : curves) {
      const Dataset& dataset = dataset_of(curve);
      extend(dataset, std::max<hsize_t>(longest_, curve.values.size()));
      write(dataset, run, curve.values);
      rows_[run] = std::max(rows_[run], static_cast<std::int64_t>(curve.values.size()));
    }
  }

  /// The scales, once it is known how long the longest run is.
  void finish() {
    if (series_.empty()) return;
    const Dataset run = run_scale(file_, group_, rows_.size());
    const Dataset row = file_.create_dataset(hdf5::join(group_, "row"),
                                             {.type = H5T_STD_I64LE, .shape = {0}, .grows = true},
                                             "1", "row of the run file, from 0");
    file_.make_scale(row);
    std::vector<std::int64_t> numbers(longest_);
    std::iota(numbers.begin(), numbers.end(), 0);
    file_.append(row, H5T_NATIVE_INT64, numbers.data(), 0, longest_);
    for (const auto& [name, dataset] : series_) {
      extend(dataset, longest_);
      file_.attach_scale(dataset, 0, run);
      file_.attach_scale(dataset, 1, row);
    }
    const Dataset rows = file_.create_dataset(
        hdf5::join(group_, "rows"), {.type = H5T_STD_I64LE, .shape = {rows_.size()}}, "1",
        "rows that the run has here; 0: no file, or none that can be read");
    file_.write(rows, H5T_NATIVE_INT64, rows_.data());
    file_.attach_scale(rows, 0, run);
    series_.clear();
  }

  void abandon() {
    for (auto& [name, dataset] : series_) dataset.handle.release();
  }

 private:
  const Dataset& dataset_of(const Curve& curve) {
    if (const auto found = series_.find(curve.name); found != series_.end()) return found->second;
    file_.create_groups(group_);
    const std::string path = hdf5::join(group_, curve.name);
    const hsize_t rows = curve.values.size();
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const Handle creation(H5Pcreate(H5P_DATASET_CREATE));
    H5Pset_obj_track_times(creation.id(), false);
    H5Pset_fill_value(creation.id(), H5T_NATIVE_DOUBLE, &nan);
    // Of one run or few, so that one without the series takes little space.
    const hsize_t width = std::clamp<hsize_t>(rows, least_width, most_width);
    const hsize_t chunk[] = {std::clamp<hsize_t>(most_width / width, 1, rows_.size()), width};
    H5Pset_chunk(creation.id(), 2, chunk);
    H5Pset_fletcher32(creation.id());
    Dataset made = create(file_, path, H5T_IEEE_F64LE, {rows_.size(), rows},
                          {rows_.size(), H5S_UNLIMITED}, creation);
    file_.set_attribute(made.id(), "units", curve.units);
    file_.set_attribute(made.id(), "long_name", curve.long_name);
    return series_.emplace(curve.name, std::move(made)).first->second;
  }

  void extend(const Dataset& dataset, hsize_t rows) {
    longest_ = std::max(longest_, rows);
    const hsize_t extent[] = {rows_.size(), longest_};
    file_.check(H5Dset_extent(dataset.id(), extent), "extend", dataset.path);
  }

  void write(const Dataset& dataset, std::size_t run, const std::vector<double>& values) const {
    const Handle target(H5Dget_space(dataset.id()));
    const hsize_t first[] = {run, 0}, count[] = {1, values.size()};
    H5Sselect_hyperslab(target.id(), H5S_SELECT_SET, first, nullptr, count, nullptr);
    const Handle source(H5Screate_simple(2, count, nullptr));
    file_.check(H5Dwrite(dataset.id(), H5T_NATIVE_DOUBLE, source.id(), target.id(), H5P_DEFAULT,
                         values.data()),
                "write", dataset.path);
  }

  const hdf5::File& file_;
  std::string group_;
  std::vector<std::int64_t> rows_;  // of each run
  hsize_t longest_ = 0;
  std::map<std::string, Dataset> series_;
};

template <class Number>
Dataset write_numbers(const hdf5::File& file, const RunColumn& column,
                      const std::vector<Number>& numbers) {
  constexpr bool whole = std::is_integral_v<Number>;
  Dataset made = file.create_dataset(
      column.name, {.type = whole ? H5T_STD_I64LE : H5T_IEEE_F64LE, .shape = {numbers.size()}},
      column.units, column.long_name);
  file.write(made, whole ? H5T_NATIVE_INT64 : H5T_NATIVE_DOUBLE, numbers.data());
  return made;
}

void write_column(const hdf5::File& file, const RunColumn& column, const Dataset& run) {
  const Dataset made = std::visit(
      [&](const auto& values) {
        RNNLAB_CHECK_EQ(hsize_t{values.size()}, file.shape(run).at(0));
        if constexpr (std::is_same_v<std::decay_t<decltype(values)>, std::vector<std::string>>) {
          return file.write_texts(column.name, values, column.units, column.long_name);
        } else {
          return write_numbers(file, column, values);
        }
      },
      column.values);
  file.attach_scale(made, 0, run);
}

/// By group; nothing where the file cannot be read.
std::vector<std::vector<Curve>> read_run(const std::string& path,
                                         const std::vector<Curves>& groups) {
  try {
    const RunReader reader(path);
    std::vector<std::vector<Curve>> curves;
    for (const Curves& group : groups) curves.push_back(group.read(reader));
    return curves;
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

void write_summary_file(const std::string& path, const std::vector<RunColumn>& columns,
                        const std::vector<std::string>& groups,
                        const std::vector<std::string>& run_files) {
  hdf5::write_whole_file(path, "rnnlab.summary", [&](const hdf5::File& file) {
    {
      const Dataset run = run_scale(file, "", run_files.size());
      for (const RunColumn& column : columns) write_column(file, column, run);
    }
    std::vector<Curves> curves;
    try {
      for (const std::string& group : groups) curves.emplace_back(file, group, run_files.size());
      for (std::size_t run = 0; run < run_files.size(); ++run) {
        const auto read = read_run(run_files[run], curves);
        for (std::size_t i = 0; i < read.size(); ++i) curves[i].add(run, read[i]);
      }
      for (Curves& of_group : curves) of_group.finish();
    } catch (...) {
      for (Curves& of_group : curves) of_group.abandon();
      throw;
    }
  });
}

}  // namespace rnnlab
