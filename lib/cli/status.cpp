#include <cmath>
#include <iostream>

#include "base/text.hpp"
#include "cli/progress.hpp"
#include "cli/verb.hpp"
#include "study/status_report.hpp"
#include "study/table.hpp"

namespace rnnlab {
namespace {

void print(const StatusReport& report) {
  std::vector<std::vector<std::string>> rows{
      {"index", "id", "state", "step", "loss", "metric", "left", "message"}};
  for (const Status& run : report.runs) {
    const std::string steps =
        run.steps > 0 ? std::to_string(run.step) + "/" + std::to_string(run.steps) : "-";
    rows.push_back({std::to_string(rows.size() - 1), run.id, run.state, steps,
                    number_or_dash(run.loss), number_or_dash(run.metric),
                    run.state == "running" ? duration(run.eta_seconds) : "-",
                    shown(run.message.empty() ? "-" : run.message)});
  }
  std::vector<std::string> counts;
  for (const auto& [state, n] : report.counts()) counts.push_back(std::to_string(n) + " " + state);
  const std::size_t n = report.runs.size();
  const double eta = report.eta_seconds();
  std::cout << aligned(rows) << n << (n == 1 ? " run: " : " runs: ") << join(counts, ", ");
  if (eta != 0) std::cout << "; " << duration(eta) << " left";
  std::cout << "\n";
}

Exit status(const Invocation& invocation) {
  const auto& words = invocation.arguments.words;
  if (words.size() != 1)
    throw Error(Exit::usage, "status takes one folder", "command line",
                "give a run's or a sweep's");
  const bool json = format_of(invocation.arguments, {"table", "json"}) == "json";
  const StatusReport report = status_report(words.front());
  if (json) {
    std::cout << status_json(report);
  } else {
    print(report);
  }
  return Exit::done;
}

}  // namespace

Verb status_verb() {
  return {
      "status",
      "DIR [--format table|json]",
      "how far a run or every run of a sweep has come",
      "State, step, loss, latest validation or test metric and time left, in the manifest's\n"
      "order, and a line that counts the states. A run whose process is gone is lost, one that\n"
      "was not begun is pending. Opens no run.h5.\n\n"
      "Example\n"
      "  rnnlab status results/quickstart\n",
      {{"format", "table|json", "how to print it"}},
      {},
      status};
}

}  // namespace rnnlab
