#include "study/verdict.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "study/json_number.hpp"
#include "study/table.hpp"
#include "study/text_file.hpp"

namespace rnnlab {
namespace {

using Json = nlohmann::ordered_json;

std::string ours(const ClaimResult& result) {
  if (result.n == 0) return "-";
  const std::string ci =
      " [" + format_short(result.ci.low, 3) + ", " + format_short(result.ci.high, 3) + "]";
  if (result.claim.statistic == Claim::Statistic::count)
    return std::to_string(result.count) + " of " + std::to_string(result.n) + ci;
  return format_short(result.ours) + (result.n > 1 ? ci : "") + " n=" + std::to_string(result.n) +
         (result.paired ? " pairs" : "");
}

std::vector<std::vector<std::string>> rows(const StudyVerdict& study) {
  std::vector<std::vector<std::string>> rows{
      {"claim", "published", "ours [95 % CI]", "expected", "verdict"}};
  for (const ClaimResult& result : study.claims)
    rows.push_back({result.claim.name,
                    result.claim.published.empty() ? "-" : result.claim.published, ours(result),
                    result.claim.expect.text, verdict_name(result.verdict)});
  return rows;
}

/// What stands beneath the table, a sentence each, after the claims that it is said of.
std::vector<std::string> notes(const StudyVerdict& study) {
  std::vector<std::pair<std::string, std::vector<std::string>>> said;  // what, of which claims
  const auto say = [&](const ClaimResult& of, const std::string& what) {
    if (what.empty()) return;
    auto note = std::find_if(said.begin(), said.end(), [&](auto& n) { return n.first == what; });
    if (note == said.end()) note = said.insert(said.end(), {what, {}});
    note->second.push_back(of.claim.name);
  };
  for (const ClaimResult& result : study.claims) {
    say(result, result.note);
    if (result.missing > 0 && result.claim.statistic != Claim::Statistic::spearman)
      say(result, std::to_string(result.missing) + " runs without a finite value speak against it");
    if (result.never > 0)
      say(result, std::to_string(result.never) +
                      " runs never reached their target: later than all that did");
    say(result, result.plateaus.text());
  }
  for (const ClaimResult& result : study.claims)
    for (const std::string& deviation : result.deviates)
      say(result, "deviates from the protocol: " + deviation);
  std::vector<std::string> notes;
  for (const auto& [what, claims] : said) {
    const bool all = claims.size() > 1 && claims.size() == study.claims.size();
    notes.push_back((all ? "all claims" : join(claims, ", ")) + ": " + what);
  }
  if (study.tuned)
    for (const std::string& note : tuned_notes(*study.tuned)) notes.push_back(note);
  if (study.claims_changed)
    notes.push_back("the claims have been changed since the first run was started");
  return notes;
}

Json known(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json to_json(const ClaimResult& result) {
  const Claim& claim = result.claim;
  Json json{{"name", claim.name},
            {"verdict", verdict_name(result.verdict)},
            {"ours", number(result.ours)},
            {"ci", {number(result.ci.low), number(result.ci.high)}},
            {"ci_kind", claim.statistic == Claim::Statistic::count ? "Wilson 95 %"
                                                                   : "bootstrap percentile 95 %"},
            {"n", result.n},
            {"metric", claim.metric},
            {"expect", claim.expect.text},
            {"published", claim.published},
            {"source", claim.source},
            {"protocol", result.protocol},
            {"deviates", result.deviates},
            {"seeds", result.seeds},
            {"paired", result.paired},
            {"missing", result.missing},
            {"never", result.never},
            {"pending", result.pending},
            {"note", result.note}};
  if (claim.statistic == Claim::Statistic::count) json["count"] = result.count;
  if (!claim.theory.empty()) json["theory"] = claim.theory;
  if (result.plateaus.runs > 0) {
    json["unsolved"] = result.plateaus.unsolved;
    json["plateaus"] = Json::array();
    for (const auto& [plateau, runs, steps, visited] : result.plateaus.plateaus)
      json["plateaus"].push_back({{"name", plateau.name},
                                  {"loss", number(plateau.loss)},
                                  {"runs", runs},
                                  {"steps", number(steps)},
                                  {"visited", visited}});
  }
  for (const ClaimPoint& point : result.points) {
    Json at = Json::object();
    for (const auto& [key, value] : point.at) at[key] = value;
    json["points"].push_back({{"at", at},
                              {"theory", number(point.theory)},
                              {"ours", number(point.ours)},
                              {"ci", {number(point.ci.low), number(point.ci.high)}},
                              {"n", point.n}});
  }
  return json;
}

}  // namespace

bool StudyVerdict::differs() const {
  return std::any_of(claims.begin(), claims.end(),
                     [](const ClaimResult& r) { return r.verdict == Verdict::differs; });
}

std::string verdict_table(const StudyVerdict& study) {
  std::string text = aligned(rows(study));
  for (const std::string& note : notes(study)) text += "  " + note + "\n";
  return text;
}

void write_verdict(const std::filesystem::path& study_folder, const StudyVerdict& study) {
  Json claims = Json::array();
  for (const ClaimResult& result : study.claims) claims.push_back(to_json(result));
  Json json{
      {"study", study.study},
      {"title", study.title},
      {"question", study.question},
      {"source", study.source},
      {"claims_changed", study.claims_changed},
      {"date", known(study.origin.date())},
      {"git_commit", known(study.origin.commits())},
      {"git_dirty", study.origin.dirty() < 0 ? Json(nullptr) : Json(study.origin.dirty() == 1)},
      {"machine", known(study.origin.machines())},
      {"cores", known(study.origin.cores())},
      {"runs", study.origin.runs()},
      {"wall_seconds", number(study.origin.seconds())},

      {"claims", claims},
      {"notes", notes(study)}};
  if (study.tuned) json["tuning"] = tuned_json(*study.tuned);
  replace_text(study_folder / "verdict.json",
               json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");

  std::string text = "# " + study.title + "\n\n";
  if (!study.question.empty()) text += study.question + "\n\n";
  text += markdown(rows(study)) + "\n";
  for (const std::string& note : notes(study)) text += "- " + note + "\n";
  if (study.tuned) text += "\n## Tuning\n\n" + markdown(tuned_rows(*study.tuned));
  replace_text(study_folder / "verdict.md", text);
}

}  // namespace rnnlab
