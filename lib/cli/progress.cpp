#include "cli/progress.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.hpp"

namespace rnnlab {
namespace {

constexpr int bar_width = 24;

struct Size {
  std::size_t rows = 24, columns = 80;
};

Size terminal_size() {
  winsize size{};
  Size result;
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0) return result;
  if (size.ws_col > 20) result.columns = size.ws_col;
  if (size.ws_row > 2) result.rows = size.ws_row;
  return result;
}

/// Not wider than `columns`, whole characters only.
std::string cut(const std::string& line, std::size_t columns) {
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };
  std::size_t width = 0, end = 0;
  for (; end < line.size(); ++end)
    if (!continues(line[end]) && width++ == columns) break;
  return line.substr(0, end);
}

bool is_terminal() {
  const char* kind = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && std::string(kind ? kind : "dumb") != "dumb";
}

std::string two_digits(long n) { return (n < 10 ? "0" : "") + std::to_string(n); }

}  // namespace

ProgressLine::ProgressLine(bool quiet) : quiet_(quiet), terminal_(is_terminal()) {}

ProgressLine::~ProgressLine() { clear(); }

void ProgressLine::clear() {
  if (drawn_ == 0) return;
  std::fputs("\r", stderr);
  for (; drawn_ > 1; --drawn_) std::fputs("\x1b[A", stderr);
  std::fputs("\x1b[J", stderr);
  std::fflush(stderr);
  drawn_ = 0;
}

std::size_t ProgressLine::table_lines() const {
  return terminal_ && !quiet_ ? terminal_size().rows - 2 : 0;
}

void ProgressLine::update(double share, const std::string& text,
                          const std::vector<std::string>& table) {
  if (quiet_) return;
  const auto now = Clock::now();
  if (!terminal_) {
    const auto interval = std::clamp<Clock::duration>((now - begun_) / 20, std::chrono::seconds(2),
                                                      std::chrono::seconds(60));
    if (now - last_ < interval) return;
    last_ = now;
    std::fprintf(stderr, "%s\n", text.c_str());
    return;
  }
  const Size size = terminal_size();
  const int full = static_cast<int>(std::clamp(share, 0.0, 1.0) * bar_width);
  const std::string bar = "[" + std::string(static_cast<std::size_t>(full), '#') +
                          std::string(static_cast<std::size_t>(bar_width - full), '.') + "] ";
  clear();
  std::string block = cut(bar + text, size.columns - 1);
  drawn_ = 1;
  for (std::size_t i = 0; i < std::min(table.size(), size.rows - 2); ++i, ++drawn_)
    block += "\n" + cut(table[i], size.columns - 1);
  std::fputs(block.c_str(), stderr);
  std::fflush(stderr);
}

void ProgressLine::line(const std::string& text) {
  if (quiet_) return;
  clear();
  std::fprintf(stderr, "%s\n", text.c_str());
}

std::string duration(double seconds) {
  if (!std::isfinite(seconds)) return "?";
  const long whole = std::lround(seconds);
  if (seconds < 9.95) return format_short(seconds, 2) + " s";
  if (whole < 60) return std::to_string(whole) + " s";
  if (whole < 3600) return std::to_string(whole / 60) + " min " + two_digits(whole % 60) + " s";
  return std::to_string(whole / 3600) + " h " + two_digits(whole % 3600 / 60) + " min";
}

}  // namespace rnnlab
