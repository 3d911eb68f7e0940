#pragma once

#include <cstdint>

namespace rnnlab {

/// How one long sequence of `steps` targets is read by several columns side by side: it is cut into
/// windows, and each column has as even a share of consecutive ones as can be. Nothing is left out
/// and nothing is read twice; the last window alone may be shorter.
class StreamWalk {
 public:
  StreamWalk(std::int64_t steps, int window, int columns)
      : windows_((steps + window - 1) / window), window_(window), columns_(columns) {}

  std::int64_t windows() const { return windows_; }
  std::int64_t count(int column) const { return first(column + 1) - first(column); }
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

  std::int64_t windows_;
  int window_, columns_;
};

}  // namespace rnnlab
