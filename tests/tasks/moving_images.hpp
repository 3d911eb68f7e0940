#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "data/idx_files.hpp"
#include "drawn.hpp"
#include "files.hpp"
#include "record/scratch.hpp"

namespace rnnlab::test {

inline constexpr int R = 6, C = 5, N = 60, held_out = 10, tests = 20;

/// Image n of a set: a digit whose points are all lit, of brightness 100 + n, from row n % 3 and
/// column n % 2 on, 2 + n % 2 rows by 1 + n % 3 columns.
struct Image {
  int row, column, rows, columns, brightness, label;

  explicit Image(int n)
      : row(n % 3),
        column(n % 2),
        rows(2 + n % 2),
        columns(1 + n % 3),
        brightness(100 + n),
        label(n * n % 10) {}

  std::string points() const {
    std::string all(R * C, '\0');
    for (int y = row; y < row + rows; ++y) {
      for (int x = column; x < column + columns; ++x)
        all[static_cast<std::size_t>(y * C + x)] = static_cast<char>(brightness);
    }
    return all;
  }
};

/// A folder of such sets; the test's images are the brighter ones.
struct Folder {
  Scratch scratch;

  Folder() {
    write("train", 0, N);
    write("t10k", N, tests);
  }
  void write(const std::string& name, int first, int count) const {
    std::string points;
    std::vector<int> labels;
    for (int n = first; n < first + count; ++n) {
      points += Image(n).points();
      labels.push_back(Image(n).label);
    }
    write_file(scratch.path(name + "-images-idx3-ubyte"),
               idx_images(static_cast<std::uint32_t>(count), R, C, points));
    write_file(scratch.path(name + "-labels-idx1-ubyte"), idx_labels(labels));
  }
  Config config(Settings settings = {}) const {
    settings.insert(settings.begin(), {{"task.path", scratch.path("")},
                                       {"task.size", "8"},
                                       {"task.valid_examples", std::to_string(held_out)},
                                       {"task.test_examples", std::to_string(tests)}});
    return configured("moving-mnist", settings);
  }
  std::unique_ptr<Task> make(Settings settings = {}) const {
    return config(std::move(settings)).make_task();
  }
};

inline std::unique_ptr<Task> made(Settings settings) {
  settings.emplace_back("task.images", "made");
  return configured("moving-mnist", settings).make_task();
}

}  // namespace rnnlab::test
