#include "study/config.hpp"

#include <iostream>

#include "cli/verb.hpp"
#include "study/table.hpp"

namespace rnnlab {
namespace {

Exit config(const Invocation& invocation) {
  const Config resolved = resolve(invocation.registry, all_settings(invocation));
  std::vector<std::vector<std::string>> rows{{"key", "value", "from"}};
  const ModelOptions model = resolved.model();
  for (const Config::Entry& entry : resolved.entries()) {
    if (entry.spec.key == "model.hidden" && model.match_parameters > 0) {
      const ModelOptions chosen = matched(model, resolved.make_task()->facts());
      rows.push_back({entry.spec.key, std::to_string(chosen.hidden), "model.match_parameters"});
    } else {
      rows.push_back({entry.spec.key, entry.value.empty() ? "(empty)" : entry.value, entry.where});
    }
  }
  std::cout << aligned(rows) << "\nid " << resolved.id() << "\nconfig_hash " << resolved.hash()
            << "\n";
  return Exit::done;
}

}  // namespace

Verb config_verb() {
  return {"config",
          "[CONFIG.ini …] [--section.key VALUE …]",
          "the resolved configuration, and where each value came from",
          "Runs nothing.\n\n"
          "Example\n"
          "  rnnlab config --model.name gru --task.name adding@arjovsky2016\n",
          {},
          {"model", "task", "train", "run", "record"},
          config};
}

}  // namespace rnnlab
