#include "study/manifest.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "study/config_file.hpp"
#include "study/text_file.hpp"
#include "train/numerics.hpp"

namespace rnnlab {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* schema = "rnnlab.manifest";
constexpr int version = 1;

}  // namespace

Manifest make_manifest(const std::vector<GridPoint>& points) {
  Manifest manifest;
  for (const GridPoint& point : points)
    manifest.runs.push_back({point.config.id(), point.overrides, point.config.full_text()});
  return manifest;
}

void write_manifest(const std::filesystem::path& sweep_folder, const Manifest& manifest) {
  Json runs = Json::array();
  for (std::size_t index = 0; index < manifest.runs.size(); ++index) {
    const ManifestRun& run = manifest.runs[index];
    Json overrides = Json::object();
    for (const auto& [key, value] : run.overrides) overrides[key] = value;
    runs.push_back(
        {{"index", index}, {"id", run.id}, {"overrides", overrides}, {"config", run.config}});
  }
  const Json json{{"schema", schema},
                  {"version", version},
                  {"numerics", numerics_revision},
                  {"study", manifest.study},
                  {"claims_sha256", manifest.claims},
                  {"runs", runs}};
  replace_text(sweep_folder / "manifest.json",
               json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

Manifest read_manifest(const std::filesystem::path& sweep_folder) {
  const std::filesystem::path file = sweep_folder / "manifest.json";
  const auto refuse = [&](const std::string& why) {
    throw Error(Exit::usage, "not a manifest: " + why, shown(file.string()),
                "make one with rnnlab sweep");
  };
  const Json json = Json::parse(read_text(file), nullptr, false);
  Manifest manifest;
  try {
    if (json.at("schema").get<std::string>() != schema) refuse("it has another schema");
    if (json.at("version").get<int>() != version) refuse("it is of another version");
    manifest.study = json.at("study").get<std::string>();
    manifest.claims = json.at("claims_sha256").get<std::string>();
    for (const Json& entry : json.at("runs")) {
      ManifestRun run{entry.at("id").get<std::string>(), {}, entry.at("config").get<std::string>()};
      for (const auto& [key, value] : entry.at("overrides").items())
        run.overrides.emplace_back(key, value.get<std::string>());
      // An id is a folder's name: nothing in it may lead out of the sweep.
      if (run.id.empty() || run.id.find('/') != std::string::npos || run.id[0] == '.')
        refuse("the id " + shown(run.id) + " is none");
      manifest.runs.push_back(std::move(run));
    }
  } catch (const Json::exception&) {
    refuse("it is damaged");
  }
  return manifest;
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
