#include "study/axes.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/rng.hpp"
#include "base/text.hpp"

namespace rnnlab {
namespace {

constexpr std::int64_t longest_axis = 100000;

class AxisParser {
 public:
  AxisParser(const KeySpec& spec, const Setting& setting) : spec_(spec), setting_(setting) {}

  SweepAxis parse() {
    SweepAxis axis{spec_.key, setting_.where, {}, SweepAxis::Moves::alone};
    std::vector<std::string> items = pieces(setting_.value);
    const std::string inner = arguments("zip", items.front());
    if (!inner.empty()) {
      if (items.size() > 1) refuse("zip(…) must stand alone");
      axis.moves = SweepAxis::Moves::zipped;
      items = pieces(inner);
    }
    for (const std::string& item : items) {
      if (item.empty() && items.size() > 1) refuse("there is an empty value between commas");
      append(item, axis.values);
    }
    if (drawn_) {
      if (items.size() > 1 || axis.moves == SweepAxis::Moves::zipped)
        refuse("random(…) must stand alone");
      axis.moves = SweepAxis::Moves::drawn;
    }
    return axis;
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw Error(Exit::usage, setting_.key + " = " + shown(setting_.value) + ": " + why,
                setting_.where, "see the axes in rnnlab sweep --help");
  }

  /// Whether a backslash at `i` takes its meaning from what follows.
  static bool escapes(const std::string& text, std::size_t i) {
    return text[i] == '\\' && i + 1 < text.size() &&
           std::string_view(",()").find(text[i + 1]) != std::string_view::npos;
  }

  /// Split at the commas outside parentheses. Escapes stay, for the pieces of the pieces.
  std::vector<std::string> pieces(const std::string& text) const {
    std::vector<std::string> result{""};
    int depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (escapes(text, i)) {
        result.back() += text.substr(i++, 2);
        continue;
      }
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (depth < 0) refuse("a ) without its ( (\\) is a character)");
      if (c == ',' && depth == 0) {
        result.emplace_back();
      } else {
        result.back() += c;
      }
    }
    if (depth > 0) refuse("a ( without its ) (\\( is a character)");
    for (std::string& piece : result) piece = std::string(trim(piece));
    return result;
  }

  /// What stands between the parentheses of `name(…)`; empty if the text is something else.
  std::string arguments(const std::string& name, const std::string& text) const {
    if (!text.starts_with(name + "(") || text.back() != ')') return "";
    const std::string inner{
        trim(std::string_view(text).substr(name.size() + 1, text.size() - name.size() - 2))};
    if (inner.empty()) refuse(name + "() is empty");
    return inner;
  }

  void append(const std::string& item, std::vector<std::string>& values) {
    const bool numeric = spec_.kind == ValueKind::integer || spec_.kind == ValueKind::number;
    for (const bool logarithmic : {true, false}) {
      const std::string inner = numeric ? arguments(logarithmic ? "log" : "lin", item) : "";
      if (!inner.empty()) return spaced(inner, logarithmic, values);
    }
    if (spec_.kind == ValueKind::integer && item.find("..") != std::string::npos)
      return range(item, values);
    std::string value;
    for (std::size_t i = 0; i < item.size(); ++i) {
      if (escapes(item, i)) ++i;
      value += item[i];
    }
    values.push_back(checked(value));
  }

  /// Names such as `adding@arjovsky2016` are resolved later; everything else is canonical from
  /// here.
  std::string checked(const std::string& value) const {
    if (spec_.kind == ValueKind::text) return value;
    return canonical(spec_, {setting_.key, value, setting_.where});
  }

  void range(const std::string& item, std::vector<std::string>& values) const {
    const std::size_t dots = item.find("..");
    const auto first = parse_int(trim(std::string_view(item).substr(0, dots)));
    const auto last = parse_int(trim(std::string_view(item).substr(dots + 2)));
    if (!first || !last || *first > *last) refuse("a range is FIRST..LAST, two integers in order");
    checked(std::to_string(*first));
    checked(std::to_string(*last));
    if (*last - *first >= longest_axis) refuse("the range is too long");
    for (std::int64_t i = *first; i <= *last; ++i) values.push_back(checked(std::to_string(i)));
  }

  void spaced(const std::string& inner, bool logarithmic, std::vector<std::string>& values) {
    const std::vector<std::string> parts = pieces(inner);
    if (parts.size() != 3) refuse("log and lin take three arguments: first, last, count");
    const auto first = parse_double(parts[0]), last = parse_double(parts[1]);
    const std::string drawn = arguments("random", parts[2]);
    const auto count = parse_int(drawn.empty() ? parts[2] : drawn);
    if (!first || !last || !std::isfinite(*first) || !std::isfinite(*last))
      refuse("log and lin run between two finite numbers");
    if (!count || *count < 1 || *count > longest_axis) refuse("the count is an integer >= 1");
    if (*count == 1 && drawn.empty() && *first != *last) refuse("a count of 1 has no two ends");
    if (logarithmic && (*first <= 0 || *last <= 0)) refuse("log runs between two positive numbers");
    drawn_ = drawn_ || !drawn.empty();

    const Key key{std::stoull(sha256(spec_.key).substr(0, 16), nullptr, 16), Stream::order};
    for (std::int64_t i = 0; i < *count; ++i) {
      const double even =
          *count == 1 ? 0 : static_cast<double>(i) / static_cast<double>(*count - 1);
      const double at = drawn.empty() ? even : Rng(key, static_cast<std::uint64_t>(i)).uniform53();
      const double value = logarithmic
                               ? std::exp(std::log(*first) * (1 - at) + std::log(*last) * at)
                               : *first * (1 - at) + *last * at;
      values.push_back(checked(spec_.kind == ValueKind::integer
                                   ? std::to_string(std::llround(value))
                                   : format_short(value, 12)));
    }
  }

  const KeySpec& spec_;
  const Setting& setting_;
  bool drawn_ = false;
};

}  // namespace

SweepAxis parse_axis(const KeySpec& spec, const Setting& setting) {
  return AxisParser(spec, setting).parse();
}

}  // namespace rnnlab
