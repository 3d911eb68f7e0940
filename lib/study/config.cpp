#include "study/config.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <stdexcept>

#include "base/error.hpp"
#include "base/text.hpp"
#include "corpora/cache.hpp"
#include "study/content_id.hpp"
#include "train/numerics.hpp"

namespace rnnlab {
namespace {

template <class Options>
Options assigned(const Config& config, const std::string& section) {
  Options options;
  Assign assign = config.assign(section);
  options.describe(assign);
  return options;
}

/// The settings with every `task.name = NAME@PROTOCOL` as the two keys that it stands for. A later
/// bare name takes back the protocol that came with an earlier one.
std::vector<Setting> without_at(const std::vector<Setting>& settings) {
  std::vector<Setting> result;
  bool from_name = false;
  for (const Setting& setting : settings) {
    const std::size_t at = setting.value.find('@');
    if (setting.key == "task.protocol") from_name = false;
    if (setting.key != "task.name") {
      result.push_back(setting);
    } else if (at != std::string::npos) {
      result.push_back({"task.name", setting.value.substr(0, at), setting.where});
      result.push_back({"task.protocol", setting.value.substr(at + 1), setting.where});
      from_name = true;
    } else {
      result.push_back(setting);
      if (from_name) result.push_back({"task.protocol", "", setting.where});
      from_name = false;
    }
  }
  return result;
}

/// A task that reads known corpora takes one from the cache where no path is given: the one that
/// `corpus` names, or any; none where that is the name of no corpus, such as `made`.
void take_cached(Config::Entry& entry, const TaskEntry& task, const std::string& corpus) {
  if (entry.spec.key != "task.path" || !entry.value.empty()) return;
  const auto cached = cached_corpus(corpus.empty() ? corpora_of(task.name) : std::vector{corpus});
  if (!cached) return;
  entry.value = *cached;
  entry.where = "data cache";
}

/// In the run's id, and in every folder it is read from, a file goes by an absolute name. Where its
/// content is known, as in what a run and a sweep keep (`sha256:… PATH`), it need not be there.
void name_file(Config::Entry& entry) {
  if (!entry.spec.info.file || entry.value.empty()) return;
  if (is_content_id(entry.value)) {
    entry.remembered = true;
    const std::size_t space = std::min(entry.value.find(' '), entry.value.size());
    entry.identity = entry.value.substr(0, space);
    if (space < entry.value.size()) entry.value.erase(0, space + 1);
    return;
  }
  entry.value = std::filesystem::absolute(entry.value).lexically_normal().string();
  entry.identity = content_id(entry.value, entry.spec.key);
}

std::string value_to_keep(const Config::Entry& entry) {
  return entry.identity == entry.value ? entry.value : entry.identity + " " + entry.value;
}

/// Where the content of a remembered file is now.
std::string found_again(const Config::Entry& entry, const TaskEntry& task) {
  std::vector<std::string> places;
  if (!is_content_id(entry.value)) places.push_back(entry.value);
  for (const std::string& name : corpora_of(task.name))
    if (const auto path = cached_corpus({name})) places.push_back(path->string());
  for (const std::string& place : places)
    if (std::filesystem::exists(place) && content_id(place, entry.spec.key) == entry.identity)
      return place;
  throw Error(
      Exit::data, "the data of the run are not there, or have changed",
      entry.spec.key + " = " + (is_content_id(entry.value) ? entry.value : shown(entry.value)),
      "put them back, or say where they are: --" + entry.spec.key + " FILE");
}

bool in_text(const KeySpec& spec) { return spec.identity() || spec.key == "train.seed"; }

/// The last setting of a key, or the default.
Setting last_of(const std::vector<Setting>& settings, const KeySpec& spec) {
  Setting last{spec.key, spec.fallback, "default"};
  for (const Setting& setting : settings)
    if (setting.key == spec.key) last = setting;
  return last;
}

template <class Named>
const Named& named(const std::vector<Named>& list, const std::string& name) {
  for (const Named& entry : list)
    if (entry.name == name) return entry;
  throw std::logic_error("no entry " + name);  // canonical() has checked the name
}

}  // namespace

Config resolve(const Registry& registry, const std::vector<Setting>& settings) {
  return Resolver(registry)(settings);
}

std::shared_ptr<const Schema> Resolver::schema(const TaskEntry& task) {
  auto& known = schemas_[&task];
  if (!known) known = std::make_shared<const Schema>(registry_, task);
  return known;
}

Config Resolver::operator()(const std::vector<Setting>& given) {
  const std::vector<Setting> settings = without_at(given);
  const auto chosen = [&](const Schema& schema, std::string_view key) {
    const KeySpec& spec = *schema.find(key);
    return canonical(spec, last_of(settings, spec));
  };
  Config config;
  const auto any_task = this->schema(registry_.tasks.front());
  config.task_ = &named(registry_.tasks, chosen(*any_task, "task.name"));
  config.schema_ = this->schema(*config.task_);
  const Schema& schema = *config.schema_;
  const ModelPreset& preset = named(registry_.models, chosen(schema, "model.name"));
  const std::string protocol = chosen(schema, "task.protocol");

  std::map<std::string, Setting> values;
  const auto set = [&](const Setting& setting) {
    values[setting.key] = {setting.key, canonical(schema.at(setting), setting), setting.where};
  };
  for (const auto& [name, value] : preset.settings)
    set({"model." + name, value, "preset " + preset.name});
  if (!protocol.empty()) {
    config.protocol_ = &named(config.task_->protocols, protocol);
    const std::string where = "protocol " + protocol;
    for (const auto& [key, value] : config.protocol_->settings) set({key, value, where});
    for (const auto& [model, own] : config.protocol_->per_model)
      if (model == preset.name)
        for (const auto& [key, value] : own) set({key, value, where + " for " + model});
  }
  for (const Setting& setting : settings) set(setting);

  const auto corpus_given = values.find("task.corpus");
  const KeySpec* const corpus_key = schema.find("task.corpus");
  std::string corpus = corpus_given != values.end() ? corpus_given->second.value
                       : corpus_key                 ? corpus_key->fallback
                                                    : "auto";
  if (corpus == "auto") corpus.clear();
  std::string identity, course;
  config.entries_.reserve(schema.keys().size());
  for (const KeySpec& spec : schema.keys()) {
    const auto found = values.find(spec.key);
    if (found != values.end()) {
      config.entries_.push_back({spec, found->second.value, found->second.where});
    } else {
      config.entries_.push_back({spec, spec.fallback, "default"});
    }
    Config::Entry& entry = config.entries_.back();
    take_cached(entry, *config.task_, corpus);
    entry.identity = entry.value;
    name_file(entry);
    const std::string line = spec.key + " = " + entry.identity + "\n";
    if (spec.identity()) identity += line;
    if ((spec.identity() && spec.key != "train.steps") || spec.key == "train.seed") course += line;
  }
  const std::string numerics = "numerics = " + std::to_string(numerics_revision) + "\n";
  config.hash_ = sha256(identity + numerics);
  config.course_ = sha256(course + numerics);
  return config;
}

const std::string& Config::value(std::string_view key) const {
  for (const Entry& entry : entries_)
    if (entry.spec.key == key) return entry.value;
  throw std::logic_error("no key " + std::string(key));
}

Assign Config::assign(const std::string& section) const {
  return {section, [this](const std::string& key) { return value(key); }};
}

std::string Config::task_name() const {
  return protocol_ ? task_->name + "@" + protocol_->name : task_->name;
}

ModelOptions Config::model() const {
  ModelOptions options = assigned<ModelOptions>(*this, "model");
  options.name = value("model.name");
  return options;
}
TrainOptions Config::train() const { return assigned<TrainOptions>(*this, "train"); }
RunOptions Config::run() const { return assigned<RunOptions>(*this, "run"); }
RecordOptions Config::record() const { return assigned<RecordOptions>(*this, "record"); }

std::uint64_t Config::task_seed() const {
  return static_cast<std::uint64_t>(parse_int(value("task.seed")).value());
}

std::unique_ptr<Task> Config::make_task() const {
  std::map<std::string, std::string> files;
  for (const Entry& entry : entries_)
    if (entry.remembered) files[entry.spec.key] = found_again(entry, *task_);
  Assign fields("task", [&](const std::string& key) {
    const auto file = files.find(key);
    return file == files.end() ? value(key) : file->second;
  });
  return task_->make(fields);
}

DataOptions Config::data() const {
  Assign fields = assign("task");
  return task_->data(fields);
}

std::string Config::ini(bool (*keep)(const KeySpec&), std::string (*kept)(const Entry&)) const {
  std::string text, section;
  for (const Entry& entry : entries_) {
    if (!keep(entry.spec)) continue;
    const std::size_t dot = entry.spec.key.find('.');
    if (entry.spec.key.substr(0, dot) != section) {
      section = entry.spec.key.substr(0, dot);
      text += (text.empty() ? "[" : "\n[") + section + "]\n";
    }
    const std::string own = kept(entry);
    text += entry.spec.key.substr(dot + 1) + (own.empty() ? " =" : " = " + own) + "\n";
  }
  return text;
}

std::string Config::text() const { return ini(in_text, value_to_keep); }
std::string Config::portable_text() const {
  return ini(in_text, [](const Entry& entry) { return entry.identity; });
}
std::string Config::full_text() const {
  return ini([](const KeySpec& spec) { return spec.key != "run.dir"; }, value_to_keep);
}

std::string Config::id() const {
  return task_name() + "-" + value("model.name") + "-" + hash_.substr(0, 8) + "-s" +
         value("train.seed");
}

}  // namespace rnnlab
