#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/options.hpp"
#include "nn/cores.hpp"
#include "nn/models/fitting.hpp"
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

/// Whether a sequence may come piece by piece.
inline bool reads_in_windows(const ModelOptions& o) {
  try {
    check_reads_in_windows(o);
  } catch (const Error&) {
    return false;
  }
  return true;
}

/// The facts of a task that fits the model: of images with so many rows where it reads those alone,
/// of sequence to sequence where it has a decoder.
inline Facts fitted(const ModelOptions& o, Facts facts, int rows) {
  if (writes_sequences(o)) {
    facts.readout = Readout::sequence;
    facts.target_length = 4;
  }
  if (!reads_images(o)) return facts;
  facts.rows = rows;
  facts.columns = facts.length / rows;
  return facts;
}

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

/// THE list's presets of sequence models, at a width that is no multiple of a lane group.
inline std::vector<Member> presets(int hidden = 5) {
  std::vector<Member> members;
  for (const ModelPreset& preset : model_presets()) {
    if (writes_sequences(options_of(preset))) continue;
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
    if (!writes_sequences(options_of(preset))) continue;
    members.push_back({preset.name, options_of(preset)});
    members.back().options.hidden = hidden;
  }
  return members;
}

/// The architectures that are not recurrent, with what each can have besides its preset.
inline std::vector<Member> architectures(int hidden = 6) {
  std::vector<Member> members;
  const auto add = [&](const std::string& architecture, const std::string& what, auto&& set) {
    ModelOptions o;
    o.architecture = architecture;
    o.hidden = hidden;
    set(o);
    members.push_back({architecture + " " + what, o});
  };
  add("transformer", "norm first", [](ModelOptions& o) { o.norm_first = true, o.layers = 2; });
  add("transformer", "of three heads that look back", [](ModelOptions& o) {
    o.heads = 3;
    o.causal = "yes";
    o.feed_forward = 4;
  });
  add("transformer", "with learned positions", [](ModelOptions& o) {
    o.positions = "learned";
    o.max_positions = 40;
    o.causal = "no";
  });
  add("tcn", "of wide kernels", [](ModelOptions& o) { o.kernel = 4, o.layers = 3; });
  add("tcn", "as wide as its input", [](ModelOptions& o) {
    o.hidden = 3;
    o.kernel = 2;
    o.activation = "relu";
  });
  for (const char* cell : {"elman", "lstm"}) {
    for (const char* direction : {"forward", "reverse", "bidirectional"}) {
      add("md", std::string(cell) + " " + direction, [&](ModelOptions& o) {
        o.cell = cell;
        o.direction = direction;
        o.layers = direction == std::string("reverse") ? 1 : 2;
        o.merge = direction == std::string("bidirectional") ? "sum" : "concat";
      });
    }
  }
  add("md", "of whole lane groups", [](ModelOptions& o) {
    o.direction = "bidirectional";
    o.hidden = 16;
  });
  for (const char* cell : {"elman", "lstm", "gru", "gru-original"}) {
    add("renet", cell, [&](ModelOptions& o) {
      o.cell = cell;
      o.h0 = "learned";
      o.layers = cell == std::string("lstm") ? 2 : 1;
      o.merge = cell == std::string("gru") ? "sum" : "concat";
    });
  }
  add("grid", "of one layer", [](ModelOptions&) {});
  add("grid", "of five layers", [](ModelOptions& o) { o.layers = 5; });
  add("transformer", "without positions", [](ModelOptions& o) {
    o.positions = "none";
    o.activation = "relu";
    o.layers = 2;
  });
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
