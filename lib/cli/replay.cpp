#include <iostream>

#include "cli/verb.hpp"
#include "study/divergence.hpp"

namespace rnnlab {
namespace {

Exit replay(const Invocation& invocation) {
  const auto& words = invocation.arguments.words;
  if (words.size() != 1)
    throw Error(Exit::usage, "replay takes one folder", "command line", "give a run's");
  const Replay replay = replay_divergence(invocation.registry, words.front());
  std::cout << replay.text;
  return replay.found == replay.recorded ? Exit::done : Exit::check_failed;
}

}  // namespace

Verb replay_verb() {
  return {"replay",
          "DIR",
          "the step at which a run diverged, once more",
          "Takes the step again from what the run left in DIR/nonfinite.h5 (the state before the "
          "step and\n"
          "its batch), and says in which tensor, layer, time step and example the first value "
          "arose that\n"
          "is not finite, and how large its predecessors were. Exit 1 if it is another one than "
          "was recorded.\n\n"
          "Example\n"
          "  rnnlab replay results/runs/adding-lstm-1a2b3c4d-s0\n",
          {},
          {},
          replay};
}

}  // namespace rnnlab
