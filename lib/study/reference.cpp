#include "study/reference.hpp"

#include "base/text.hpp"

namespace rnnlab {

std::string reference_text(const Task& task) {
  const Facts facts = task.facts();
  const std::vector<Baseline> baselines = task.baselines();
  if (baselines.empty()) {
    return std::string("chance level ") + facts.chance + ", solved at " + facts.metric_name() +
           (facts.lower_is_better() ? " <= " : " >= ") + format_short(facts.solved);
  }
  std::vector<std::string> parts;
  for (const Baseline& b : baselines) parts.push_back(b.name + " " + format_short(b.value));
  return std::string("without a network, in ") + facts.metric_name() +
         " where nothing else is said: " + join(parts, ", ");
}

}  // namespace rnnlab
