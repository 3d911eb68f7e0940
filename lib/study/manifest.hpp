#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "study/grid.hpp"

namespace rnnlab {

/// One run of a frozen sweep.
struct ManifestRun {
  std::string id;
  Settings overrides;
  std::string config;  // Config::full_text()
};

/// The file manifest.json of a sweep: what is to be run, frozen before the first run, so that later
/// edits of the sweep file change nothing that is queued.
struct Manifest {
  std::string study;   // the study's name; empty for a plain sweep
  std::string claims;  // SHA-256 of the study's claims; empty for a plain sweep
  std::vector<ManifestRun> runs;
};

Manifest make_manifest(const std::vector<GridPoint>&);

/// Throws Error(write).
void write_manifest(const std::filesystem::path& sweep_folder, const Manifest&);

/// Throws Error(usage) if there is none, or if it is not one.
Manifest read_manifest(const std::filesystem::path& sweep_folder);

/// The configuration of a run of a manifest. Throws Error(usage) if this program gives it another
/// id than the one that froze it.
Config frozen_config(const Registry&, const ManifestRun&);

std::filesystem::path run_folder(const std::filesystem::path& sweep_folder, const ManifestRun&);

}  // namespace rnnlab
