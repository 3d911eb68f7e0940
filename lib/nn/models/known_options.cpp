#include "nn/models/known_options.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "base/error.hpp"
#include "base/text.hpp"

namespace rnnlab {
namespace {

using Keys = std::set<std::string>;

/// Every option's value as text.
struct Values : OptionVisitor {
  std::vector<std::pair<std::string, std::string>> list;

  explicit Values(ModelOptions options) { options.describe(*this); }
  void visit(const OptionInfo& info, bool& field) override {
    list.emplace_back(info.name, field ? "true" : "false");
  }
  void visit(const OptionInfo& info, std::int64_t& field) override {
    list.emplace_back(info.name, std::to_string(field));
  }
  void visit(const OptionInfo& info, double& field) override {
    list.emplace_back(info.name, format_double(field));
  }
  void visit(const OptionInfo& info, std::string& field) override {
    list.emplace_back(info.name, field);
  }
};

const Keys& every_architecture() {
  static const Keys keys{
      "architecture", "hidden",       "match_parameters", "layers",     "pool",
      "dropout",      "dropout_mask", "embedding",        "tied",       "bias",
      "init",         "init_std",     "input_at",         "activation", "readout_activation"};
  return keys;
}

/// What an architecture reads besides; recurrent layers read all that none of these names.
const std::map<std::string, Keys>& architectures() {
  static const std::map<std::string, Keys> list{
      {"tcn", {"kernel"}},
      {"md",
       {"cell", "direction", "merge", "recurrent_init", "input_gain", "spectral_radius",
        "init_connections", "forget_bias"}},
      {"renet",
       {"cell",
        "merge",
        "recurrent_init",
        "init_fan",
        "input_gain",
        "spectral_radius",
        "init_connections",
        "forget_bias",
        "chrono",
        "leak",
        "h0",
        "h0_scale",
        "fixed",
        "time_skip",
        "block",
        "truncated_gradient",
        "input_gate_bias",
        "input_gate_bias_step",
        "output_gate_bias",
        "output_gate_bias_step",
        "patch"}},
      {"grid",
       {"recurrent_init", "input_gain", "spectral_radius", "init_connections", "forget_bias"}},
      {"transformer",
       {"attention", "heads", "feed_forward", "causal", "positions", "max_positions",
        "norm_first"}},
  };
  return list;
}

/// Of the architectures here alone: no recurrent layer reads them.
bool is_special(const std::string& key) {
  static const Keys keys{"heads",         "feed_forward", "causal", "positions",
                         "max_positions", "norm_first",   "kernel", "patch"};
  return keys.count(key) > 0;
}

std::string readers(const std::string& key) {
  std::vector<std::string> names;
  for (const auto& [architecture, keys] : architectures()) {
    if (keys.count(key) > 0) names.push_back(architecture);
  }
  if (!is_special(key)) names.emplace_back("recurrent");
  return join(names, ", ");
}

}  // namespace

void check_known_options(const ModelOptions& o) {
  const Values ours(o), defaults{ModelOptions{}};
  const auto architecture = architectures().find(o.architecture);
  for (std::size_t i = 0; i < ours.list.size(); ++i) {
    const auto& [key, value] = ours.list[i];
    if (value == defaults.list[i].second || every_architecture().count(key) > 0) continue;
    const bool known = architecture == architectures().end() ? !is_special(key)
                                                             : architecture->second.count(key) > 0;
    if (known) continue;
    throw Error(Exit::usage, "architecture " + o.architecture + " does not read this option",
                "model." + key,
                "leave it at " + defaults.list[i].second + ", or choose a model of architecture " +
                    readers(key));
  }
}

}  // namespace rnnlab
