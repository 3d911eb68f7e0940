#pragma once

#include <chrono>
#include <string>

namespace rnnlab {

/// Chatter on stderr: a bar that redraws itself on a terminal, else a line every two seconds.
/// Silent if quiet.
class ProgressLine {
 public:
  explicit ProgressLine(bool quiet);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// How far (0 … 1), and the rest in words.
  void update(double share, const std::string& text);
  /// A whole line that stays.
  void line(const std::string& text);

 private:
  void clear();

  bool quiet_;
  bool terminal_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point last_;
};

/// `1.2 s`, `45 s`, `3 min 20 s`, `2 h 05 min`; `?` if it is not finite.
std::string duration(double seconds);

}  // namespace rnnlab
