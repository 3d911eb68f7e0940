#pragma once

#include <algorithm>
#include <cstdint>

namespace rnnlab {

/// How one long sequence of `steps` targets is read by several columns side by side: it is cut into
/// windows, and each column has as even a share of consecutive ones as can be. Nothing is left out
/// and nothing is read twice; the last window alone may be shorter.
///
/// Where a reader sees more than the window, the `overlap` windows after it, a column's last ones
/// are not begun: they have been seen.
class StreamWalk {
 public:
  StreamWalk(std::int64_t steps, std::int64_t window, int columns, std::int64_t overlap = 0)
      : windows_((steps + window - 1) / window),
        window_(window),
        columns_(columns),
        overlap_(overlap) {}

  std::int64_t windows() const { return windows_; }
  int columns() const { return columns_; }
  std::int64_t count(int column) const {
    return std::max<std::int64_t>(1, first(column + 1) - first(column) - overlap_);
  }
  /// The step where the column's share ends.
  std::int64_t end(int column) const { return first(column + 1) * window_; }
  /// The most that any column has.
  std::int64_t longest() const { return (windows_ + columns_ - 1) / columns_; }
  /// Where the column's window number i begins; its windows come again and again.
  std::uint64_t position(int column, std::int64_t i) const {
    return static_cast<std::uint64_t>((first(column) + i % count(column)) * window_);
  }
  bool begins_anew(int column, std::int64_t i) const { return i % count(column) == 0; }
  /// Where the i-th window before the column's first one begins; negative: there is none.
  std::int64_t before(int column, std::int64_t i) const { return (first(column) - i) * window_; }

 private:
  std::int64_t first(int column) const { return windows_ * column / columns_; }

  std::int64_t windows_, window_;
  int columns_;
  std::int64_t overlap_;
};

}  // namespace rnnlab
