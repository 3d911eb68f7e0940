#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace rnnlab {

class Corpus;

/// Images of one size and the class of each, as idx files hold them (LeCun, Cortes, Burges: the
/// MNIST database of handwritten digits):
///
///   images  u32 2051, u32 count, u32 rows, u32 columns, then count · rows · columns bytes
///   labels  u32 2049, u32 count, then count bytes, 0 … 9
///
/// numbers big-endian, points row by row. The bytes stay as they were read.
class IdxImages {
 public:
  static constexpr int classes = 10;

  /// From the two files' bytes; the names are for messages. Throws Error(data) naming the file for
  /// another magic number, a size that is not what the header says (cut off, or bytes left over),
  /// images without points or of more than 4096 rows or columns, a label above 9, other than as
  /// many labels as images, or none.
  IdxImages(std::string images, const std::string& images_name, std::string labels,
            const std::string& labels_name);

  std::size_t count() const { return labels_.size() - labels_at; }
  int rows() const { return rows_; }
  int columns() const { return columns_; }
  /// Points of an image.
  std::size_t points() const {
    return static_cast<std::size_t>(rows_) * static_cast<std::size_t>(columns_);
  }
  /// REQUIRES, as below: n < count().
  std::span<const std::uint8_t> image(std::size_t n) const {
    return {bytes_of(images_) + images_at + n * points(), points()};
  }
  int label(std::size_t n) const { return bytes_of(labels_)[labels_at + n]; }
  /// SHA-256 of the two files' own, in hexadecimal, one after the other.
  std::string digest() const;

 private:
  static constexpr std::size_t images_at = 16, labels_at = 8;
  static const std::uint8_t* bytes_of(const std::string& file) {
    return reinterpret_cast<const std::uint8_t*>(file.data());
  }

  std::string images_, labels_;
  int rows_ = 0, columns_ = 0;
};

/// The images `SET-images-idx3-ubyte` and labels `SET-labels-idx1-ubyte` of a corpus, packed by
/// gzip or not, `.idx` for `-idx` allowed. Throws Error(data) also where one of them is not there.
IdxImages read_idx_images(const Corpus&, std::string_view set);

}  // namespace rnnlab
