#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "study/judge.hpp"
#include "study/origin.hpp"
#include "study/tuned.hpp"

namespace rnnlab {

/// What a study has come to.
struct StudyVerdict {
  std::string study;
  std::string title;
  std::string question;
  std::string source;
  bool claims_changed = false;  // since they were hashed into the manifest
  std::vector<ClaimResult> claims;
  std::optional<Tuned> tuned = {};
  RunsOrigin origin = {};  // of the runs that have ended

  bool differs() const;
};

/// The table for people: claim, published, ours (CI, n), expected, verdict; notes and deviations
/// beneath, each after the claims that it is of (`all claims`).
std::string verdict_table(const StudyVerdict&);

/// Writes verdict.md, and verdict.json:
///
///     study, title, question, source, claims_changed
///     date            the last run was begun, ISO 8601 UTC; null where a run has not ended
///     git_commit, machine, cores   of the runs' program and of where they ran, several with commas
///     git_dirty       true, false, null if not known
///     runs, wall_seconds           that have ended, and their seconds added up
///     claims          [{name, verdict, ours, ci, ci_kind, n, metric, expect, published, source,
///                     protocol, deviates, seeds, paired, missing, never, pending, note}] and,
///                     where they apply, count, theory, points, and unsolved with plateaus [{name,
///                     loss, runs, steps, visited}] (PlateauSummary)
///     notes           what stands beneath the table
///     tuning          tuned_json(), of a study that tunes
///
/// Throws Error(write).
void write_verdict(const std::filesystem::path& study_folder, const StudyVerdict&);

}  // namespace rnnlab
