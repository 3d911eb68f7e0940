#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/options.hpp"
#include "nn/cores.hpp"
#include "nn/models/models.hpp"
#include "nn/options.hpp"

namespace rnnlab::test {

/// Puts settings into the fields that they name; counts those that found one.
struct Put : OptionVisitor {
  const std::vector<std::pair<std::string, std::string>>& settings;
  std::size_t used = 0;

  explicit Put(const std::vector<std::pair<std::string, std::string>>& s) : settings(s) {}
  const std::string* find(const std::string& name) {
    for (const auto& [key, value] : settings) {
      if (key == name) return ++used, &value;
    }
    return nullptr;
  }
  void visit(const OptionInfo& info, bool& field) override {
    if (const auto* text = find(info.name)) field = *text == "true";
  }
  void visit(const OptionInfo& info, std::int64_t& field) override {
    if (const auto* text = find(info.name)) field = std::stoll(*text);
  }
  void visit(const OptionInfo& info, double& field) override {
    if (const auto* text = find(info.name)) field = std::stod(*text);
  }
  void visit(const OptionInfo& info, std::string& field) override {
    if (const auto* text = find(info.name)) field = *text;
  }
};

/// A model of the zoo: a preset, or a combination of options.
struct Member {
  std::string name;
  ModelOptions options;
};

inline ModelOptions options_of(const ModelPreset& preset) {
  ModelOptions options;
  options.name = preset.name;
  Put put(preset.settings);
  options.describe(put);
  return options;
}

/// Whether it writes a sequence of its own.
inline bool is_decoder(const ModelOptions& o) {
  return o.bridge != "none" || o.attention != "none";
}

/// THE list's presets of sequence models, at a width that is no multiple of a lane group.
inline std::vector<Member> presets(int hidden = 5) {
  std::vector<Member> members;
  for (const ModelPreset& preset : model_presets()) {
    if (is_decoder(options_of(preset))) continue;
    members.push_back({preset.name, options_of(preset)});
    members.back().options.hidden = hidden;
    if (members.back().options.cell == "none") members.back().options.window = 3;
  }
  return members;
}

/// … and those of sequence to sequence.
inline std::vector<Member> decoder_presets(int hidden = 5) {
  std::vector<Member> members;
  for (const ModelPreset& preset : model_presets()) {
    if (!is_decoder(options_of(preset))) continue;
    members.push_back({preset.name, options_of(preset)});
    members.back().options.hidden = hidden;
  }
  return members;
}

/// Every recurrent core of the lists × direction × layers.
inline std::vector<Member> cores(int hidden = 5) {
  std::vector<Member> members;
  const auto add = [&](const Core& core, const std::string& direction, int layers) {
    ModelOptions o;
    o.hidden = hidden;
    core.set(o);
    o.direction = direction;
    o.layers = layers;
    members.push_back({core.name() + " " + direction + " layers " + std::to_string(layers), o});
  };
  for (const Core& core : plain_cores()) {
    for (const char* direction : {"forward", "reverse", "bidirectional"}) {
      for (const int layers : {1, 2}) add(core, direction, layers);
    }
  }
  for (const Core& core : mapped_cores()) {
    for (const char* direction : {"forward", "bidirectional"}) add(core, direction, 2);
  }
  for (const Core& core : variant_cores()) {
    if (core.cell == "jordan") {
      add(core, "forward", 1);
      continue;
    }
    for (const char* direction : {"forward", "bidirectional"}) add(core, direction, 2);
  }
  return members;
}

/// Every way to wire layers: cells × directions × merges × depths × layers × residual × layer norm,
/// each where it makes a difference.
inline std::vector<Member> wirings(int hidden = 5) {
  std::vector<Member> members;
  for (const char* cell : {"elman", "lstm", "gru"}) {
    for (const std::string direction : {"forward", "reverse", "bidirectional"}) {
      for (const std::string merge : {"concat", "sum"}) {
        if (merge == "sum" && direction != "bidirectional") continue;
        for (const std::string depth : {"stacked", "skip", "deep-input", "deep-output"}) {
          for (const int layers : {1, 2}) {
            if (depth == "skip" && layers == 1) continue;
            for (const int extras : {0, 1, 2, 3}) {
              ModelOptions o;
              o.cell = cell;
              o.direction = direction;
              o.merge = merge;
              o.depth = depth;
              o.layers = layers;
              o.residual = extras & 1;
              o.layer_norm = extras & 2;
              o.hidden = hidden;
              members.push_back({std::string(cell) + " " + direction + " " + merge + " " + depth +
                                     " layers " + std::to_string(layers) +
                                     (o.residual ? " residual" : "") +
                                     (o.layer_norm ? " layer-norm" : ""),
                                 o});
            }
          }
        }
      }
    }
  }
  return members;
}

}  // namespace rnnlab::test
