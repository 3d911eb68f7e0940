#include "study/comparison_report.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "study/table.hpp"

namespace rnnlab {
namespace {

using Json = nlohmann::ordered_json;
using Difference = ComparedGroup::Difference;

constexpr const char* difference_ci_kind = "Student t 95 %";

std::string shortly(double value) { return std::isnan(value) ? "-" : format_short(value); }
std::string shortly(const Interval& ci) {
  if (!std::isfinite(ci.low)) return "-";
  return "[" + format_short(ci.low) + ", " + format_short(ci.high) + "]";
}

std::string exactly(double value) { return std::isnan(value) ? "" : format_double(value); }

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }
Json number(const Interval& ci) { return {number(ci.low), number(ci.high)}; }

}  // namespace

std::string comparison_table(const Comparison& comparison) {
  std::vector<std::vector<std::string>> rows{comparison.by};
  for (const char* column : {"n", "mean", "95 % CI", "median", "min", "max", "failures", "pending",
                             "minus first", "95 % CI", "pairs"})
    rows[0].push_back(column);
  for (const ComparedGroup& group : comparison.groups) {
    std::vector<std::string> row;
    for (const std::string& key : group.keys) row.push_back(key.empty() ? "(empty)" : key);
    row.insert(row.end(), {std::to_string(group.n), shortly(group.mean), shortly(group.ci),
                           shortly(group.median), shortly(group.min), shortly(group.max),
                           std::to_string(group.failures()), std::to_string(group.pending)});
    const bool paired = group.difference && group.difference->pairs > 0;
    const Difference difference = paired ? *group.difference : Difference{NAN, {NAN, NAN}, 0};
    row.insert(row.end(), {shortly(difference.mean), shortly(difference.ci),
                           paired ? std::to_string(difference.pairs) : "-"});
    rows.push_back(std::move(row));
  }
  std::string text = comparison.metric + "; CI of the mean: " + comparison.ci_kind +
                     "; minus first: paired by seed, CI " + difference_ci_kind + "\n" +
                     aligned(rows);
  for (const std::string& note : comparison.notes) text += note + "\n";
  return text;
}

std::string comparison_csv(const Comparison& comparison) {
  std::vector<std::vector<std::string>> rows{comparison.by};
  for (const char* column :
       {"n", "mean", "ci_low", "ci_high", "median", "min", "max", "failures", "diverged", "failed",
        "pending", "difference", "difference_low", "difference_high", "pairs", "metric", "ci_kind"})
    rows[0].push_back(column);
  for (const ComparedGroup& group : comparison.groups) {
    std::vector<std::string> row = group.keys;
    row.push_back(std::to_string(group.n));
    for (const double value :
         {group.mean, group.ci.low, group.ci.high, group.median, group.min, group.max})
      row.push_back(exactly(value));
    for (const std::size_t count : {group.failures(), group.diverged, group.failed, group.pending})
      row.push_back(std::to_string(count));
    const Difference difference = group.difference.value_or(Difference{NAN, {NAN, NAN}, 0});
    for (const double value : {difference.mean, difference.ci.low, difference.ci.high})
      row.push_back(exactly(value));
    row.insert(row.end(), {group.difference ? std::to_string(difference.pairs) : "",
                           comparison.metric, comparison.ci_kind});
    rows.push_back(std::move(row));
  }
  return csv(rows);
}

std::string comparison_json(const Comparison& comparison) {
  Json rows = Json::array();
  for (const ComparedGroup& group : comparison.groups) {
    Json keys = Json::object();
    for (std::size_t i = 0; i < group.keys.size(); ++i) keys[comparison.by[i]] = group.keys[i];
    Json difference = nullptr;
    if (group.difference)
      difference = {{"mean", number(group.difference->mean)},
                    {"ci", number(group.difference->ci)},
                    {"pairs", group.difference->pairs}};
    rows.push_back({{"group", keys},
                    {"n", group.n},
                    {"seeds", group.seeds},
                    {"mean", number(group.mean)},
                    {"ci", number(group.ci)},
                    {"median", number(group.median)},
                    {"min", number(group.min)},
                    {"max", number(group.max)},
                    {"infinite", group.infinite},
                    {"failures", group.failures()},
                    {"diverged", group.diverged},
                    {"failed", group.failed},
                    {"pending", group.pending},
                    {"difference", difference}});
  }
  const Json json{{"metric", comparison.metric},
                  {"ci_kind", comparison.ci_kind},
                  {"difference_ci_kind", difference_ci_kind},
                  {"by", comparison.by},
                  {"rows", rows},
                  {"notes", comparison.notes}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace rnnlab
