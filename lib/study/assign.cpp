#include "study/assign.hpp"

#include <map>

#include "base/text.hpp"
#include "study/config_schema.hpp"

namespace rnnlab {

void Assign::visit(const OptionInfo& info, bool& field) { field = text(info) == "true"; }
void Assign::visit(const OptionInfo& info, std::int64_t& field) {
  field = parse_int(text(info)).value();
}
void Assign::visit(const OptionInfo& info, double& field) {
  field = parse_double(text(info)).value();
}
void Assign::visit(const OptionInfo& info, std::string& field) { field = text(info); }

void assign_section(const std::string& section, const std::vector<Setting>& settings,
                    const std::function<void(OptionVisitor&)>& describe) {
  std::map<std::string, std::string> values;
  std::map<std::string, KeySpec> specs;
  std::vector<std::string> known;
  for (KeySpec& spec : described(section, describe)) {
    known.push_back(spec.key);
    values[spec.key] = spec.fallback;
    specs[spec.key] = std::move(spec);
  }
  for (const Setting& setting : settings) {
    if (!setting.key.starts_with(section + ".")) continue;
    const auto spec = specs.find(setting.key);
    if (spec == specs.end()) throw_unknown_key(setting, known);
    values[setting.key] = canonical(spec->second, setting);
  }
  Assign assign(section, [&](const std::string& key) { return values.at(key); });
  describe(assign);
}

}  // namespace rnnlab
