#include "study/repair.hpp"

#include <iostream>

#include "cli/verb.hpp"

namespace rnnlab {
namespace {

const char* sentence(Repaired done) {
  switch (done) {
    case Repaired::log: return "repaired: every HDF5 reader opens it";
    case Repaired::accepted: return "accepted as it is: every value can be read";
    default: return "nothing to repair";
  }
}

Exit repair(const Invocation& invocation) {
  const auto& words = invocation.arguments.words;
  if (words.size() != 1)
    throw Error(Exit::usage, "repair takes one run file", "command line", "give a run's run.h5");
  const auto done = repair_log(words.front());
  std::cout << words.front() << ": " << sentence(done) << "\n";
  return Exit::done;
}

}  // namespace

Verb repair_verb() {
  return {
      "repair",
      "RUN.h5",
      "makes the log of a killed run readable by every HDF5 reader",
      "While a run is written, and after its process was killed, only readers in SWMR mode open\n"
      "its log. This takes the marks of the writer away and cuts every series to its complete\n"
      "rows. `rnnlab resume` needs none of it. A run that is being written is left alone.\n"
      "The file of a finished run that was changed since is refused by everything that compares\n"
      "runs, until this has found every value readable and accepted it as it is.\n\n"
      "Example\n"
      "  rnnlab repair results/runs/adding-lstm-1f0c9a2e-s1/run.h5\n",
      {},
      {},
      repair};
}

}  // namespace rnnlab
