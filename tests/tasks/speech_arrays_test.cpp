#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "drawn.hpp"
#include "python.hpp"
#include "record/scratch.hpp"
#include "taught.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

/// What write_speech_arrays.py writes, in a folder of its own.
class Arrays {
 public:
  Arrays() {
    const Python result = python("tasks/write_speech_arrays.py", scratch_.path(""));
    there_ = result.code == 0;
    INFO(result.output);
    if (result.code == 77) WARN("skipped: " + result.output);
    if (result.code != 77) REQUIRE(there_);
  }
  explicit operator bool() const { return there_; }
  Config config(const std::string& task, const std::string& name, Settings settings = {}) const {
    settings.emplace_back("task.path", scratch_.path(name));
    return configured(task, settings);
  }
  std::unique_ptr<Task> speech(const std::string& name, const std::string& target) const {
    return config("speech", name, {{"task.target", target}}).make_task();
  }
  std::string complaint(const std::string& task, const std::string& name,
                        const Settings& settings = {}) const {
    try {
      config(task, name, settings).make_task();
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

 private:
  Scratch scratch_;
  bool there_ = false;
};

/// The label of example n of the file, at place r.
int label_of(const std::string& target, int n, int r) {
  return target == "word" ? n % 4 : target == "frames" ? (n + r) % 3 : 1 + (n + r) % 2;
}

}  // namespace

TEST_CASE("speech: frames of a file, with every kind of target", "[tasks][speech]") {
  const Arrays arrays;
  if (!arrays) return;
  for (const std::string target : {"frames", "word", "characters"}) {
    for (const char* kind : {".npz", ".h5"}) {
      CAPTURE(target, kind);
      const auto task = arrays.speech(target + kind, target);
      const Facts facts = task->facts();
      CHECK(facts.inputs == 2);
      CHECK(facts.length == 6);
      CHECK(facts.outputs == (target == "word" ? 4 : 3));
      CHECK(facts.target_length == (target == "characters" ? 5 : 0));
      CHECK(task->examples(Stream::train) == 16);
      CHECK(task->examples(Stream::test) == 2);
      double mean = 0, squares = 0, frames = 0;
      for (int n = 0; n < 16; ++n) {
        for (int t = 0; t < 2 + n % 5; ++t, ++frames) {
          mean += 100 * n + t;
          squares += std::pow(100 * n + t, 2);
        }
      }
      mean /= frames;
      const double deviation = std::sqrt(squares / frames - mean * mean);
      const Batch batch = drawn(*task, Stream::test, 0, 2);
      for (int b = 0; b < 2; ++b) {
        const int n = 18 + b, T = 2 + n % 5, U = 1 + n % 4;
        CHECK(batch.length[static_cast<std::size_t>(b)] == T);
        const auto x = inputs_of(batch, 2, static_cast<std::size_t>(b));
        for (int t = 0; t < 6; ++t) {
          const auto at = 2 * static_cast<std::size_t>(t);
          CHECK(x[at] == Approx(t < T ? (100 * n + t - mean) / deviation : 0).margin(1e-5));
          CHECK(x[at + 1] == 0);  // never changes
        }
        const auto labels = labels_of(batch, static_cast<std::size_t>(b));
        const int scored = target == "frames" ? T : target == "word" ? 1 : U;
        for (int r = 0; r < static_cast<int>(labels.size()); ++r) {
          const auto i = static_cast<std::size_t>(r);
          const bool end = target == "characters" && r == scored;
          CHECK(labels[i] == (r < scored ? label_of(target, n, r) : 0));
          CHECK(batch.weight[i * 2 + static_cast<std::size_t>(b)] == (r < scored || end ? 1 : 0));
        }
        if (target == "characters") CHECK(batch.target_steps[static_cast<std::size_t>(b)] == U + 1);
      }
    }
  }
  CHECK_THAT(arrays.complaint("speech", "word.npz"), Contains("not those of task.target"));
  // Of example 10, the first with fewer steps than labels.
  CHECK_THAT(arrays.complaint("speech", "characters.npz", {{"task.target", "ctc"}}),
             Contains("example 10 has 2 frames for a transcript that takes 3"));
  const Settings word{{"task.target", "word"}};
  CHECK_THAT(arrays.complaint("speech", "bad-word-weights.npz", word), Contains("'weights'"));
  CHECK_THAT(arrays.complaint("speech", "bad-values.npz", word),
             Contains("no frames with classes"));
}

TEST_CASE("file: sequences of targets", "[tasks][file]") {
  const Arrays arrays;
  if (!arrays) return;
  const Config config = arrays.config("file", "characters.npz",
                                      {{"model.name", "seq2seq"},
                                       {"model.hidden", "4"},
                                       {"train.batch", "4"},
                                       {"train.steps", "3"},
                                       {"train.eval_every", "0"}});
  const auto task = config.make_task();
  CHECK(task->facts().readout == Readout::sequence);
  CHECK(task->facts().target_length == 5);
  CHECK(task->facts().outputs == 3);
  const Batch batch = drawn(*task, Stream::valid, 0, 2);  // 16 and 17: one label, and two
  CHECK(batch.target_steps == std::vector<int>{2, 3});
  CHECK(labels_of(batch, 0) == std::vector<int>{1, 0, 0, 0, 0});
  CHECK(labels_of(batch, 1) == std::vector<int>{2, 1, 0, 0, 0});
  CHECK(batch.weight == std::vector<float>{1, 1, 1, 1, 0, 1, 0, 0, 0, 0});
  CHECK(task->test_metrics().at(0).name == "label_error_rate");
  // Of 16 transcripts with 1, 2, 3, 4 labels in turn, 1 and 2 in turn: 24, 16, and 16 ends.
  const double ones = 24 / 56.0, twos = 16 / 56.0;
  CHECK(task->facts().chance_loss == Approx(-ones * std::log(ones) - 2 * twos * std::log(twos)));
  MemorySink sink;
  CHECK(taught(config, *task, sink).ended == Ended::completed);

  for (const auto& [name, word] :
       Settings{{"end", "give 1 .. "},
                {"float", "of floating point beside target_lengths"},
                {"axes", "beside target_lengths"},
                {"lengths", "'target_lengths' is out of range at [7]: 9"},
                {"empty", "'target_lengths' is out of range at [7]: 0"},
                {"count", "'target_lengths' has shape (3,)"},
                {"weights", "'weights' is there beside"}}) {
    CAPTURE(name);
    CHECK_THAT(arrays.complaint("file", "bad-" + name + ".npz"), Contains(word));
  }
}
