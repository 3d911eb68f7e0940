#include "study/manifest.hpp"

#include <nlohmann/json.hpp>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "record/provenance.hpp"
#include "study/config_file.hpp"
#include "study/config_text.hpp"
#include "study/text_file.hpp"
#include "train/numerics.hpp"

namespace rnnlab {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* schema = "rnnlab.manifest";
constexpr int version = 2;

template <class T>
T attribute(const Attributes& attributes, const std::string& name) {
  for (const auto& [key, value] : attributes)
    if (key == name && std::holds_alternative<T>(value)) return std::get<T>(value);
  return {};
}

Json to_json(const Build& build) {
  return {{"rnnlab_version", build.version},
          {"git_commit", build.git_commit},
          {"git_dirty", build.git_dirty},
          {"numerics", build.numerics},
          {"isa", build.isa},
          {"compiler", build.compiler},
          {"program_sha256", build.program},
          {"when", build.when}};
}

Build build_of(const Json& json) {
  const auto text = [&](const char* key) { return json.at(key).get<std::string>(); };
  return {.version = text("rnnlab_version"),
          .git_commit = text("git_commit"),
          .git_dirty = json.at("git_dirty").get<std::int64_t>(),
          .numerics = json.at("numerics").get<std::int64_t>(),
          .isa = text("isa"),
          .compiler = text("compiler"),
          .program = text("program_sha256"),
          .when = text("when")};
}

/// The end of a manifest whose bytes so far are `body`.
std::string seal(std::string_view body) { return ",\n \"sha256\": \"" + sha256(body) + "\"\n}\n"; }

bool seal_is_right(std::string_view text) {
  const std::size_t size = seal("").size();
  if (text.size() < size) return false;
  const std::string_view body = text.substr(0, text.size() - size);
  return text.substr(body.size()) == seal(body);
}

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& why) {
  throw Error(Exit::usage, "not a manifest: " + why, shown(file.string()),
              "make one with rnnlab sweep");
}

[[noreturn]] void damaged(const std::filesystem::path& file) {
  throw Error(
      Exit::data, "the manifest is damaged: its content is not what its digest says",
      shown(file.string()),
      "put a copy in its place, or remove it and give the same rnnlab sweep or study again: "
      "finished runs are kept");
}

Manifest manifest_of(const Json& json, const std::filesystem::path& file) {
  Manifest manifest;
  manifest.study = json.at("study").get<std::string>();
  manifest.claims = json.at("claims_sha256").get<std::string>();
  manifest.build = build_of(json.at("build"));
  for (const Json& entry : json.at("forced")) manifest.forced.push_back(build_of(entry));
  std::vector<ConfigText> bases;
  for (const Json& text : json.at("bases")) bases.emplace_back(text.get<std::string>());
  std::set<std::string> ids;
  for (const Json& entry : json.at("runs")) {
    ManifestRun run{entry.at("id").get<std::string>(), {}, {}};
    // An id is a folder's name: nothing in it may lead out of the sweep.
    if (run.id.empty() || run.id.find('/') != std::string::npos || run.id[0] == '.')
      refuse(file, "the id " + shown(run.id) + " is none");
    if (!ids.insert(run.id).second) refuse(file, "two runs have the id " + shown(run.id));
    for (const auto& [key, value] : entry.at("overrides").items())
      run.overrides.emplace_back(key, value.get<std::string>());
    Settings changes;
    for (const auto& [key, value] : entry.at("changes").items())
      changes.emplace_back(key, value.get<std::string>());
    const auto base = entry.at("base").get<std::size_t>();
    const auto text = base < bases.size() ? bases[base].with(changes) : std::nullopt;
    if (!text) refuse(file, "the run " + shown(run.id) + " does not fit its base");
    run.config = *text;
    manifest.runs.push_back(std::move(run));
  }
  return manifest;
}

}  // namespace

Build this_build() {
  const Attributes known = provenance();
  const auto text = [&](const char* name) { return attribute<std::string>(known, name); };
  static const std::string program = program_digest();
  return {.version = text("rnnlab_version"),
          .git_commit = text("git_commit"),
          .git_dirty = attribute<std::int64_t>(known, "git_dirty"),
          .numerics = numerics_revision,
          .isa = text("isa"),
          .compiler = text("compiler"),
          .program = program,
          .when = text("created")};
}

Manifest make_manifest(const std::vector<GridPoint>& points) {
  Manifest manifest{.build = this_build()};
  for (const GridPoint& point : points)
    manifest.runs.push_back({point.config.id(), point.overrides, point.config.full_text()});
  return manifest;
}

void write_manifest(const std::filesystem::path& sweep_folder, const Manifest& manifest) {
  std::vector<ConfigText> bases;
  Json runs = Json::array(), texts = Json::array(), forced = Json::array();
  for (std::size_t index = 0; index < manifest.runs.size(); ++index) {
    const ManifestRun& run = manifest.runs[index];
    Json overrides = Json::object(), changes = Json::object();
    for (const auto& [key, value] : run.overrides) overrides[key] = value;
    const ConfigText text(run.config);
    std::size_t base = 0;
    while (base < bases.size() && !bases[base].has_keys_of(text)) ++base;
    if (base == bases.size()) {
      bases.push_back(text);
      texts.push_back(run.config);
    }
    for (const auto& [key, value] : bases[base].changes_to(text)) changes[key] = value;
    runs.push_back({{"index", index},
                    {"id", run.id},
                    {"overrides", std::move(overrides)},
                    {"base", base},
                    {"changes", std::move(changes)}});
  }
  for (const Build& build : manifest.forced) forced.push_back(to_json(build));
  const Json json{{"schema", schema}, {"version", version},      {"build", to_json(manifest.build)},
                  {"forced", forced}, {"study", manifest.study}, {"claims_sha256", manifest.claims},
                  {"bases", texts},   {"runs", std::move(runs)}};
  std::string body = json.dump(1, ' ', false, Json::error_handler_t::replace);
  body.resize(body.size() - 2);  // "\n}"
  replace_text(sweep_folder / "manifest.json", body + seal(body));
}

Manifest read_manifest(const std::filesystem::path& sweep_folder) {
  const std::filesystem::path file = sweep_folder / "manifest.json";
  const std::string text = read_text(file);
  const bool sealed = seal_is_right(text);
  if (!sealed && text.find(schema) != text.npos && text.find("\"sha256\"") != text.npos)
    damaged(file);
  const Json json = Json::parse(text, nullptr, false);
  try {
    if (json.at("schema").get<std::string>() != schema) refuse(file, "it has another schema");
    if (json.at("version").get<int>() != version) refuse(file, "it is of another version");
    if (!sealed) damaged(file);
    return manifest_of(json, file);
  } catch (const Json::exception&) {
    refuse(file, "it is damaged");
  }
}

Config frozen_config(const Registry& registry, const ManifestRun& run) {
  const Config config = resolve(registry, parse_settings(run.config, "manifest.json, " + run.id));
  if (config.id() != run.id)
    throw Error(Exit::usage, "this program calls the run " + config.id(),
                "manifest.json, " + run.id,
                "use the program that made the sweep, or start the sweep again in another folder");
  return config;
}

std::filesystem::path run_folder(const std::filesystem::path& sweep_folder,
                                 const ManifestRun& run) {
  return sweep_folder / "runs" / run.id;
}

}  // namespace rnnlab
