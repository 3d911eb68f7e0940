#include "record/run_reader.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>

#include "base/check.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "record/hdf5.hpp"

namespace rnnlab {
namespace {

std::string last_part(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::vector<std::int64_t> signed_shape(const std::vector<hsize_t>& shape) {
  return {shape.begin(), shape.end()};
}

}  // namespace

struct RunReader::State {
  hdf5::File file;

  void collect(const std::string& group, std::vector<std::string>& paths) const {
    for (const std::string& name : file.children(group.empty() ? "/" : group)) {
      const std::string path = hdf5::join(group, name);
      if (file.kind(path) == H5I_GROUP)
        collect(path, paths);
      else
        paths.push_back(path);
    }
  }

  bool has(const std::string& path) const {
    for (auto slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1))
      if (H5Lexists(file.id(), path.substr(0, slash).c_str(), H5P_DEFAULT) <= 0) return false;
    return H5Lexists(file.id(), path.c_str(), H5P_DEFAULT) > 0;
  }

  // The dataset as last flushed, its first axis cut to the rows that are complete: `step` is read
  // before the dataset, and is written after it.
  std::pair<hdf5::Dataset, std::vector<hsize_t>> open(const std::string& path) const {
    const auto slash = path.rfind('/');
    const std::string step =
        hdf5::join(slash == std::string::npos ? "" : path.substr(0, slash), "step");
    hsize_t complete = H5S_UNLIMITED;
    if (has(step)) complete = file.shape(file.open_dataset(step)).at(0);
    hdf5::Dataset dataset = file.open_dataset(path);
    auto shape = file.shape(dataset);
    if (file.grows(dataset)) shape[0] = std::min(shape[0], complete);
    return {std::move(dataset), std::move(shape)};
  }

  std::string text(const std::string& path) const {
    const hdf5::Dataset dataset = file.open_dataset(path);
    const hdf5::Handle type(H5Dget_type(dataset.id()));
    const auto bytes = file.read(dataset, type.id(), 1);
    const std::string all(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return all.substr(0, all.find('\0'));
  }

  struct Content {
    hdf5::Handle type;
    std::vector<hsize_t> shape;
    std::vector<std::byte> bytes;

    bool operator==(const Content& other) const {
      return H5Tequal(type.id(), other.type.id()) > 0 && shape == other.shape &&
             bytes == other.bytes;
    }
  };
  Content content(const std::string& path) const {
    auto [dataset, shape] = open(path);
    hdf5::Handle type(H5Dget_type(dataset.id()));
    auto bytes = file.read(dataset, type.id(), shape.empty() ? 1 : shape[0]);
    return {std::move(type), std::move(shape), std::move(bytes)};
  }
};

RunReader::RunReader(const std::string& path) : state_(new State{hdf5::File::open(path)}) {
  const Attributes all = attributes();
  const auto has = [&](const char* name, const Attribute& value) {
    return std::find(all.begin(), all.end(), std::pair{std::string(name), value}) != all.end();
  };
  if (!has("schema", "rnnlab.run") || !has("schema_version", std::int64_t{1}))
    throw Error(Exit::data, "not a run file of schema rnnlab.run, version 1", path,
                "name the run.h5 of a run");
}

RunReader::~RunReader() = default;
RunReader::RunReader(RunReader&&) noexcept = default;

Attributes RunReader::attributes() const { return state_->file.attributes(); }

std::string RunReader::attribute(const std::string& dataset, const std::string& name) const {
  const hdf5::File& file = state_->file;
  return std::get<std::string>(file.attribute(file.open_dataset(dataset), name));
}

std::string RunReader::text(const std::string& path) const { return state_->text(path); }
std::string RunReader::config() const { return text("config"); }
std::string RunReader::outcome() const { return text("outcome"); }

std::vector<std::string> RunReader::datasets() const {
  std::vector<std::string> paths;
  state_->collect("", paths);
  std::sort(paths.begin(), paths.end());
  return paths;
}

void RunReader::check() const {
  for (const std::string& path : datasets()) state_->content(path);
}

bool RunReader::has(const std::string& path) const { return state_->has(path); }

std::vector<std::string> RunReader::series(const std::string& group) const {
  std::vector<std::string> names;
  for (const std::string& name : state_->file.children(group)) {
    const std::string path = hdf5::join(group, name);
    if (state_->file.kind(path) == H5I_DATASET &&
        state_->file.grows(state_->file.open_dataset(path)))
      names.push_back(name);
  }
  return names;
}

Values RunReader::values(const std::string& path) const {
  const auto [dataset, shape] = state_->open(path);
  const auto bytes = state_->file.read(dataset, H5T_NATIVE_DOUBLE, shape.empty() ? 1 : shape[0]);
  std::vector<double> values(bytes.size() / sizeof(double));
  if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  return {signed_shape(shape), std::move(values)};
}

std::vector<double> RunReader::column(const std::string& path) const {
  auto [shape, values] = this->values(path);
  RNNLAB_CHECK_EQ(shape.size(), std::size_t{1});
  return std::move(values);
}

std::optional<double> RunReader::last(const std::string& metric) const {
  const auto known = [&] {
    std::vector<std::string> paths;
    for (const std::string& path : datasets())
      if (path.starts_with("metrics/")) paths.push_back(path.substr(std::strlen("metrics/")));
    return paths;
  }();
  if (std::find(known.begin(), known.end(), metric) == known.end())
    throw Error(Exit::data, "the run has no metric '" + metric + "'", state_->file.path(),
                "did you mean '" + nearest(metric, known) + "'?");
  const auto rows = column("metrics/" + metric);
  return rows.empty() ? std::nullopt : std::optional(rows.back());
}

std::vector<std::string> differing_datasets(const std::string& a, const std::string& b) {
  const RunReader first(a), second(b);
  const auto in_first = first.datasets(), in_second = second.datasets();
  std::vector<std::string> common, differing;
  std::set_intersection(in_first.begin(), in_first.end(), in_second.begin(), in_second.end(),
                        std::back_inserter(common));
  std::set_symmetric_difference(in_first.begin(), in_first.end(), in_second.begin(),
                                in_second.end(), std::back_inserter(differing));
  for (const std::string& path : common)
    if (!(first.state_->content(path) == second.state_->content(path))) differing.push_back(path);
  std::erase_if(differing, [](const std::string& path) { return last_part(path) == "seconds"; });
  std::sort(differing.begin(), differing.end());
  return differing;
}

}  // namespace rnnlab
