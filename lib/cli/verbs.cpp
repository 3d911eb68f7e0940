#include <algorithm>

#include "base/text.hpp"
#include "cli/verb.hpp"
#include "study/config_file.hpp"

namespace rnnlab {

std::vector<Verb> verbs() {
  return {run_verb(),       sweep_verb(),   study_verb(), resume_verb(),   status_verb(),
          watch_verb(),     compare_verb(), eval_verb(),  generate_verb(), correct_verb(),
          translate_verb(), list_verb(),    data_verb(),  config_verb(),   gradcheck_verb(),
          repair_verb(),    replay_verb()};
}

std::vector<Setting> all_settings(const Invocation& invocation) {
  std::vector<Setting> settings;
  for (const std::string& file : invocation.arguments.words)
    for (Setting& setting : read_settings(file)) settings.push_back(std::move(setting));
  const auto& own = invocation.arguments.settings;
  settings.insert(settings.end(), own.begin(), own.end());
  return settings;
}

std::string format_of(const Arguments& arguments, const std::vector<std::string>& choices) {
  const std::string format = arguments.get("format", choices.front());
  if (std::find(choices.begin(), choices.end(), format) == choices.end())
    throw Error(Exit::usage, "--format " + shown(format) + " is not known", "command line",
                "choose one of " + join(choices, ", "));
  return format;
}

}  // namespace rnnlab
