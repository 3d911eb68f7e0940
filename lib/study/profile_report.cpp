#include "study/profile_report.hpp"

#include <nlohmann/json.hpp>
#include <sys/resource.h>

#include "base/text.hpp"
#include "study/table.hpp"

namespace rnnlab {

double peak_rss_mb() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;  // Linux counts KiB
}

std::string profile_json(const Profile& profile, double rss) {
  using Json = nlohmann::ordered_json;
  Json phases = Json::object();
  for (const auto& [name, milliseconds] : profile.phases) phases[name] = milliseconds;
  const Json json{{"ms_per_step", profile.ms_per_step}, {"phases", phases}, {"peak_rss_mb", rss}};
  return json.dump(2) + "\n";
}

std::string profile_table(const Profile& profile, double rss) {
  std::vector<std::vector<std::string>> rows{{"phase", "ms per step"}};
  for (const auto& [name, milliseconds] : profile.phases)
    rows.push_back({name, format_short(milliseconds)});
  rows.push_back({"whole step (median)", format_short(profile.ms_per_step)});
  return aligned(rows) + "peak memory " + format_short(rss) + " MiB\n";
}

}  // namespace rnnlab
