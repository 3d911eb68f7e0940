#include "study/correction_report.hpp"

#include "study/json_number.hpp"
#include "study/table.hpp"

namespace rnnlab {
namespace {

using Json = nlohmann::ordered_json;

double share(std::int64_t part, std::int64_t all) {
  return static_cast<double>(part) / static_cast<double>(all);
}

}  // namespace

std::string correction_table(const CorrectionReport& report) {
  std::vector<std::vector<std::string>> lines{
      {"ranking", "typos", "right", "accuracy", "words", "right", "accuracy"}};
  for (const auto& [ranking, count] : report.rankings) {
    lines.push_back({ranking, std::to_string(report.typos), std::to_string(count.typos_right),
                     number_or_dash(share(count.typos_right, report.typos)),
                     std::to_string(report.words), std::to_string(count.words_right),
                     number_or_dash(share(count.words_right, report.words))});
  }
  return aligned(lines);
}

std::string correction_json(const CorrectionReport& report) {
  Json rankings = Json::array();
  for (const auto& [ranking, count] : report.rankings) {
    rankings.push_back({{"ranking", ranking},
                        {"typos_right", count.typos_right},
                        {"accuracy", number(share(count.typos_right, report.typos))},
                        {"words_right", count.words_right},
                        {"word_accuracy", number(share(count.words_right, report.words))}});
  }
  return Json{{"words", report.words}, {"typos", report.typos}, {"rankings", rankings}}.dump(2) +
         "\n";
}

std::string corrected_json(const std::vector<CorrectedLine>& lines) {
  Json all = Json::array();
  for (const CorrectedLine& line : lines)
    all.push_back({{"line", line.line}, {"corrected", line.corrected}});
  return Json{{"lines", all}}.dump(2) + "\n";
}

}  // namespace rnnlab
