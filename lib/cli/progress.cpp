#include "cli/progress.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.hpp"

namespace rnnlab {
namespace {

constexpr int bar_width = 24;

std::size_t columns() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

std::string two_digits(long n) { return (n < 10 ? "0" : "") + std::to_string(n); }

}  // namespace

ProgressLine::ProgressLine(bool quiet) : quiet_(quiet), terminal_(::isatty(STDERR_FILENO) == 1) {}

ProgressLine::~ProgressLine() { clear(); }

void ProgressLine::clear() {
  if (!drawn_) return;
  std::fputs("\r\x1b[K", stderr);
  std::fflush(stderr);
  drawn_ = false;
}

void ProgressLine::update(double share, const std::string& text) {
  if (quiet_) return;
  const auto now = std::chrono::steady_clock::now();
  if (!terminal_) {
    if (now - last_ < std::chrono::seconds(2)) return;
    last_ = now;
    std::fprintf(stderr, "%s\n", text.c_str());
    return;
  }
  const int full = static_cast<int>(std::clamp(share, 0.0, 1.0) * bar_width);
  std::string bar = "[" + std::string(static_cast<std::size_t>(full), '#') +
                    std::string(static_cast<std::size_t>(bar_width - full), '.') + "] " + text;
  std::fprintf(stderr, "\r\x1b[K%s", bar.substr(0, columns() - 1).c_str());
  std::fflush(stderr);
  drawn_ = true;
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
