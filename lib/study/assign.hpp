#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/options.hpp"
#include "study/setting.hpp"

namespace rnnlab {

/// Hands each field of an option struct its value: `lookup` gives the canonical text of a dotted
/// key.
class Assign final : public OptionVisitor {
 public:
  using Lookup = std::function<std::string(const std::string& key)>;

  Assign(std::string section, Lookup lookup)
      : section_(std::move(section)), lookup_(std::move(lookup)) {}

  void visit(const OptionInfo&, bool& field) override;
  void visit(const OptionInfo&, std::int64_t& field) override;
  void visit(const OptionInfo&, double& field) override;
  void visit(const OptionInfo&, std::string& field) override;

 private:
  std::string text(const OptionInfo& info) const { return lookup_(section_ + "." + info.name); }

  std::string section_;
  Lookup lookup_;
};

/// Assigns the settings of `section`, the later wins, to the fields that `describe` visits; other
/// sections are left alone. Throws Error(usage) as `canonical` and `throw_unknown_key` do.
void assign_section(const std::string& section, const std::vector<Setting>& settings,
                    const std::function<void(OptionVisitor&)>& describe);

}  // namespace rnnlab
