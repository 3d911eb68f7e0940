#include "data/idx.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "data/corpus.hpp"

namespace rnnlab {
namespace {

constexpr std::uint32_t most_points = 4096;  // of a side: no product below overflows

[[noreturn]] void refuse(const std::string& what, const std::string& file) {
  throw Error(Exit::data, what, file, "fetch it again");
}

std::uint32_t number(const std::string& bytes, std::size_t word) {
  std::uint32_t value = 0;
  for (std::size_t i = 4 * word; i < 4 * word + 4; ++i)
    value = value << 8 | static_cast<std::uint8_t>(bytes[i]);
  return value;
}

void check_magic(const std::string& bytes, std::size_t header, std::uint32_t magic,
                 const std::string& kind, const std::string& file) {
  if (bytes.size() < header)
    refuse("cut off: " + std::to_string(bytes.size()) + " bytes, the header alone has " +
               std::to_string(header),
           file);
  if (number(bytes, 0) != magic)
    refuse("it is no idx file of " + kind + ": it begins with " + std::to_string(number(bytes, 0)) +
               ", not " + std::to_string(magic),
           file);
}

void check_size(std::size_t size, std::uint64_t wanted, const std::string& file) {
  if (size == wanted) return;
  refuse(std::string(size < wanted ? "cut off: " : "too long: ") + std::to_string(size) +
             " bytes, the header says " + std::to_string(wanted),
         file);
}

std::string found(const Corpus& corpus, const std::string& stem, const std::string& kind) {
  for (const char* separator : {"-", "."}) {
    if (const auto file = corpus.find(stem + separator + kind)) return *file;
  }
  throw Error(Exit::data, "there is no " + stem + "-" + kind, corpus.where(""),
              "give the folder with the four files, packed by gzip or not");
}

}  // namespace

IdxImages::IdxImages(std::string images, const std::string& images_name, std::string labels,
                     const std::string& labels_name)
    : images_(std::move(images)), labels_(std::move(labels)) {
  check_magic(images_, images_at, 2051, "images", images_name);
  const std::uint32_t count = number(images_, 1);
  const std::uint32_t rows = number(images_, 2), columns = number(images_, 3);
  if (std::min(rows, columns) == 0 || std::max(rows, columns) > most_points)
    refuse("images of " + std::to_string(rows) + " x " + std::to_string(columns) + " points",
           images_name);
  rows_ = static_cast<int>(rows);
  columns_ = static_cast<int>(columns);
  check_size(images_.size(), images_at + count * std::uint64_t{points()}, images_name);

  check_magic(labels_, labels_at, 2049, "labels", labels_name);
  check_size(labels_.size(), labels_at + std::uint64_t{number(labels_, 1)}, labels_name);
  if (this->count() != count)
    refuse(std::to_string(this->count()) + " labels, but " + std::to_string(count) + " images in " +
               images_name,
           labels_name);
  if (count == 0) refuse("there is no image", images_name);
  for (std::size_t n = 0; n < count; ++n) {
    if (label(n) >= classes)
      refuse("label " + std::to_string(n) + " is " + std::to_string(label(n)) + ", not 0 to 9",
             labels_name);
  }
}

std::string IdxImages::digest() const { return sha256(sha256(images_) + sha256(labels_)); }

IdxImages read_idx_images(const Corpus& corpus, std::string_view set) {
  const std::string images = found(corpus, std::string(set) + "-images", "idx3-ubyte");
  const std::string labels = found(corpus, std::string(set) + "-labels", "idx1-ubyte");
  return {corpus.bytes(images), corpus.where(images), corpus.bytes(labels), corpus.where(labels)};
}

}  // namespace rnnlab
