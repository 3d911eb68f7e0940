#include <algorithm>
#include <unistd.h>

#include "record/hdf5.hpp"

namespace rnnlab::hdf5 {
namespace {

// While the last chunk of a series fills up, its writer replaces it in place. A read that meets
// that fails by the checksum until the write is complete: at once, or when the writer is scheduled
// again.
constexpr int attempts = 40;  // 0.8 s

Attribute attribute_value(const File& file, hid_t object, const std::string& name) {
  const Handle attribute(file.check(H5Aopen(object, name.c_str(), H5P_DEFAULT), "read", name));
  const Handle type(H5Aget_type(attribute.id()));
  switch (H5Tget_class(type.id())) {
    case H5T_INTEGER: {
      std::int64_t value = 0;
      file.check(H5Aread(attribute.id(), H5T_NATIVE_INT64, &value), "read", name);
      return value;
    }
    case H5T_FLOAT: {
      double value = 0;
      file.check(H5Aread(attribute.id(), H5T_NATIVE_DOUBLE, &value), "read", name);
      return value;
    }
    default: break;
  }
  if (H5Tis_variable_str(type.id()) > 0) {
    char* data = nullptr;
    file.check(H5Aread(attribute.id(), type.id(), &data), "read", name);
    std::string text = data ? data : "";
    H5free_memory(data);
    return text;
  }
  std::string text(H5Tget_size(type.id()), '\0');
  file.check(H5Aread(attribute.id(), text_type(text.size() - 1).id(), text.data()), "read", name);
  return text.substr(0, text.find('\0'));
}

}  // namespace

Dataset File::open_dataset(const std::string& path) const {
  Dataset dataset{path, Handle(check(H5Dopen2(id(), path.c_str(), H5P_DEFAULT), "read", path))};
  if (swmr_) check(H5Drefresh(dataset.id()), "read", path);
  return dataset;
}

std::vector<hsize_t> File::shape(const Dataset& dataset) const {
  const Handle space(check(H5Dget_space(dataset.id()), "read", dataset.path));
  std::vector<hsize_t> dims(H5S_MAX_RANK);
  dims.resize(static_cast<std::size_t>(
      check(H5Sget_simple_extent_dims(space.id(), dims.data(), nullptr), "read", dataset.path)));
  return dims;
}

bool File::grows(const Dataset& dataset) const {
  const Handle space(H5Dget_space(dataset.id()));
  hsize_t most[H5S_MAX_RANK] = {};
  return H5Sget_simple_extent_dims(space.id(), nullptr, most) > 0 && most[0] == H5S_UNLIMITED;
}

std::vector<std::byte> File::read(const Dataset& dataset, hid_t memory_type, hsize_t rows,
                                  hsize_t first) const {
  auto dims = shape(dataset);
  std::size_t bytes = H5Tget_size(memory_type);
  Handle source(H5Dget_space(dataset.id())), target(H5Screate(H5S_SCALAR));
  if (!dims.empty()) {
    std::vector<hsize_t> begin(dims.size(), 0);
    begin[0] = first;
    dims[0] = rows;
    H5Sselect_hyperslab(source.id(), H5S_SELECT_SET, begin.data(), nullptr, dims.data(), nullptr);
    target = Handle(H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr));
    for (const hsize_t n : dims) bytes *= n;
  }
  std::vector<std::byte> values(bytes);
  const auto attempt = [&] {
    return H5Dread(dataset.id(), memory_type, target.id(), source.id(), H5P_DEFAULT, values.data());
  };
  herr_t result = attempt();
  for (int i = 0; result < 0 && swmr_ && i < attempts; ++i) {
    ::usleep(static_cast<useconds_t>(1000 * i));
    result = attempt();
  }
  check(result, "read", dataset.path);
  if (swmr_) expect_stored(dataset, first, rows);
  return values;
}

Attributes File::attributes(const std::string& group) const {
  const Handle root(check(H5Gopen2(id(), group.c_str(), H5P_DEFAULT), "read", "the attributes"));
  if (swmr_) check(H5Orefresh(root.id()), "read", "the attributes");
  std::vector<std::string> names;
  check(H5Aiterate2(
            root.id(), H5_INDEX_NAME, H5_ITER_INC, nullptr,
            [](hid_t, const char* name, const H5A_info_t*, void* out) -> herr_t {
              static_cast<std::vector<std::string>*>(out)->emplace_back(name);
              return 0;
            },
            &names),
        "read", "the attributes");
  Attributes all;
  for (const std::string& name : names)
    all.emplace_back(name, attribute_value(*this, root.id(), name));
  return all;
}

Attribute File::attribute(const Dataset& dataset, const std::string& name) const {
  return attribute_value(*this, dataset.id(), name);
}

std::vector<std::string> File::children(const std::string& group) const {
  const Handle opened(check(H5Gopen2(id(), group.c_str(), H5P_DEFAULT), "read", group));
  H5G_info_t info;
  check(H5Gget_info(opened.id(), &info), "read", group);
  std::vector<std::string> names;
  for (hsize_t i = 0; i < info.nlinks; ++i) {
    const auto name = [&](char* out, std::size_t size) {
      return static_cast<std::size_t>(
          check(H5Lget_name_by_idx(opened.id(), ".", H5_INDEX_NAME, H5_ITER_INC, i, out, size,
                                   H5P_DEFAULT),
                "read", group));
    };
    std::string text(name(nullptr, 0), '\0');
    name(text.data(), text.size() + 1);
    names.push_back(std::move(text));
  }
  std::sort(names.begin(), names.end());
  return names;
}

H5I_type_t File::kind(const std::string& path) const {
  const Handle object(check(H5Oopen(id(), path.c_str(), H5P_DEFAULT), "read", path));
  return H5Iget_type(object.id());
}

}  // namespace rnnlab::hdf5
