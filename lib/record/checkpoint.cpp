#include "record/checkpoint.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <hdf5_hl.h>
#include <iterator>
#include <unistd.h>

#include "base/text.hpp"
#include "record/hdf5.hpp"

namespace rnnlab {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t block = 512;  // the smallest that HDF5 skips to find a file's beginning
constexpr std::string_view heading =
    "rnnlab checkpoint, version 1\nSHA-256 of what follows these 512 bytes:\n";
constexpr const char* name = "checkpoint.h5";
constexpr const char* previous_name = "checkpoint.previous.h5";

// The numbers as HDF5 has them, by the type of a vector.
hid_t type_of(float) { return H5T_NATIVE_FLOAT; }
hid_t type_of(double) { return H5T_NATIVE_DOUBLE; }
hid_t type_of(std::int64_t) { return H5T_NATIVE_INT64; }

std::string header_of(const std::string& image) {
  std::string text = std::string(heading) + sha256(image) + "\n";
  text.resize(block, '\0');
  return text;
}

// ---- The image: a whole HDF5 file in memory.

void add_rows(const hdf5::File& file, const std::string& group, const RowCounts& rows) {
  file.create_groups(group);
  const hdf5::Handle target(
      file.check(H5Gopen2(file.id(), group.c_str(), H5P_DEFAULT), "open", group));
  for (const auto& [table, count] : rows) file.set_attribute(target.id(), table, count);
}

std::string image_of(const Checkpoint& checkpoint) {
  const hdf5::File file = hdf5::File::create_in_memory(name);
  file.set_attribute(file.id(), "schema", "rnnlab.checkpoint");
  file.set_attribute(file.id(), "schema_version", std::int64_t{1});
  for (const auto& [key, value] : checkpoint.about) file.set_attribute(file.id(), key, value);
  add_rows(file, "rows", checkpoint.rows);
  add_rows(file, "rows_if_longer", checkpoint.rows_if_longer);
  for (const auto& [path, values] : checkpoint.state.all()) {
    std::visit(
        [&](const auto& v) {
          const std::string place = "state/" + path;
          const hid_t type = type_of(typename std::decay_t<decltype(v)>::value_type{});
          file.create_groups(place.substr(0, place.rfind('/')));
          file.write_values(place, type, v.data(), v.size());
        },
        values);
  }
  return file.image();
}

RowCounts rows_in(const hdf5::File& file, const std::string& group) {
  RowCounts rows;
  for (const auto& [table, count] : file.attributes(group))
    rows[table] = std::get<std::int64_t>(count);
  return rows;
}

void read_state(const hdf5::File& file, const std::string& group, State& state) {
  for (const std::string& child : file.children(group)) {
    const std::string path = group + "/" + child;
    if (file.kind(path) == H5I_GROUP) {
      read_state(file, path, state);
      continue;
    }
    const hdf5::Dataset dataset = file.open_dataset(path);
    const hdf5::Handle type(H5Dget_type(dataset.id()));
    const hsize_t count = file.shape(dataset).at(0);
    const auto take = [&](auto one) {
      using T = decltype(one);
      const auto bytes = file.read(dataset, type_of(one), count);
      std::vector<T> values(count);
      if (count > 0) std::memcpy(values.data(), bytes.data(), bytes.size());
      state.add(path.substr(std::strlen("state/")), std::move(values));
    };
    if (H5Tget_class(type.id()) == H5T_INTEGER) {
      take(std::int64_t{});
    } else if (H5Tget_size(type.id()) == sizeof(float)) {
      take(float{});
    } else {
      take(double{});
    }
  }
}

Checkpoint parsed(const std::string& image, const std::string& path) {
  const hdf5::File file = hdf5::File::open_in_memory(image, path);
  Checkpoint checkpoint{.about = file.attributes(),
                        .rows = rows_in(file, "rows"),
                        .rows_if_longer = rows_in(file, "rows_if_longer"),
                        .state = {}};
  read_state(file, "state", checkpoint.state);
  return checkpoint;
}

// ---- The file.

[[noreturn]] void fail(const fs::path& path, const char* doing) {
  throw Error(Exit::write, std::string("cannot ") + doing + ": " + std::strerror(errno),
              path.string(), "check that the folder can be written and has space left");
}

void store(const fs::path& path, const std::string& header, const std::string& image) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) fail(path, "create the checkpoint");
  const auto put = [&](const std::string& bytes) {
    for (std::size_t done = 0; done < bytes.size();) {
      const ssize_t n = ::write(file, bytes.data() + done, bytes.size() - done);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return false;
      done += static_cast<std::size_t>(n);
    }
    return true;
  };
  const bool good = put(header) && put(image) && ::fsync(file) == 0;
  const int error = errno;
  const bool closed = ::close(file) == 0;
  if (good && closed) return;
  if (!good) errno = error;
  const int told = errno;
  ::unlink(path.c_str());
  errno = told;
  fail(path, "write the checkpoint");
}

// So that the names are on the disk, too.
void sync_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

/// On the disk, under a temporary name; returns that.
fs::path store_beside(const fs::path& path, const Checkpoint& checkpoint) {
  const std::string image = image_of(checkpoint);
  const fs::path unfinished = path.string() + ".tmp";
  store(unfinished, header_of(image), image);
  return unfinished;
}

void put_in_place(const fs::path& unfinished, const fs::path& path) {
  if (::rename(unfinished.c_str(), path.c_str()) != 0) fail(path, "put the file in its place");
  sync_folder(path.parent_path());
}

std::optional<Checkpoint> read_one(const fs::path& path, std::string& why) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (!file && bytes.empty()) {
    why = "cannot be read";
  } else if (bytes.size() < block || !bytes.starts_with(heading)) {
    why = "is no checkpoint of this version, or was cut short";
  } else if (const std::string image = bytes.substr(block);
             bytes.substr(0, block) != header_of(image)) {
    why = "is damaged: its digest is another";
  } else {
    return parsed(image, path.string());
  }
  return std::nullopt;
}

}  // namespace

std::string Checkpoint::text(const std::string& attribute) const {
  for (const auto& [key, value] : about) {
    if (key == attribute && std::holds_alternative<std::string>(value))
      return std::get<std::string>(value);
  }
  return {};
}

std::int64_t Checkpoint::integer(const std::string& attribute) const {
  for (const auto& [key, value] : about) {
    if (key == attribute && std::holds_alternative<std::int64_t>(value))
      return std::get<std::int64_t>(value);
  }
  return -1;
}

void write_checkpoint(const fs::path& folder, const Checkpoint& checkpoint) {
  const fs::path path = folder / name, unfinished = store_beside(path, checkpoint);
  // A death between these two leaves the previous one, and the new one under its temporary name.
  if (::rename(path.c_str(), (folder / previous_name).c_str()) != 0 && errno != ENOENT)
    fail(path, "put the last checkpoint aside");
  put_in_place(unfinished, path);
}

void write_checkpoint_file(const fs::path& file, const Checkpoint& checkpoint) {
  put_in_place(store_beside(file, checkpoint), file);
}

Checkpoint read_checkpoint_file(const fs::path& file) {
  std::string why;
  if (auto checkpoint = read_one(file, why)) return *std::move(checkpoint);
  throw Error(Exit::data, "the file " + why, file.string(), "it cannot be used; run again");
}

std::optional<Checkpoint> read_checkpoint(const fs::path& folder,
                                          const std::function<void(const std::string&)>& say) {
  // A whole one under the temporary name is newer than the previous one.
  for (const std::string& candidate :
       {std::string(name), std::string(name) + ".tmp", std::string(previous_name)}) {
    const fs::path path = folder / candidate;
    if (!fs::exists(path)) continue;
    std::string why;
    if (auto checkpoint = read_one(path, why)) return checkpoint;
    if (say) say(path.string() + " " + why + ": it is left out");
  }
  return std::nullopt;
}

}  // namespace rnnlab
