#include "record/recorder.hpp"

#include <filesystem>
#include <map>
#include <numeric>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.hpp"
#include "record/file_system.hpp"
#include "record/hdf5.hpp"
#include "record/series_table.hpp"

namespace rnnlab {
namespace {

enum class Phase { declaring, writing, ended };

std::string padded(std::string text, std::size_t length) {
  text.resize(length);
  return text;
}

// "a/b" of "a/b/c"; empty for "c".
std::string parent(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

bool writes_swmr(const std::string& mode, const std::string& path) {
  if (mode == "auto") return !is_network_file_system(path);
  RNNLAB_CHECK_EQ(mode == "swmr" || mode == "flush", true);
  return mode == "swmr";
}

}  // namespace

struct Recorder::State {
  hdf5::File file;
  hdf5::Dataset outcome = {};
  std::vector<std::unique_ptr<SeriesTable>> tables = {};
  std::map<std::string, hdf5::Dataset> arrays = {};
  std::map<std::string, hdf5::Dataset> scales = {};  // of arrays
  std::string earlier = {};                          // the file to take the first rows over from
  RowCounts earlier_rows = {};
  Phase phase = Phase::declaring;

  void expect(Phase now) const { RNNLAB_CHECK_EQ(static_cast<int>(phase), static_cast<int>(now)); }

  hdf5::Dataset text(const std::string& path, const std::string& long_name, std::string value,
                     std::size_t length) {
    const hdf5::Handle type = hdf5::text_type(length);
    auto dataset = file.create_dataset(path, {.type = type.id(), .shape = {}}, "1", long_name);
    file.write(dataset, type.id(), padded(std::move(value), length + 1).data());
    return dataset;
  }

  const hdf5::Dataset& scale(const std::string& group, std::size_t axis, std::int64_t length) {
    const std::string index = std::to_string(axis);
    const std::string name = axis == 0 ? "row" : axis == 1 ? "column" : "axis_" + index;
    const std::string path = hdf5::join(group, name + "_" + std::to_string(length));
    if (const auto found = scales.find(path); found != scales.end()) return found->second;
    std::vector<std::int64_t> values(static_cast<std::size_t>(length));
    std::iota(values.begin(), values.end(), 0);
    auto made = file.create_dataset(path, {.type = H5T_STD_I64LE, .shape = {values.size()}}, "1",
                                    "index along axis " + index);
    file.make_scale(made);
    file.write(made, H5T_NATIVE_INT64, values.data());
    return scales.emplace(path, std::move(made)).first->second;
  }

  void abandon() {
    for (const auto& table : tables) table->abandon();
    for (auto* group : {&arrays, &scales})
      for (auto& [path, dataset] : *group) dataset.handle.release();
    outcome.handle.release();
    file.abandon();
    phase = Phase::ended;
  }
};

Recorder::Recorder(const std::string& path, const Attributes& attributes, const std::string& config,
                   const std::string& mode)
    : state_(new State{hdf5::File::create(path, writes_swmr(mode, path))}) {
  try {
    const hdf5::File& file = state_->file;
    file.set_attribute(file.id(), "schema", "rnnlab.run");
    file.set_attribute(file.id(), "schema_version", std::int64_t{1});
    for (const auto& [name, value] : attributes) file.set_attribute(file.id(), name, value);
    constexpr std::size_t outcome_length = hdf5::File::outcome_length;
    file.set_text_attribute("outcome", "running", outcome_length);
    state_->text("config", "configuration of the run as an INI file", config, config.size());
    state_->outcome = state_->text("outcome", "how the run ended", "running", outcome_length);
  } catch (...) {
    discard();
    throw;
  }
}

Recorder::~Recorder() {
  if (state_ && state_->phase == Phase::declaring) discard();
  if (!state_ || state_->phase == Phase::ended) return;
  try {
    if (!state_->file.failed()) finish("failed");
  } catch (const std::exception&) {
    // The file keeps what was flushed before.
  }
  abandon();
}

void Recorder::discard() {
  const std::string path = hdf5::unstarted_name(state_->file.path());
  if (state_->file.failed()) state_->abandon();
  state_.reset();
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
}

void Recorder::text(const std::string& path, const std::string& long_name,
                    const std::string& value) {
  state_->expect(Phase::declaring);
  state_->text(path, long_name, value, value.size());
}

Table& Recorder::table(const TableSpec& spec) {
  state_->expect(Phase::declaring);
  state_->tables.push_back(std::make_unique<SeriesTable>(state_->file, spec));
  return *state_->tables.back();
}

void Recorder::array(const ArraySpec& spec) {
  state_->expect(Phase::declaring);
  RNNLAB_CHECK_LT(std::size_t{0}, spec.shape.size());
  const std::string group = parent(spec.path);
  if (!group.empty()) state_->file.create_groups(group);
  const hdf5::Layout layout{.type = spec.single ? H5T_IEEE_F32LE : H5T_IEEE_F64LE,
                            .shape = {spec.shape.begin(), spec.shape.end()}};
  auto made = state_->file.create_dataset(spec.path, layout, spec.units, spec.long_name);
  for (std::size_t axis = 0; axis < spec.shape.size(); ++axis)
    state_->file.attach_scale(made, static_cast<unsigned>(axis),
                              state_->scale(parent(group), axis, spec.shape[axis]));
  state_->arrays.emplace(spec.path, std::move(made));
}

void Recorder::go_on(const std::string& path, RowCounts rows) {
  state_->expect(Phase::declaring);
  state_->earlier = path;
  state_->earlier_rows = std::move(rows);
}

void Recorder::start() {
  state_->expect(Phase::declaring);
  if (!state_->earlier.empty()) {
    const hdf5::File earlier = hdf5::File::open(state_->earlier);
    for (const auto& table : state_->tables) {
      const auto rows = state_->earlier_rows.find(table->group());
      if (rows != state_->earlier_rows.end())
        table->take_over(earlier, static_cast<hsize_t>(rows->second));
    }
  }
  state_->file.start(!state_->earlier.empty());
  state_->phase = Phase::writing;
}

bool Recorder::started() const { return state_ && state_->phase != Phase::declaring; }

void Recorder::write_array(const std::string& path, std::span<const double> values) {
  state_->expect(Phase::writing);
  const hdf5::Dataset& dataset = state_->arrays.at(path);
  std::size_t count = 1;
  for (const hsize_t n : state_->file.shape(dataset)) count *= n;
  RNNLAB_CHECK_EQ(values.size(), count);
  state_->file.write(dataset, H5T_NATIVE_DOUBLE, values.data());
}

RowCounts Recorder::rows() const {
  RowCounts counts;
  for (const auto& table : state_->tables)
    counts[table->group()] = static_cast<std::int64_t>(table->rows());
  return counts;
}

void Recorder::sync() {
  flush();
  state_->file.sync();
}

void Recorder::flush() {
  for (const auto& table : state_->tables) table->flush();
}

void Recorder::finish(const std::string& outcome) {
  state_->expect(Phase::writing);
  flush();
  state_->file.flush();  // numbers first: an outcome is only written over a complete file
  state_->file.write_outcome(state_->outcome, outcome);
  state_->file.flush();
  for (const auto& table : state_->tables) table->close();
  state_->arrays.clear();
  state_->scales.clear();
  state_->outcome = {};
  state_->file.close();
  state_->phase = Phase::ended;
}

void Recorder::abandon() {
  if (state_->phase == Phase::declaring) {
    discard();
  } else {
    state_->abandon();
  }
}

}  // namespace rnnlab
