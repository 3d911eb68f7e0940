#include "study/catalogue.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "corpora/registry.hpp"
#include "study/config.hpp"
#include "study/data_report.hpp"
#include "study/study.hpp"
#include "study/table.hpp"

namespace rnnlab {
namespace {

using Json = nlohmann::ordered_json;

/// One thing that can be listed, with what `--long` adds.
struct Item {
  std::string name;
  std::string summary;
  std::string example = {};
  Settings about = {};  // equation, parameters, …: those that are known
  Settings settings = {};
  std::vector<std::string> deviates = {};
  std::vector<KeySpec> keys = {};
};

/// All of one kind; `keys` are the options that they share.
struct Kind {
  std::vector<Item> items;
  std::vector<KeySpec> keys;
};

std::vector<KeySpec> section_keys(const Schema& schema, const std::string& section) {
  std::vector<KeySpec> keys;
  for (const KeySpec& spec : schema.keys())
    if (section.empty() || spec.key.starts_with(section + ".")) keys.push_back(spec);
  return keys;
}

std::vector<Item> items_of(const std::vector<Listing>& list) {
  std::vector<Item> items;
  for (const Listing& entry : list) items.push_back({.name = entry.name, .summary = entry.summary});
  return items;
}

Settings prefixed(const std::string& section, const Settings& settings) {
  Settings result;
  for (const auto& [key, value] : settings) result.emplace_back(section + key, value);
  return result;
}

Settings about(const ModelPreset& model) {
  Settings known;
  for (const auto& [what, text] : Settings{{"equation", model.equation},
                                           {"parameters", model.parameters},
                                           {"options", model.options},
                                           {"source", model.source}}) {
    if (!text.empty()) known.emplace_back(what, text);
  }
  return known;
}

Item protocol_item(const TaskEntry& task, const Protocol& protocol) {
  Item item{.name = task.name + "@" + protocol.name,
            .summary = protocol.source,
            .settings = protocol.settings,
            .deviates = protocol.deviates};
  for (const auto& [model, own] : protocol.per_model)
    for (const auto& [key, value] : own) item.settings.emplace_back(model + ": " + key, value);
  return item;
}

Settings about(const KnownCorpus& corpus) {
  Settings known;
  for (const auto& [what, text] : Settings{{"tasks", join(corpus.tasks, " ")},
                                           {"source", corpus.page},
                                           {"licence", corpus.licence},
                                           {"size", byte_size(corpus.bytes())},
                                           {"note", corpus.note},
                                           {"by hand", corpus.by_hand}}) {
    if (!text.empty()) known.emplace_back(what, text);
  }
  return known;
}

/// What chance gets, when the task counts as solved, and where training may come to rest, with the
/// defaults; nothing of a task that needs a file.
Settings about(const Registry& registry, const TaskEntry& entry, const std::vector<KeySpec>& keys) {
  if (std::any_of(keys.begin(), keys.end(),
                  [](const KeySpec& key) { return key.info.file && !key.info.optional; }))
    return {};
  const auto task = resolve(registry, {{"task.name", entry.name, "the list"}}).make_task();
  const Facts facts = task->facts();
  Settings known{{"chance", "loss " + format_short(facts.chance_loss) + " (" + facts.chance + ")"}};
  std::vector<std::string> partial;
  for (const Plateau& plateau : task->plateaus())
    if (plateau.loss != facts.chance_loss)
      partial.push_back(format_short(plateau.loss) + " (" + plateau.name + ")");
  if (!partial.empty()) known.emplace_back("plateaus", "loss " + join(partial, ", "));
  if (facts.solved != 0)
    known.emplace_back("solved", std::string(facts.metric_name()) +
                                     (facts.lower_is_better() ? " <= " : " >= ") +
                                     format_short(facts.solved));
  return known;
}

Kind collect(const Registry& registry, const std::string& kind,
             const std::vector<std::filesystem::path>& roots) {
  const Schema schema(registry, registry.tasks.front());
  Kind result;
  if (kind == "models") {
    for (const ModelPreset& model : registry.models)
      result.items.push_back({.name = model.name,
                              .summary = model.summary,
                              .about = about(model),
                              .settings = prefixed("model.", model.settings)});
    result.keys = section_keys(schema, "model");
  } else if (kind == "cells") {
    result.items = items_of(registry.cells);
  } else if (kind == "optimizers") {
    result.items = items_of(registry.optimizers);
    result.keys = section_keys(schema, "train");
  } else if (kind == "instruments") {
    result.items = items_of(registry.instruments);
    result.keys = section_keys(schema, "record");
  } else if (kind == "tasks") {
    for (const TaskEntry& task : registry.tasks) {
      Item item{.name = task.name, .summary = task.summary, .example = task.example};
      for (KeySpec& spec : section_keys(Schema(registry, task), "task"))
        if (spec.key != "task.name") item.keys.push_back(std::move(spec));
      item.about = about(registry, task, item.keys);
      result.items.push_back(std::move(item));
    }
  } else if (kind == "protocols") {
    for (const TaskEntry& task : registry.tasks)
      for (const Protocol& protocol : task.protocols)
        result.items.push_back(protocol_item(task, protocol));
  } else if (kind == "data") {
    for (const KnownCorpus& corpus : known_corpora())
      result.items.push_back(
          {.name = corpus.name, .summary = corpus.summary, .about = about(corpus)});
  } else {
    for (const auto& folder : list_studies(roots)) {
      const StudyFile study = read_study(folder);
      Item item{.name = folder.filename().string(), .summary = study.title};
      for (const auto& [what, text] :
           Settings{{"question", study.question}, {"source", study.source}, {"cost", study.cost}})
        if (!text.empty()) item.about.emplace_back(what, text);
      result.items.push_back(std::move(item));
    }
  }
  return result;
}

/// A range in lines that a column has room for, the first of them if there are many.
std::vector<std::string> range_lines(const KeySpec& spec) {
  constexpr std::size_t width = 44, most = 4;
  const std::string range = spec.range();
  std::vector<std::string> lines{""};
  for (std::size_t at = 0; at < range.size();) {
    const std::size_t end = std::min(range.find(", ", at), range.size() - 1) + 1;
    const std::string word = range.substr(at, end - at);
    if (!lines.back().empty() && lines.back().size() + word.size() > width) lines.emplace_back();
    lines.back() += lines.back().empty() ? word.substr(word.starts_with(' ')) : word;
    at = end;
  }
  if (lines.size() <= most) return lines;
  lines.resize(2);
  lines.push_back("… (" + std::to_string(spec.info.choices.size()) + ": rnnlab list)");
  return lines;
}

std::string table(const std::vector<KeySpec>& keys) {
  std::vector<std::vector<std::string>> rows{{"key", "default", "range", "meaning"}};
  for (const KeySpec& spec : keys) {
    const std::vector<std::string> range = range_lines(spec);
    rows.push_back(
        {spec.key, spec.fallback.empty() ? "(empty)" : spec.fallback, range[0], spec.info.help});
    for (std::size_t i = 1; i < range.size(); ++i) rows.push_back({"", "", range[i], ""});
  }
  return aligned(rows);
}

std::string indented(const std::string& text) {
  std::string result = "    ";
  for (std::size_t i = 0; i < text.size(); ++i) {
    result += text[i];
    if (text[i] == '\n' && i + 1 < text.size()) result += "    ";
  }
  return result.back() == '\n' ? result : result + "\n";
}

Json to_json(const KeySpec& spec) {
  const char* kinds[] = {"boolean", "integer", "number", "text"};
  Json json{{"key", spec.key},
            {"kind", kinds[static_cast<int>(spec.kind)]},
            {"default", spec.fallback},
            {"range", spec.range()},
            {"unit", spec.info.unit},
            {"help", spec.info.help},
            {"choices", spec.info.choices},
            {"in_run_id", spec.identity()}};
  if (std::isfinite(spec.info.min)) json["min"] = spec.info.min;
  if (std::isfinite(spec.info.max)) json["max"] = spec.info.max;
  return json;
}

Json to_json(const std::vector<KeySpec>& keys) {
  Json json = Json::array();
  for (const KeySpec& spec : keys) json.push_back(to_json(spec));
  return json;
}

}  // namespace

const std::vector<std::string>& catalogue_kinds() {
  static const std::vector<std::string> kinds{"models",     "cells",       "tasks",   "protocols",
                                              "optimizers", "instruments", "studies", "data"};
  return kinds;
}

std::string catalogue_text(const Registry& registry, const std::string& kind, bool details,
                           const std::vector<std::filesystem::path>& roots) {
  const Kind collected = collect(registry, kind, roots);
  std::vector<std::vector<std::string>> rows;
  for (const Item& item : collected.items) {
    rows.push_back({item.name, item.summary});
    for (const auto& [what, text] : item.about)
      if (what == "cost") rows.back().push_back(text);
    if (kind == "studies") rows.back().resize(3);
  }
  if (!details) return aligned(rows);

  std::string text;
  for (const Item& item : collected.items) {
    text += item.name + "\n" + indented(item.summary);
    if (!item.example.empty()) text += indented(item.example);
    for (const auto& [what, is] : item.about) text += "    " + what + ": " + is + "\n";
    for (const auto& [key, value] : item.settings) text += "    sets " + key + " = " + value + "\n";
    for (const std::string& deviation : item.deviates) text += "    deviates: " + deviation + "\n";
    if (!item.keys.empty()) text += indented(table(item.keys));
    text += "\n";
  }
  return collected.keys.empty() ? text : text + table(collected.keys);
}

std::string catalogue_json(const Registry& registry, const std::string& kind, bool details,
                           const std::vector<std::filesystem::path>& roots) {
  const Kind collected = collect(registry, kind, roots);
  Json items = Json::array();
  for (const Item& item : collected.items) {
    Json json{{"name", item.name}, {"summary", item.summary}};
    if (details) {
      Json settings = Json::object();
      for (const auto& [key, value] : item.settings) settings[key] = value;
      json["settings"] = settings;
      for (const auto& [what, text] : item.about) json["about"][what] = text;
      json["deviates"] = item.deviates;
      json["example"] = item.example;
      json["options"] = to_json(item.keys);
    }
    items.push_back(json);
  }
  Json json{{kind, items}};
  if (details) json["options"] = to_json(collected.keys);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string key_table(const Registry& registry, const TaskEntry& task, const std::string& section) {
  return table(section_keys(Schema(registry, task), section));
}

std::string key_table(const std::vector<KeySpec>& keys) { return table(keys); }

}  // namespace rnnlab
