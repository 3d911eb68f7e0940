#include "study/compare.hpp"

#include <iostream>

#include "cli/verb.hpp"
#include "study/comparison_report.hpp"

namespace rnnlab {
namespace {

Exit compare(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  const std::string format = format_of(arguments, {"table", "csv", "json"});
  if (arguments.words.empty())
    throw Error(Exit::usage, "compare takes one folder or more", "command line",
                "give those of sweeps, studies or runs");
  const std::vector<std::string> by = comparison_keys(arguments.get("by"));
  if (by.empty())
    throw Error(Exit::usage, "no keys to compare by", "command line", "add --by model.name");
  const std::string metric = arguments.get("metric");
  if (metric.empty())
    throw Error(Exit::usage, "no metric to compare", "command line", "add --metric test/loss");
  const std::vector<std::filesystem::path> folders(arguments.words.begin(), arguments.words.end());
  const Comparison comparison =
      compare(read_compared_runs(invocation.registry, folders, metric), by, metric);
  std::cout << (format == "csv"    ? comparison_csv
                : format == "json" ? comparison_json
                                   : comparison_table)(comparison);
  return Exit::done;
}

}  // namespace

Verb compare_verb() {
  return {
      "compare",
      "DIR … --by KEYS --metric PATH [--format table|csv|json]",
      "groups of runs side by side, with intervals",
      "One row per setting of the keys, in the order of the runs: how many runs have a number,\n"
      "their mean with its 95 % interval (Student's t; Wilson's for outcome), median, min and "
      "max;\n"
      "how many diverged or failed and how many have not ended; the mean difference to the first\n"
      "row from seed to seed with its interval. A DIR is a sweep, a study or a run, finished or\n"
      "not.\n\n"
      "  test/mse, valid/loss, train/grad_norm   below /metrics of run.h5: the last row\n"
      "  PATH@best                               the row of the best validation\n"
      "  steps_to_target                         infinite for a run that never got there\n"
      "  outcome                                 1 completed, 0 diverged: the mean is a rate\n"
      "  gradients/hidden/slope                  nats per step; @last: after training\n\n"
      "Example\n"
      "  rnnlab compare results/quickstart --by model.name --metric test/mse\n",
      {{"by", "KEYS", "dotted keys between spaces or commas: model.name,task.length"},
       {"metric", "PATH", "what is compared"},
       {"format", "table|csv|json", "how to print it"}},
      {},
      compare};
}

}  // namespace rnnlab
