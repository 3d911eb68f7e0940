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
  const Comparison comparison = compare(read_compared_runs(invocation.registry, folders, metric),
                                        by, metric, arguments.get("against"));
  std::cout << (format == "csv"    ? comparison_csv
                : format == "json" ? comparison_json
                                   : comparison_table)(comparison);
  return Exit::done;
}

}  // namespace

Verb compare_verb() {
  return {
      "compare",
      "DIR … --by KEYS --metric PATH [--against KEY=VALUE] [--format table|csv|json]",
      "groups of runs side by side, with intervals",
      "One row per setting of the keys, in the order of the runs: how many runs have a number "
      "(n),\n"
      "their mean with its 95 % interval (Student's t; Wilson's for outcome), median, "
      "interquartile\n"
      "mean (IQM) with a bootstrap interval, min and max; how many diverged or failed and how "
      "many\n"
      "have not ended. Then the success rate with Wilson's interval: of the runs that ended, "
      "those\n"
      "that reached train.target, or the task's own bar if that is 0, in validation, and neither\n"
      "diverged nor failed; and the mean difference to one row, from seed to seed, with its\n"
      "interval. Notes say what is too few to tell. A DIR is a sweep, a study or a run, finished\n"
      "or not.\n\n"
      "  test/mse, valid/loss, train/grad_norm   below /metrics of run.h5: the last row\n"
      "  PATH@best                               the row of the best validation\n"
      "  steps_to_target                         infinite for a run that never got there. Adds "
      "the\n"
      "                                          steps by which 25, 50 and 75 % of the runs did\n"
      "                                          (Kaplan-Meier): a run that ended without is\n"
      "                                          censored at its last validation, one that "
      "diverged\n"
      "                                          or failed never gets there; > N: not by step N\n"
      "  outcome                                 1 completed, 0 diverged: the mean is a rate\n"
      "  alignment/diagonal                      where attention looks (instrument alignment)\n"
      "  gradients/hidden/slope                  nats per step; @last: after training\n\n"
      "csv and json hold every number in full. Columns of csv: the keys, n, mean, ci_low,\n"
      "ci_high, median, iqm, iqm_low, iqm_high, min, max, failures, diverged, failed, pending,\n"
      "successes, success_runs, success_rate, success_low, success_high, difference,\n"
      "difference_low, difference_high, pairs, pairs_needed (for 80 % power), reached_25,\n"
      "reached_50, reached_50_low, reached_50_high, reached_75, metric, ci_kind, criterion. json\n"
      "has the whole curve of steps_to_target too.\n\n"
      "Example\n"
      "  rnnlab compare results/quickstart --by model.name --metric test/mse\n"
      "  rnnlab compare results/quickstart --by model.name --metric test/mse --against "
      "model.name=gru\n",
      {{"by", "KEYS", "dotted keys between spaces or commas: model.name,task.length"},
       {"metric", "PATH", "what is compared"},
       {"against", "KEY=VALUE",
        "the row that differences are to, by one key or more between commas; else the first"},
       {"format", "table|csv|json", "how to print it"}},
      {},
      compare};
}

}  // namespace rnnlab
