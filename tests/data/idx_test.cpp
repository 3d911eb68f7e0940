#include "data/idx.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <zlib.h>

#include "base/error.hpp"
#include "base/rng.hpp"
#include "data/corpora.hpp"
#include "data/corpus.hpp"
#include "data/idx_files.hpp"
#include "files.hpp"
#include "record/scratch.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

/// Three images of 2 x 3 points.
std::string images() { return idx_images(3, 2, 3, std::string("abcdefghijkl\0\xFF\x80xyz", 18)); }
std::string labels() { return idx_labels({7, 0, 9}); }

IdxImages parsed(std::string image_bytes, std::string label_bytes) {
  return {std::move(image_bytes), "images.file", std::move(label_bytes), "labels.file"};
}

/// What is said of them; empty where all of it was read.
std::string complaint(const std::string& image_bytes, const std::string& label_bytes) {
  try {
    const IdxImages read = parsed(image_bytes, label_bytes);
    // Every byte is accounted for, and every label is a class.
    CHECK(read.count() > 0);
    CHECK(16 + read.count() * read.points() == image_bytes.size());
    CHECK(8 + read.count() == label_bytes.size());
    std::size_t sum = 0;
    for (std::size_t n = 0; n < read.count(); ++n) {
      CHECK((read.label(n) >= 0 && read.label(n) < 10));
      for (const std::uint8_t p : read.image(n)) sum += p;
    }
    std::size_t expected = 0;
    for (std::size_t i = 16; i < image_bytes.size(); ++i)
      expected += static_cast<std::uint8_t>(image_bytes[i]);
    CHECK(sum == expected);
    return {};
  } catch (const Error& error) {
    CHECK(error.code() == Exit::data);
    return error.what();
  }
}

std::string damaged(std::string bytes, Rng& rng) {
  const auto below = [&](std::size_t n) {
    return static_cast<std::size_t>(rng.below(static_cast<std::uint32_t>(n)));
  };
  for (std::size_t times = 1 + below(3); times > 0 && !bytes.empty(); --times) {
    const std::size_t at = below(bytes.size());
    switch (below(6)) {
      case 0: bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8))); break;
      case 1: bytes.resize(at); break;
      case 2: bytes.insert(at, 1, static_cast<char>(below(256))); break;
      case 3: bytes.erase(at, 1 + below(4)); break;
      case 4: bytes += bytes.substr(at); break;
      default: {
        const std::array<std::uint32_t, 6> extremes{0,          1,          0x7FFFFFFF,
                                                    0x80000000, 0xFFFFFFFF, 65536};
        const std::string word = big_endian(extremes[below(extremes.size())]);
        if (bytes.size() >= 16) bytes.replace(4 * below(4), 4, word);
      }
    }
  }
  return bytes;
}

void damage(std::uint64_t first, std::uint64_t count) {
  std::size_t refused = 0;
  for (std::uint64_t i = first; i < first + count; ++i) {
    Rng rng({3, Stream::test}, i);
    const bool first_file = rng.below(2) == 0;
    const std::string a = first_file ? damaged(images(), rng) : images();
    const std::string b = first_file ? labels() : damaged(labels(), rng);
    CAPTURE(i);
    refused += !complaint(a, b).empty();
  }
  CHECK(refused > count / 2);
}

}  // namespace

TEST_CASE("idx: images and labels, row by row", "[data][idx]") {
  const IdxImages read = parsed(images(), labels());
  CHECK(read.count() == 3);
  CHECK(read.rows() == 2);
  CHECK(read.columns() == 3);
  const auto text = [&](std::size_t n) {
    const auto image = read.image(n);
    return std::string(image.begin(), image.end());
  };
  CHECK(text(0) == "abcdef");
  CHECK(text(1) == "ghijkl");
  CHECK(text(2) == std::string("\0\xFF\x80xyz", 6));
  CHECK(read.image(2)[1] == 255);
  CHECK((read.label(0) == 7 && read.label(1) == 0 && read.label(2) == 9));
}

TEST_CASE("idx: what does not fit is told with its file", "[data][idx]") {
  const auto points_of = [](std::size_t n) { return std::string(n, 'x'); };
  const auto of_images = [&](const std::string& bytes) { return complaint(bytes, labels()); };
  const auto of_labels = [&](const std::string& bytes) { return complaint(images(), bytes); };
  CHECK_THAT(of_images(""), Contains("images.file") && Contains("cut off: 0 bytes"));
  CHECK_THAT(of_images(images().substr(0, 15)), Contains("the header alone has 16"));
  CHECK_THAT(of_images(labels() + points_of(18)),
             Contains("images.file") && Contains("begins with 2049, not 2051"));
  CHECK_THAT(of_images("\x1F\x8B" + images()), Contains("no idx file of images"));
  CHECK_THAT(of_images(images().substr(0, 33)), Contains("cut off: 33 bytes, the header says 34"));
  CHECK_THAT(of_images(images() + "x"), Contains("too long: 35 bytes, the header says 34"));
  CHECK_THAT(of_images(idx_images(3, 0, 3, "")), Contains("images of 0 x 3 points"));
  CHECK_THAT(of_images(idx_images(3, 1u << 31, 2, "")), Contains("images of 2147483648 x 2"));
  CHECK_THAT(of_images(idx_images(0xFFFFFFFF, 4096, 4096, points_of(18))),
             Contains("cut off: 34 bytes, the header says 72057594021150736"));
  CHECK_THAT(of_images(idx_images(2, 3, 3, points_of(18))),
             Contains("3 labels, but 2 images in images.file (labels.file)"));
  CHECK_THAT(complaint(idx_images(0, 2, 3, ""), idx_labels({})), Contains("there is no image"));
  CHECK_THAT(of_labels(images()),
             Contains("labels.file") && Contains("begins with 2051, not 2049"));
  CHECK_THAT(of_labels(labels().substr(0, 10)), Contains("cut off: 10 bytes, the header says 11"));
  CHECK_THAT(of_labels(labels() + '\0'), Contains("too long: 12 bytes"));
  CHECK_THAT(of_labels(idx_labels({1, 10, 3})), Contains("label 1 is 10, not 0 to 9"));
  CHECK_THAT(of_labels(idx_labels({1, 2})), Contains("2 labels, but 3 images"));
}

TEST_CASE("idx: the four files, packed or not, under either spelling", "[data][idx]") {
  const Scratch scratch;
  const std::string folder = scratch.path("set");
  std::filesystem::create_directories(folder + "/deep");
  const auto read = [&](const char* set) { return read_idx_images(Corpus(folder), set); };
  write_file(folder + "/train-images-idx3-ubyte", images());
  CHECK_THROWS_WITH(read("train"), Contains("there is no train-labels-idx1-ubyte"));
  write_file(folder + "/deep/train-labels.idx1-ubyte", labels());
  CHECK(read("train").label(2) == 9);
  CHECK_THROWS_WITH(read("t10k"), Contains("there is no t10k-images-idx3-ubyte"));
  const gzFile packed = gzopen((folder + "/t10k-images.idx3-ubyte.gz").c_str(), "wb");
  gzwrite(packed, images().data(), static_cast<unsigned>(images().size()));
  gzclose(packed);
  write_file(folder + "/t10k-labels-idx1-ubyte", labels());
  CHECK(read("t10k").image(1)[0] == 'g');
  CHECK(read("t10k").digest() == read("train").digest());
  write_file(folder + "/t10k-labels-idx1-ubyte", idx_labels({1, 2, 3}));
  CHECK(read("t10k").digest() != read("train").digest());
  write_file(folder + "/t10k-labels-idx1-ubyte", images());
  CHECK_THROWS_WITH(read("t10k"), Contains(folder + "/t10k-labels-idx1-ubyte"));
}

TEST_CASE("idx: damaged files are refused or read to the last byte", "[data][idx]") {
  damage(0, 20000);
}

TEST_CASE("idx: as many damaged files as RNNLAB_FUZZ says", "[.fuzz]") {
  const char* count = std::getenv("RNNLAB_FUZZ");
  damage(1u << 20, count ? std::stoull(count) : 1000000);
}

TEST_CASE("idx: MNIST's own files", "[data][idx]") {
  const auto folder = corpus("mnist");
  if (!folder) {
    WARN("skipped: no mnist in RNNLAB_TEST_DATA");
    return;
  }
  const Corpus files(folder->string());
  const IdxImages train = read_idx_images(files, "train"), test = read_idx_images(files, "t10k");
  CHECK(train.count() == 60000);
  CHECK(test.count() == 10000);
  CHECK((train.rows() == 28 && train.columns() == 28 && test.points() == 784));
  std::array<int, 10> of_train{}, of_test{};
  double sum = 0, squares = 0;
  for (std::size_t n = 0; n < train.count(); ++n) {
    ++of_train[static_cast<std::size_t>(train.label(n))];
    for (const std::uint8_t p : train.image(n)) {
      sum += p;
      squares += p * p;
    }
  }
  for (std::size_t n = 0; n < test.count(); ++n) ++of_test[static_cast<std::size_t>(test.label(n))];
  // As they are known of MNIST.
  CHECK(of_train == std::array{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949});
  CHECK(of_test == std::array{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009});
  const double N = 60000.0 * 784, mean = sum / N / 255;
  CHECK(mean == Approx(0.1307).margin(5e-5));
  CHECK(std::sqrt(squares / N / 255 / 255 - mean * mean) == Approx(0.3081).margin(5e-5));
}
