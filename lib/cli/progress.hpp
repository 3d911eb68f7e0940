#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace rnnlab {

/// Chatter on stderr: a bar that redraws itself on a terminal, else a line now and then: every two
/// seconds at first, every minute in the end. Silent if quiet. Without colours.
class ProgressLine {
 public:
  explicit ProgressLine(bool quiet);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// How far (0 … 1), and the rest in words. `table` stands beneath on a terminal, cut to its size.
  void update(double share, const std::string& text, const std::vector<std::string>& table = {});
  /// A whole line that stays.
  void line(const std::string& text);

  /// How many lines a table may have; 0 where there is no terminal.
  std::size_t table_lines() const;

 private:
  using Clock = std::chrono::steady_clock;

  void clear();

  bool quiet_;
  bool terminal_;
  std::size_t drawn_ = 0;  // lines
  Clock::time_point begun_ = Clock::now(), last_;
};

/// `1.2 s`, `45 s`, `3 min 20 s`, `2 h 05 min`; `?` if it is not finite.
std::string duration(double seconds);

}  // namespace rnnlab
