#pragma once

#include <cstdint>
#include <filesystem>
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

/// A program that a sweep was frozen by, or went on with.
struct Build {
  std::string version;
  std::string git_commit;
  std::int64_t git_dirty = -1;  // 1, 0, or -1: unknown
  std::int64_t numerics = 0;
  std::string isa;
  std::string compiler;
  std::string program;  // program_digest(): what tells one build from another
  std::string when;     // it froze the sweep, or was first forced on it: ISO 8601 UTC
};

/// This program, now.
Build this_build();

/// The file manifest.json of a sweep: what is to be run, frozen before the first run, so that later
/// edits of the sweep file change nothing that is queued.
///
/// Schema `rnnlab.manifest`, version 2: `build` and `forced` as below, `study`, `claims_sha256`,
/// `bases` (configurations as INI), `runs`: [{`index`, `id`, `overrides`, `base`, `changes`}],
/// where a run's configuration is its base with some keys changed, and at the end `sha256`, of all
/// bytes before the comma that precedes it.
struct Manifest {
  std::string study = {};   // the study's name; empty for a plain sweep
  std::string claims = {};  // SHA-256 of the study's claims; empty for a plain sweep
  Build build = {};
  std::vector<Build> forced = {};  // other builds that went on with it under --force
  std::vector<ManifestRun> runs = {};
};

/// Frozen by this program, now.
Manifest make_manifest(const std::vector<GridPoint>&);

/// Throws Error(write).
void write_manifest(const std::filesystem::path& sweep_folder, const Manifest&);

/// Throws Error: usage if there is none, it is not one or two of its runs have one id; data if its
/// content is not what its digest says.
Manifest read_manifest(const std::filesystem::path& sweep_folder);

/// The configuration of a run of a manifest. Throws Error(usage) if this program gives it another
/// id than the one that froze it.
Config frozen_config(const Registry&, const ManifestRun&);

std::filesystem::path run_folder(const std::filesystem::path& sweep_folder, const ManifestRun&);

}  // namespace rnnlab
