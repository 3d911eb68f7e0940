#include "study/comparison_report.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "study/json_number.hpp"
#include "study/table.hpp"

namespace rnnlab {
namespace {

using Json = nlohmann::ordered_json;
using Row = std::vector<std::string>;
using TimeToTarget = ComparedGroup::TimeToTarget;

constexpr const char* iqm_ci_kind = "bootstrap 95 %";
constexpr const char* success_ci_kind = "Wilson 95 %";
constexpr const char* difference_ci_kind = "Student t 95 %";
constexpr const char* curve_ci_kind = "Wilson 95 % by Greenwood's variance (Rothman)";

std::string shortly(double value) { return std::isnan(value) ? "-" : format_short(value); }
std::string shortly(const Interval& ci) {
  if (!std::isfinite(ci.low)) return "-";
  return "[" + format_short(ci.low) + ", " + format_short(ci.high) + "]";
}

/// Steps by which a share of the runs got there, or how far it was seen that they had not.
std::string steps(double quantile, double seen) {
  if (std::isfinite(quantile)) return format_short(quantile);
  return std::isfinite(seen) ? "> " + format_short(seen) : "never";
}

std::string exactly(double value) { return std::isnan(value) ? "" : format_double(value); }

using rnnlab::number;
Json number(const Interval& ci) { return {number(ci.low), number(ci.high)}; }

Row keys_of(const ComparedGroup& group) {
  Row row = group.keys;
  for (std::string& key : row)
    if (key.empty()) key = "(empty)";
  return row;
}

std::string values_table(const Comparison& comparison) {
  std::vector<Row> rows{comparison.by};
  for (const char* column :
       {"n", "mean", "95 % CI", "median", "IQM", "95 % CI", "min", "max", "failures", "pending"})
    rows[0].push_back(column);
  for (const ComparedGroup& group : comparison.groups) {
    Row row = keys_of(group);
    row.insert(row.end(), {std::to_string(group.n), shortly(group.mean), shortly(group.ci),
                           shortly(group.median), shortly(group.iqm), shortly(group.iqm_ci),
                           shortly(group.min), shortly(group.max), std::to_string(group.failures()),
                           std::to_string(group.pending)});
    rows.push_back(std::move(row));
  }
  return comparison.metric + "; CI of the mean: " + comparison.ci_kind +
         "; of the IQM (interquartile mean): " + iqm_ci_kind + "\n" + aligned(rows);
}

void append_success(const ComparedGroup& group, Row& row) {
  const auto& success = group.success;
  row.push_back(!success ? "-"
                         : std::to_string(success->reached) + "/" + std::to_string(success->runs));
  row.push_back(success ? shortly(success->ci) : "-");
}

void append_quartiles(const ComparedGroup& group, Row& row) {
  if (!group.time_to_target) {
    row.insert(row.end(), 4, "-");
    return;
  }
  const TimeToTarget& time = *group.time_to_target;
  const auto& [first, median, third] = time.quartiles;
  row.insert(row.end(), {steps(first, time.seen), steps(median, time.seen),
                         "[" + steps(time.median_ci.low, time.seen) + ", " +
                             steps(time.median_ci.high, time.seen) + "]",
                         steps(third, time.seen)});
}

std::string contrasts_table(const Comparison& comparison) {
  const bool of_target = comparison.metric == "steps_to_target";
  const bool differences = comparison.groups.size() > 1;
  if (comparison.criterion.empty() && !differences) return "";
  std::vector<Row> rows{comparison.by};
  std::vector<std::string> heading;
  if (!comparison.criterion.empty()) {
    rows[0].insert(rows[0].end(), {"success", "95 % CI"});
    heading.push_back("success: " + comparison.criterion + ", not if diverged or failed, CI " +
                      success_ci_kind);
  }
  if (of_target) {
    rows[0].insert(rows[0].end(), {"25 % by", "50 % by", "95 % CI", "75 % by"});
    heading.emplace_back("steps by which so many reached it: Kaplan–Meier, CI " +
                         std::string(curve_ci_kind));
  }
  if (differences) {
    rows[0].insert(rows[0].end(), {"difference", "95 % CI", "pairs"});
    heading.push_back("difference: to " + comparison.name(comparison.groups[comparison.against]) +
                      ", paired by seed, CI " + difference_ci_kind);
  }
  for (const ComparedGroup& group : comparison.groups) {
    Row row = keys_of(group);
    if (!comparison.criterion.empty()) append_success(group, row);
    if (of_target) append_quartiles(group, row);
    if (differences) {
      const bool paired = group.difference && group.difference->pairs > 0;
      row.push_back(paired ? shortly(group.difference->mean) : "-");
      row.push_back(paired ? shortly(group.difference->ci) : "-");
      row.push_back(paired ? std::to_string(group.difference->pairs) : "-");
    }
    rows.push_back(std::move(row));
  }
  return "\n" + join(heading, "\n") + "\n" + aligned(rows);
}

void append_exactly(const std::vector<double>& values, Row& row) {
  for (const double value : values) row.push_back(exactly(value));
}

Json success_json(const ComparedGroup& group) {
  if (!group.success) return nullptr;
  return {{"reached", group.success->reached},
          {"runs", group.success->runs},
          {"rate", group.success->rate()},
          {"ci", number(group.success->ci)}};
}

Json difference_json(const ComparedGroup& group) {
  if (!group.difference) return nullptr;
  return {{"mean", number(group.difference->mean)},
          {"ci", number(group.difference->ci)},
          {"pairs", group.difference->pairs},
          {"pairs_needed", number(group.difference->pairs_needed)},
          {"cannot_tell", group.difference->cannot_tell()}};
}

Json time_json(const ComparedGroup& group) {
  if (!group.time_to_target) return nullptr;
  const TimeToTarget& time = *group.time_to_target;
  Json quartiles = Json::array(), curve = Json::array();
  for (const double quartile : time.quartiles) quartiles.push_back(number(quartile));
  for (const ReachedShare& point : time.curve)
    curve.push_back({{"step", point.step},
                     {"at_risk", point.at_risk},
                     {"reached", point.events},
                     {"share", point.share},
                     {"low", point.ci.low},
                     {"high", point.ci.high}});
  return {{"quartiles", quartiles},
          {"median_ci", number(time.median_ci)},
          {"seen", number(time.seen)},
          {"curve", curve}};
}

Json keys_json(const Comparison& comparison, const ComparedGroup& group) {
  Json keys = Json::object();
  for (std::size_t i = 0; i < group.keys.size(); ++i) keys[comparison.by[i]] = group.keys[i];
  return keys;
}

}  // namespace

std::string comparison_table(const Comparison& comparison) {
  std::string text = values_table(comparison) + contrasts_table(comparison);
  if (!comparison.notes.empty()) text += "\n";
  for (const std::string& note : comparison.notes) text += note + "\n";
  return text;
}

std::string comparison_csv(const Comparison& comparison) {
  std::vector<Row> rows{comparison.by};
  for (const char* column : {"n",
                             "mean",
                             "ci_low",
                             "ci_high",
                             "median",
                             "iqm",
                             "iqm_low",
                             "iqm_high",
                             "min",
                             "max",
                             "failures",
                             "diverged",
                             "failed",
                             "pending",
                             "successes",
                             "success_runs",
                             "success_rate",
                             "success_low",
                             "success_high",
                             "difference",
                             "difference_low",
                             "difference_high",
                             "pairs",
                             "pairs_needed",
                             "reached_25",
                             "reached_50",
                             "reached_50_low",
                             "reached_50_high",
                             "reached_75",
                             "metric",
                             "ci_kind",
                             "criterion"})
    rows[0].push_back(column);
  for (const ComparedGroup& group : comparison.groups) {
    Row row = group.keys;
    row.push_back(std::to_string(group.n));
    append_exactly({group.mean, group.ci.low, group.ci.high, group.median, group.iqm,
                    group.iqm_ci.low, group.iqm_ci.high, group.min, group.max},
                   row);
    for (const std::size_t count : {group.failures(), group.diverged, group.failed, group.pending})
      row.push_back(std::to_string(count));
    if (const auto& success = group.success) {
      row.push_back(std::to_string(success->reached));
      row.push_back(std::to_string(success->runs));
      append_exactly({success->rate(), success->ci.low, success->ci.high}, row);
    } else {
      row.insert(row.end(), 5, "");
    }
    if (const auto& difference = group.difference) {
      append_exactly({difference->mean, difference->ci.low, difference->ci.high}, row);
      row.push_back(std::to_string(difference->pairs));
      row.push_back(exactly(difference->pairs_needed));
    } else {
      row.insert(row.end(), 5, "");
    }
    if (const auto& time = group.time_to_target) {
      append_exactly({time->quartiles[0], time->quartiles[1], time->median_ci.low,
                      time->median_ci.high, time->quartiles[2]},
                     row);
    } else {
      row.insert(row.end(), 5, "");
    }
    row.insert(row.end(), {comparison.metric, comparison.ci_kind, comparison.criterion});
    rows.push_back(std::move(row));
  }
  return csv(rows);
}

std::string comparison_json(const Comparison& comparison) {
  Json rows = Json::array();
  for (const ComparedGroup& group : comparison.groups)
    rows.push_back({{"group", keys_json(comparison, group)},
                    {"n", group.n},
                    {"seeds", group.seeds},
                    {"mean", number(group.mean)},
                    {"ci", number(group.ci)},
                    {"median", number(group.median)},
                    {"iqm", number(group.iqm)},
                    {"iqm_ci", number(group.iqm_ci)},
                    {"min", number(group.min)},
                    {"max", number(group.max)},
                    {"infinite", group.infinite},
                    {"failures", group.failures()},
                    {"diverged", group.diverged},
                    {"failed", group.failed},
                    {"pending", group.pending},
                    {"success", success_json(group)},
                    {"difference", difference_json(group)},
                    {"time_to_target", time_json(group)}});
  const Json against = comparison.groups.empty()
                           ? Json(nullptr)
                           : keys_json(comparison, comparison.groups[comparison.against]);
  const Json json{{"metric", comparison.metric},
                  {"ci_kind", comparison.ci_kind},
                  {"iqm_ci_kind", iqm_ci_kind},
                  {"success_ci_kind", success_ci_kind},
                  {"difference_ci_kind", difference_ci_kind},
                  {"curve_ci_kind", curve_ci_kind},
                  {"criterion", comparison.criterion},
                  {"by", comparison.by},
                  {"against", against},
                  {"rows", rows},
                  {"notes", comparison.notes}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace rnnlab
