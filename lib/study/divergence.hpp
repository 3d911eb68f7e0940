#pragma once

#include <filesystem>
#include <string>

#include "study/config.hpp"
#include "train/trainer.hpp"

namespace rnnlab {

/// In a run's folder: the step at which the run diverged, the state before it and its batch, in the
/// form of a checkpoint (record/run_file.md).
inline constexpr const char* divergence_name = "nonfinite.h5";

/// Writes FOLDER/nonfinite.h5. Throws Error(write).
void keep_divergence(const std::filesystem::path& folder, const Config&, const Divergence&);

/// What taking the step again has shown.
struct Replay {
  std::string recorded;  // where the first value arose that is not finite, when the run diverged
  std::string found;     // where it arises now; empty if every value is finite
  std::string text;      // for people: both, the loss, what the tensor came to before that place
};

/// Takes the step of FOLDER/nonfinite.h5 again. Throws Error: usage if the run has no such file or
/// the file is another run's; data if it is damaged, or if the task's data are gone.
Replay replay_divergence(const Registry&, const std::filesystem::path& folder);

}  // namespace rnnlab
