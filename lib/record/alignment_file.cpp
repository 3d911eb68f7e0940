#include "record/alignment_file.hpp"

#include <numeric>
#include <variant>

#include "base/check.hpp"
#include "record/whole_file.hpp"

namespace rnnlab {
namespace {

using hdf5::Dataset;

/// The axis `name` of a group, numbered from 0, with the texts of its symbols.
Dataset write_axis(const hdf5::File& file, const std::string& group, const std::string& name,
                   const std::vector<std::string>& symbols) {
  std::vector<std::int64_t> numbers(symbols.size());
  std::iota(numbers.begin(), numbers.end(), 0);
  Dataset scale = file.create_dataset(hdf5::join(group, name),
                                      {.type = H5T_STD_I64LE, .shape = {numbers.size()}}, "steps",
                                      "symbol of the " + name + ", 0 the first");
  file.make_scale(scale);
  file.write(scale, H5T_NATIVE_INT64, numbers.data());
  const Dataset texts = file.write_texts(hdf5::join(group, name + "_symbol"), symbols, "1",
                                         "text of each symbol of the " + name);
  file.attach_scale(texts, 0, scale);
  return scale;
}

void write_line(const hdf5::File& file, const std::string& group, const AlignedLine& line) {
  const hsize_t R = line.target.size(), T = line.source.size();
  RNNLAB_CHECK_EQ(line.weights.size(), std::size_t{R * T});
  file.create_groups(group);
  const Dataset target = write_axis(file, group, "target", line.target);
  const Dataset source = write_axis(file, group, "source", line.source);
  const Dataset weights = file.create_dataset(
      hdf5::join(group, "weights"), {.type = H5T_IEEE_F32LE, .shape = {R, T}}, "1",
      "weight of each source symbol when the target symbol was predicted; a row sums to 1");
  file.write(weights, H5T_NATIVE_FLOAT, line.weights.data());
  file.attach_scale(weights, 0, target);
  file.attach_scale(weights, 1, source);
  const hdf5::Handle target_group(
      file.check(H5Gopen2(file.id(), group.c_str(), H5P_DEFAULT), "open", group));
  file.set_attribute(target_group.id(), "log_probability", line.log_probability);
}

constexpr const char* schema = "rnnlab.alignment";

}  // namespace

void write_alignment_file(const std::string& path, const std::vector<AlignedLine>& lines) {
  hdf5::write_whole_file(path, schema, [&](const hdf5::File& file) {
    for (std::size_t i = 0; i < lines.size(); ++i)
      if (!lines[i].source.empty()) write_line(file, "line_" + std::to_string(i + 1), lines[i]);
  });
}

bool is_alignment_file(const std::string& path) {
  try {
    for (const auto& [name, value] : hdf5::File::open(path).attributes()) {
      const std::string* text = std::get_if<std::string>(&value);
      if (name == "schema" && text && *text == schema) return true;
    }
  } catch (const Error&) {
    // Another file, or none.
  }
  return false;
}

}  // namespace rnnlab
