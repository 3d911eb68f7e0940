#include "golden/golden.hpp"

#include <algorithm>
#include <cstring>
#include <variant>

#include "places.hpp"
#include "record/hdf5.hpp"

namespace rnnlab::test {
namespace {

template <class Value>
hid_t memory_type();
template <>
hid_t memory_type<double>() {
  return H5T_NATIVE_DOUBLE;
}
template <>
hid_t memory_type<float>() {
  return H5T_NATIVE_FLOAT;
}
template <>
hid_t memory_type<int>() {
  return H5T_NATIVE_INT;
}

template <class Value>
std::vector<Value> read(const hdf5::File& file, const std::string& path) {
  const hdf5::Dataset dataset = file.open_dataset(path);
  const auto shape = file.shape(dataset);
  const auto bytes = file.read(dataset, memory_type<Value>(), shape.empty() ? 1 : shape[0]);
  std::vector<Value> values(bytes.size() / sizeof(Value));
  std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

Named read_named(const hdf5::File& file, const std::string& group) {
  Named named;
  for (const std::string& name : file.children(group)) {
    named[name] = read<double>(file, hdf5::join(group, name));
  }
  return named;
}

ModelOptions read_options(const hdf5::File& file) {
  ModelOptions options;
  for (const auto& [name, value] : file.attributes()) {
    if (name == "cell") options.cell = std::get<std::string>(value);
    if (name == "activation") options.activation = std::get<std::string>(value);
    if (name == "hidden") options.hidden = std::get<std::int64_t>(value);
    if (name == "layers") options.layers = std::get<std::int64_t>(value);
    if (name == "direction") options.direction = std::get<std::string>(value);
    if (name == "embedding") options.embedding = std::get<std::int64_t>(value);
    if (name == "bridge") options.bridge = std::get<std::string>(value);
    if (name == "attention") options.attention = std::get<std::string>(value);
    if (name == "attention_at") options.attention_at = std::get<std::string>(value);
    if (name == "input_feeding") options.input_feeding = std::get<std::string>(value) == "true";
    if (name == "architecture") options.architecture = std::get<std::string>(value);
    if (name == "heads") options.heads = std::get<std::int64_t>(value);
    if (name == "feed_forward") options.feed_forward = std::get<std::int64_t>(value);
    if (name == "norm_first") options.norm_first = std::get<std::int64_t>(value) != 0;
    if (name == "kernel") options.kernel = std::get<std::int64_t>(value);
    if (name == "layer_norm") options.layer_norm = std::get<std::int64_t>(value) != 0;
  }
  return options;
}

template <class Value>
void copy_columns(const std::vector<Value>& from, int from_width, int first, std::vector<Value>& to,
                  int to_width, int cell) {
  const int rows = static_cast<int>(to.size()) / (to_width * cell);
  for (int row = 0; row < rows; ++row) {
    std::copy_n(from.begin() + (row * from_width + first) * cell, to_width * cell,
                to.begin() + row * to_width * cell);
  }
}

}  // namespace

std::vector<double> read_golden(const std::string& file, const std::string& path) {
  return read<double>(hdf5::File::open(checkout + "/tests/golden/" + file + ".h5"), path);
}

Golden::Golden(const std::string& file, LossKind loss, Readout readout)
    : path_(checkout + "/tests/golden/" + file + ".h5"),
      task_(std::string(loss == LossKind::mse ? "mse" : "cross_entropy") +
            (readout == Readout::last    ? "_last"
             : readout == Readout::every ? "_every"
                                         : "_sequence")) {
  const auto h5 = hdf5::File::open(path_);
  options_ = read_options(h5);
  parameters_ = read_named(h5, "parameters");

  const bool symbols = options_.embedding > 0;
  const auto shape = h5.shape(h5.open_dataset(task_ + (symbols ? "/symbol" : "/x")));
  facts_ = {.inputs = symbols ? static_cast<int>(parameters_.at("embedding.weight").size() /
                                                 static_cast<std::size_t>(options_.embedding))
                              : static_cast<int>(shape.at(2)),
            .symbols = symbols,
            .outputs = static_cast<int>(parameters_.at("output.bias").size()),
            .length = static_cast<int>(shape.at(0)),
            .loss = loss,
            .readout = readout};
  batch_.T = facts_.length;
  batch_.B = static_cast<int>(shape.at(1));
  if (symbols) {
    batch_.symbol = read<int>(h5, task_ + "/symbol");
  } else {
    batch_.x = read<float>(h5, task_ + "/x");
  }
  batch_.weight = read<float>(h5, task_ + "/weight");
  batch_.length = read<int>(h5, task_ + "/length");
  if (readout == Readout::sequence) {
    batch_.target_steps = read<int>(h5, task_ + "/target_steps");
    facts_.target_length = batch_.rows();
  }
  if (loss == LossKind::mse) batch_.y = read<float>(h5, task_ + "/y");
  if (loss == LossKind::cross_entropy) batch_.label = read<int>(h5, task_ + "/label");
}

double Golden::loss(const std::string& precision) const {
  return read<double>(hdf5::File::open(path_), task_ + "/" + precision + "/loss").at(0);
}

Named Golden::gradient(const std::string& precision) const {
  return read_named(hdf5::File::open(path_), task_ + "/" + precision + "/gradient");
}

Trajectory Golden::trajectory(const std::string& precision, const std::string& optimizer) const {
  const auto h5 = hdf5::File::open(path_);
  const std::string group = task_ + "/" + precision + "/" + optimizer;
  return {read<double>(h5, group + "/loss"), read_named(h5, group + "/parameters")};
}

Batch columns(const Batch& batch, const Facts& facts, int first, int count) {
  Batch part;
  part.reset(facts, count);
  copy_columns(batch.x, batch.B, first, part.x, count, facts.inputs);
  copy_columns(batch.symbol, batch.B, first, part.symbol, count, 1);
  copy_columns(batch.y, batch.B, first, part.y, count, facts.outputs);
  copy_columns(batch.label, batch.B, first, part.label, count, 1);
  copy_columns(batch.weight, batch.B, first, part.weight, count, 1);
  copy_columns(batch.length, batch.B, first, part.length, count, 1);
  if (!part.target_steps.empty())
    copy_columns(batch.target_steps, batch.B, first, part.target_steps, count, 1);
  return part;
}

}  // namespace rnnlab::test
