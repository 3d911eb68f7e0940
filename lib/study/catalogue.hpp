#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "study/config_schema.hpp"
#include "study/registry.hpp"

namespace rnnlab {

/// The kinds of things that can be listed: models, cells, tasks, protocols, optimizers,
/// instruments, studies, data.
const std::vector<std::string>& catalogue_kinds();

/// What there is of one kind, one line each; with `details` every option with default, range and
/// unit, and examples. `roots` is where studies are looked for.
std::string catalogue_text(const Registry&, const std::string& kind, bool details,
                           const std::vector<std::filesystem::path>& roots);

/// {"models": [{"name": …, "summary": …}]} and so on; with `details` also the options.
std::string catalogue_json(const Registry&, const std::string& kind, bool details,
                           const std::vector<std::filesystem::path>& roots);

/// The keys of a task's whole configuration as a table: key, default, range, meaning. `section`
/// empty: all of them.
std::string key_table(const Registry&, const TaskEntry&, const std::string& section);
/// The same of any keys.
std::string key_table(const std::vector<KeySpec>&);

}  // namespace rnnlab
