#include "faults/damage.hpp"
#include "faults/sweep_trial.hpp"
#include "study/manifest.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

namespace fs = std::filesystem;

bool same(const Manifest& a, const Manifest& b) {
  const auto same_run = [](const ManifestRun& x, const ManifestRun& y) {
    return x.id == y.id && x.overrides == y.overrides && x.config == y.config;
  };
  return a.study == b.study && a.claims == b.claims && a.build.program == b.build.program &&
         a.build.when == b.build.when && a.forced.size() == b.forced.size() &&
         std::equal(a.runs.begin(), a.runs.end(), b.runs.begin(), b.runs.end(), same_run);
}

/// True for the manifest that was written, or a clear error.
bool is_right_or_told(const fs::path& folder, const Manifest& expected) {
  try {
    return same(read_manifest(folder), expected);
  } catch (const Error&) {
    return true;
  }
}

}  // namespace

TEST_CASE("a damaged manifest: a clear error or the right answer, and nothing is run by it") {
  Chance chance;
  INFO("RNNLAB_FAULTS_SEED=" << chance.seed());
  const SweepTrial trial(
      "--task.length 8 --task.valid_examples 8 --task.test_examples 8 --train.steps 10"
      " --model.hidden 4,5 --train.lr 0.1,0.01 --train.seed 0..1");
  const fs::path folder = trial.here.path("whole"), file = folder / "manifest.json";
  const Manifest expected = read_manifest(folder);
  const std::string whole = text_of(file);
  const std::string status = "status whole --format json";
  const std::string right = trial.here.call(status).out;

  Tally tally("a bit of a sweep's manifest.json flipped, or its end cut off", "status, resume");
  for (int i = injections(200, 2500); i > 0; --i) {
    const std::size_t bit = chance.below(8 * whole.size());
    const bool cut = chance.below(10) == 0;
    INFO((cut ? "cut to " : "bit ") << (cut ? bit / 8 : bit));
    cut ? fs::resize_file(file, bit / 8) : flip(file, bit);
    ++tally.injected;
    const bool good = is_right_or_told(folder, expected);
    tally.wrong_answers += !good;
    CHECK(good);
    if (i % (full() ? 25 : 100) == 0) {
      const Ended told = trial.here.call(status), resumed = trial.here.call("resume whole --quiet");
      INFO(told.code << told.err << resumed.code << resumed.err);
      const bool is_told = told.code == 0 ? told.out == right : told.one_line_error();
      const bool is_resumed = resumed.code == 0 || resumed.one_line_error();
      tally.wrong_answers += !is_told + !is_resumed;
      CHECK(is_told);
      CHECK(is_resumed);
    }
    write_file(file, whole);
  }
  trial.finish("whole", tally);
  tally.check();
}
