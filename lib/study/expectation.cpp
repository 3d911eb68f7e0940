#include "study/expectation.hpp"

#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"

namespace rnnlab {
namespace {

[[noreturn]] void refuse(const Setting& setting) {
  throw Error(Exit::usage, setting.key + " = " + shown(setting.value) + " is no expectation",
              setting.where,
              "give < x, > x, a .. b, x +- y, >= k of n, <= k of n, increasing or decreasing");
}

double finite(const Setting& setting, std::string_view text) {
  const auto value = parse_double(trim(text));
  if (!value || !std::isfinite(*value)) refuse(setting);
  return *value;
}

Expectation parse_count(const Setting& setting, std::string_view text, Expectation::Kind kind) {
  const std::vector<std::string> parts = words(text);
  if (parts.size() != 3 || parts[1] != "of") refuse(setting);
  const auto k = parse_int(parts[0]), n = parse_int(parts[2]);
  if (!k || !n || *k < 0 || *n < 1 || *k > *n) refuse(setting);
  return {.kind = kind, .k = *k, .n = *n, .text = setting.value};
}

}  // namespace

const char* verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass: return "PASS";
    case Verdict::differs: return "DIFFERS";
    case Verdict::undecided: break;
  }
  return "UNDECIDED";
}

Verdict Expectation::judge(const Interval& interval) const {
  const bool up = kind == Kind::above || kind == Kind::increasing;
  const bool down = kind == Kind::below || kind == Kind::decreasing;
  const bool inside = down ? interval.high < high
                      : up ? interval.low > low
                           : interval.low >= low && interval.high <= high;
  const bool outside = down ? interval.low >= high
                       : up ? interval.high <= low
                            : interval.high < low || interval.low > high;
  return inside ? Verdict::pass : outside ? Verdict::differs : Verdict::undecided;
}

Verdict Expectation::judge(std::int64_t count, std::int64_t of, std::int64_t pending) const {
  const auto holds = [&](std::int64_t x) {
    // With another number of runs than the claim names, the same share of them.
    switch (kind) {
      case Kind::at_least: return x * n >= k * (of + pending);
      case Kind::at_most: return x * n <= k * (of + pending);
      case Kind::below: return static_cast<double>(x) < high;
      case Kind::above: return static_cast<double>(x) > low;
      default: break;
    }
    return static_cast<double>(x) >= low && static_cast<double>(x) <= high;
  };
  bool always = true, never = true;
  for (std::int64_t x = count; x <= count + pending; ++x) {
    always = always && holds(x);
    never = never && !holds(x);
  }
  return always ? Verdict::pass : never ? Verdict::differs : Verdict::undecided;
}

Expectation parse_expectation(const Setting& setting) {
  const std::string_view text = trim(setting.value);
  if (text.starts_with(">="))
    return parse_count(setting, text.substr(2), Expectation::Kind::at_least);
  if (text.starts_with("<="))
    return parse_count(setting, text.substr(2), Expectation::Kind::at_most);
  Expectation expectation{.text = std::string(text)};
  if (text == "increasing" || text == "decreasing") {
    expectation.kind =
        text == "increasing" ? Expectation::Kind::increasing : Expectation::Kind::decreasing;
    return expectation;
  }
  if (text.starts_with("<")) {
    expectation.kind = Expectation::Kind::below;
    expectation.high = finite(setting, text.substr(1));
  } else if (text.starts_with(">")) {
    expectation.kind = Expectation::Kind::above;
    expectation.low = finite(setting, text.substr(1));
  } else if (const std::size_t dots = text.find(".."); dots != std::string_view::npos) {
    expectation.low = finite(setting, text.substr(0, dots));
    expectation.high = finite(setting, text.substr(dots + 2));
  } else if (const std::size_t sign = text.find("+-"); sign != std::string_view::npos) {
    const double middle = finite(setting, text.substr(0, sign));
    const double half = finite(setting, text.substr(sign + 2));
    expectation.low = middle - half;
    expectation.high = middle + half;
  } else {
    refuse(setting);
  }
  if (expectation.kind == Expectation::Kind::within && expectation.low > expectation.high)
    refuse(setting);
  return expectation;
}

}  // namespace rnnlab
