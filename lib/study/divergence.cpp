#include "study/divergence.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "record/checkpoint.hpp"
#include "record/provenance.hpp"
#include "study/config_file.hpp"
#include "train/retake.hpp"

namespace rnnlab {
namespace {

namespace fs = std::filesystem;

std::string place_text(const std::optional<NonFinite>& place) {
  return place ? described(*place) : "";
}

void put_batch(const Batch& batch, State& state) {
  const auto numbers = [&](const char* name, const std::vector<float>& values) {
    state.put<float>(std::string("batch/") + name, values);
  };
  const auto whole = [&](const char* name, const auto& values) {
    state.put<std::int64_t>(std::string("batch/") + name,
                            std::vector<std::int64_t>(values.begin(), values.end()));
  };
  numbers("input", batch.x);
  numbers("target", batch.y);
  numbers("weight", batch.weight);
  whole("symbol", batch.symbol);
  whole("label", batch.label);
  whole("length", batch.length);
  whole("target_steps", batch.target_steps);
  numbers("second_input", batch.second.x);
  whole("second_symbol", batch.second.symbol);
  whole("second_length", batch.second.length);
  whole("shape", std::array{batch.T, batch.B, batch.second.T});
}

}  // namespace

void keep_divergence(const fs::path& folder, const Config& config, const Divergence& divergence) {
  Checkpoint kept{.about = {{"step", divergence.step},
                            {"course", config.course()},
                            {"program", program_digest()},
                            {"place", place_text(divergence.first)}},
                  .rows = {},
                  .rows_if_longer = {},
                  .state = divergence.state};
  put_batch(divergence.batch, kept.state);
  write_checkpoint_file(folder / divergence_name, kept);
}

Replay replay_divergence(const Registry& registry, const fs::path& folder) {
  if (!fs::exists(folder / divergence_name) || !fs::exists(folder / "config.ini"))
    throw Error(Exit::usage, std::string("no config.ini with a ") + divergence_name,
                shown(folder.string()), "give the folder of a run that has diverged");
  const Config config = resolve(registry, read_settings(folder / "config.ini"));
  const Checkpoint kept = read_checkpoint_file(folder / divergence_name);
  if (kept.text("course") != config.course())
    throw Error(Exit::usage, std::string(divergence_name) + " is of another run",
                shown(folder.string()), "give the folder as the run left it");
  const std::int64_t step = kept.integer("step");
  const Retaken now = retake_step(*config.make_task(), config.data(), config.task_seed(),
                                  config.model(), config.train(), step, kept.state);
  Replay replay{kept.text("place"), place_text(now.first), {}};
  replay.text = "step " + std::to_string(step) + ": loss " + format_short(now.loss) +
                ", norm of the gradient " + format_short(now.grad_norm) + "\nrecorded  " +
                replay.recorded + "\nnow       " +
                (now.first ? replay.found : "every value is finite") + "\n";
  if (now.first && !now.first->before.empty()) {
    const bool backwards = now.first->tensor.starts_with("dL/d");
    replay.text += backwards ? "its norm at the steps after, last first:"
                             : "its largest magnitude at the steps before:";
    for (const double value : now.first->before) replay.text += " " + format_short(value);
    replay.text += "\n";
  }
  return replay;
}

}  // namespace rnnlab
