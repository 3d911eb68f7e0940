#pragma once

#include <algorithm>
#include <vector>

namespace rnnlab {

/// An image's points in the order in which a recurrence from its upper left corner can compute
/// them: anti-diagonal by anti-diagonal, i + j = 0, 1, …, each from its upper end down. All points
/// of a diagonal depend on the one before alone.
struct Diagonals {
  struct Diagonal {
    int first, count;  // steps
  };
  std::vector<Diagonal> diagonals;
  std::vector<int> row, column;  // of each step
  std::vector<int> left, up;     // the step of the neighbour, −1: none
  int largest = 0;               // points of the longest diagonal

  Diagonals(int rows, int columns) {
    std::vector<int> step(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns));
    const auto at = [&](int i, int j) -> int& {
      return step[static_cast<std::size_t>(i) * static_cast<std::size_t>(columns) +
                  static_cast<std::size_t>(j)];
    };
    int next = 0;
    for (int d = 0; d < rows + columns - 1; ++d) {
      const int first = next;
      for (int i = std::max(0, d - columns + 1); i <= std::min(rows - 1, d); ++i) {
        const int j = d - i;
        at(i, j) = next++;
        row.push_back(i);
        column.push_back(j);
        left.push_back(j > 0 ? at(i, j - 1) : -1);
        up.push_back(i > 0 ? at(i - 1, j) : -1);
      }
      diagonals.push_back({first, next - first});
      largest = std::max(largest, next - first);
    }
  }
};

}  // namespace rnnlab
