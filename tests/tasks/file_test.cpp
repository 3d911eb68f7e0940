#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <set>

#include "allocations.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "drawn.hpp"
#include "files.hpp"
#include "python.hpp"
#include "record/scratch.hpp"
#include "taught.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

/// Files that NumPy and h5py have written: all that write_arrays.py makes, in a folder of its own.
class Files {
 public:
  static const Files& written() {
    static const Files files;
    return files;
  }

  Files() {
    const Python result = python("tasks/write_arrays.py", scratch_.path(""));
    there_ = result.code == 0;
    if (result.code == 77) WARN("skipped: " + result.output);
    if (result.code != 77) {
      INFO(result.output);
      REQUIRE(there_);
    }
  }
  explicit operator bool() const { return there_; }
  std::string path(const std::string& name) const { return scratch_.path(name); }

  std::unique_ptr<Task> task(const std::string& name, Settings settings = {}) const {
    settings.emplace_back("task.path", path(name));
    return configured("file", settings).make_task();
  }
  /// The error of making it, and its code.
  std::pair<int, std::string> error(const std::string& name, Settings settings = {}) const {
    try {
      task(name, settings);
    } catch (const Error& error) {
      return {static_cast<int>(error.code()), error.what()};
    }
    return {0, ""};
  }

 private:
  Scratch scratch_;
  bool there_ = false;
};

/// What example n of write_arrays.py is made of: inputs[n, t, i] = 100 n + 10 t + i.
struct Numbered {
  std::int64_t n;
  int length;
};
Numbered numbered(const Batch& batch, const Facts& facts, std::size_t b) {
  const auto x = inputs_of(batch, facts.inputs, b);
  const auto n = static_cast<std::int64_t>(x[0]) / 100;
  std::size_t wrong = 0;
  for (int t = 0; t < batch.T; ++t) {
    for (int i = 0; i < facts.inputs; ++i) {
      const float expected = t < batch.length[b] ? static_cast<float>(100 * n + 10 * t + i) : 0.0f;
      wrong += x[static_cast<std::size_t>(t * facts.inputs + i)] != expected;
    }
  }
  CHECK(wrong == 0);
  return {n, batch.length[b]};
}

/// The numbers of all examples of a split, in its order.
std::vector<std::int64_t> members(const Task& task, Stream split) {
  const Facts facts = task.facts();
  const Batch batch = drawn(task, split, 0, static_cast<std::size_t>(task.examples(split)));
  std::vector<std::int64_t> all;
  for (std::size_t b = 0; b < static_cast<std::size_t>(batch.B); ++b) {
    all.push_back(numbered(batch, facts, b).n);
  }
  return all;
}

}  // namespace

TEST_CASE("file: values at the last step, whatever the file and the type", "[tasks][file]") {
  const Files& files = Files::written();
  if (!files) return;
  // The same arrays: C and Fortran order, both byte orders, all types, packed, HDF5.
  for (const char* name :
       {"f4.npz", "f8.npz", "f2.npz", "big.npz", "fortran.npz", "packed.npz", "i2.npz", "i4.npz",
        "i8.npz", "u2.npz", "u4.npz", "u8.npz", "version2.npz", "version3.npz", "f4.h5", "f8.h5",
        "i2.h5", "big.hdf5", "packed.h5"}) {
    CAPTURE(name);
    const auto task = files.task(name);
    const Facts facts = task->facts();
    CHECK(facts.inputs == 2);
    CHECK_FALSE(facts.symbols);
    CHECK(facts.outputs == 1);
    CHECK(facts.length == 3);
    CHECK(facts.loss == LossKind::mse);
    CHECK(facts.readout == Readout::last);
    CHECK(task->examples(Stream::train) == 8);
    CHECK(task->examples(Stream::valid) == 1);
    CHECK(task->examples(Stream::test) == 1);
    const Batch batch = drawn(*task, Stream::train, 0, 8);
    for (std::size_t b = 0; b < 8; ++b) {
      const Numbered from = numbered(batch, facts, b);
      CHECK(from.length == 3);
      CHECK(batch.y[b] == static_cast<float>(from.n) / 2);
      CHECK(batch.weight[b] == 1);
    }
    CHECK(task->data_sha256() == sha256(text_of(files.path(name))));
  }
}

TEST_CASE("file: symbols and classes at every step, lengths and weights", "[tasks][file]") {
  const Files& files = Files::written();
  if (!files) return;
  for (const char* name : {"symbols.npz", "symbols.h5"}) {
    CAPTURE(name);
    // symbol[n, t] = (n + t) % 5, target = symbol % 3, length 1 + n % 4, weight t + 1.
    const auto task = files.task(name);
    const Facts facts = task->facts();
    CHECK(facts.symbols);
    CHECK(facts.inputs == 5);
    CHECK(facts.outputs == 3);
    CHECK(facts.length == 4);  // of the six that there is room for
    CHECK(facts.loss == LossKind::cross_entropy);
    CHECK(facts.readout == Readout::every);
    const Batch batch = drawn(*task, Stream::train, 0, 16);
    for (std::size_t b = 0; b < 16; ++b) {
      const int length = batch.length[b];
      const int n = batch.symbol[b];  // modulo 5
      for (int t = 0; t < 4; ++t) {
        const auto at = static_cast<std::size_t>(t) * 16 + b;
        const bool within = t < length;
        CHECK(batch.symbol[at] == (within ? (n + t) % 5 : 0));
        CHECK(batch.label[at] == (within ? (n + t) % 5 % 3 : 0));
        CHECK(batch.weight[at] == (within ? static_cast<float>(t + 1) : 0.0f));
      }
    }
  }
}

TEST_CASE("file: targets of every shape", "[tasks][file]") {
  const Files& files = Files::written();
  if (!files) return;
  const auto classes = files.task("classes.npz")->facts();
  CHECK(classes.readout == Readout::last);
  CHECK(classes.outputs == 4);
  const auto every = files.task("values-every.npz");
  CHECK(every->facts().readout == Readout::every);
  CHECK(every->facts().outputs == 2);
  const Batch batch = drawn(*every, Stream::train, 0, 4);
  for (std::size_t b = 0; b < 4; ++b) {
    const auto n = static_cast<float>(numbered(batch, every->facts(), b).n);
    for (std::size_t t = 0; t < 3; ++t) {
      CHECK(batch.y[(t * 4 + b) * 2] == n + static_cast<float>(t));
      CHECK(batch.y[(t * 4 + b) * 2 + 1] == -n);
    }
  }
  const auto flat = files.task("values-flat.npz");  // [N] of floating point: one value each
  CHECK(flat->facts().outputs == 1);
  const auto truths = files.task("truths.npz");
  CHECK(truths->facts().symbols);
  CHECK(truths->facts().inputs == 2);
  CHECK(truths->facts().outputs == 2);
  CHECK(files.task("truths.h5")->facts().inputs == 2);
}

TEST_CASE("file: parts are drawn from the seed, named, or stored", "[tasks][file]") {
  const Files& files = Files::written();
  if (!files) return;
  const auto split = [&](const char* name, Settings settings = {}) {
    const auto task = files.task(name, std::move(settings));
    std::vector<std::vector<std::int64_t>> parts;
    for (const Stream s : {Stream::train, Stream::valid, Stream::test}) {
      parts.push_back(members(*task, s));
    }
    return parts;
  };
  const auto all_of = [](const std::vector<std::vector<std::int64_t>>& parts) {
    std::multiset<std::int64_t> all;
    for (const auto& part : parts) all.insert(part.begin(), part.end());
    return all;
  };
  std::multiset<std::int64_t> hundred;
  for (std::int64_t n = 0; n < 100; ++n) hundred.insert(n);

  const auto drawn_parts = split("hundred.npz", {{"task.test_share", "0.2"}});
  CHECK(drawn_parts[0].size() == 70);
  CHECK(drawn_parts[1].size() == 10);
  CHECK(drawn_parts[2].size() == 20);
  CHECK(all_of(drawn_parts) == hundred);
  CHECK(split("hundred.npz", {{"task.test_share", "0.2"}}) == drawn_parts);
  CHECK(split("hundred.npz", {{"task.test_share", "0.2"}, {"task.seed", "1"}}) != drawn_parts);
  const auto without = split("hundred.npz", {{"task.test_share", "0"}});
  CHECK(without[1] == without[2]);
  CHECK(without[0].size() == 90);

  const auto named = split("split.npz");  // n % 3
  for (std::size_t part = 0; part < 3; ++part) {
    for (const std::int64_t n : named[part]) CHECK(n % 3 == static_cast<std::int64_t>(part));
  }
  CHECK(all_of(named) == std::multiset<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});

  const auto stored = split("stored.npz");
  CHECK(stored[0] == std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  CHECK(stored[1] == std::vector<std::int64_t>{10, 11});
  CHECK(stored[2] == std::vector<std::int64_t>{12, 13, 14});
  const auto half_stored = split("stored-test.h5");
  CHECK(half_stored[0].size() == 9);
  CHECK(half_stored[1].size() == 1);
  CHECK(half_stored[2] == std::vector<std::int64_t>{12, 13, 14});
}

TEST_CASE("file: an example is a function of its index, and drawing allocates nothing",
          "[tasks][file][allocations]") {
  const Files& files = Files::written();
  if (!files) return;
  for (const char* name : {"hundred.npz", "symbols.h5", "values-every.npz"}) {
    const auto task = files.task(name);
    Batch batch;
    batch.reset(task->facts(), 16);
    std::vector<std::uint64_t> ids{3, 1, 4, 1, 5, 9, 2, 6, 1ull << 33, ~0ull};
    const std::size_t before = rnnlab_test_allocations();
    for (const Stream split : {Stream::train, Stream::test, Stream::valid}) {
      task->draw({5, split}, ids, batch);
    }
    CHECK(rnnlab_test_allocations() == before);
    task->draw({5, Stream::train}, ids, batch);
    Batch alone;
    for (std::size_t b = 0; b < ids.size(); ++b) {
      task->draw({77, Stream::train}, std::span(ids).subspan(b, 1), alone);
      CHECK(alone.length[0] == batch.length[b]);
      for (std::size_t t = 0; t < alone.symbol.size(); ++t) {
        CHECK(alone.symbol[t] == batch.symbol[t * ids.size() + b]);
      }
      const int width = task->facts().inputs;
      if (!alone.x.empty()) CHECK(inputs_of(alone, width, 0) == inputs_of(batch, width, b));
      CHECK(labels_of(alone, 0) == labels_of(batch, b));
    }
  }
}

TEST_CASE("file: chance and the constant predictor are those of the data", "[tasks][file]") {
  const Files& files = Files::written();
  if (!files) return;
  const auto values = files.task("split.npz");  // training 0 3 6 9, test 2 5 8, targets n / 2
  const double mean = (0 + 3 + 6 + 9) / 8.0;
  double own = 0, test = 0;
  for (const double n : {0, 3, 6, 9}) own += (n / 2 - mean) * (n / 2 - mean) / 4;
  for (const double n : {2, 5, 8}) test += (n / 2 - mean) * (n / 2 - mean) / 3;
  CHECK(values->facts().chance_loss == Approx(own));
  REQUIRE(values->baselines().size() == 1);
  CHECK(values->baselines()[0].value == Approx(test));

  // Played on what is drawn, weights and ends included: shares of the training part.
  const auto classes = files.task("symbols.npz", {{"task.test_share", "0"}});
  std::map<int, double> share;
  double all = 0;
  const auto count = static_cast<std::size_t>(classes->examples(Stream::train));
  const Batch batch = drawn(*classes, Stream::train, 0, count);
  for (std::size_t i = 0; i < batch.label.size(); ++i) {
    share[batch.label[i]] += static_cast<double>(batch.weight[i]);
    all += static_cast<double>(batch.weight[i]);
  }
  double entropy = 0, best = -1;
  int majority = 0;
  for (const auto& [label, weight] : share) {
    entropy -= weight / all * std::log(weight / all);
    if (weight > best) majority = label;
    best = std::max(best, weight);
  }
  CHECK(classes->facts().chance_loss == Approx(entropy));
  double right = 0, scored = 0;
  const Batch held_out =
      drawn(*classes, Stream::test, 0, static_cast<std::size_t>(classes->examples(Stream::test)));
  for (std::size_t i = 0; i < held_out.label.size(); ++i) {
    const auto weight = static_cast<double>(held_out.weight[i]);
    scored += weight;
    right += held_out.label[i] == majority ? weight : 0;
  }
  CHECK(classes->baselines()[0].value == Approx(right / scored));
}

TEST_CASE("file: what cannot be used is told with file, array and place", "[tasks][file]") {
  const Files& files = Files::written();
  if (!files) return;
  const std::vector<std::pair<const char*, const char*>> wrong{
      {"bad-no-inputs.npz", "array 'inputs' is missing"},
      {"bad-no-targets.h5", "array 'targets' is missing"},
      {"bad-no-targets-valid.npz", "array 'targets_valid' is missing"},
      {"bad-nan.npz", "array 'inputs' is not finite (as 32-bit floating point) at [3, 1]"},
      {"bad-large.npz", "at [0, 0]"},
      {"bad-nan.h5", "at [3, 1]"},
      {"bad-target-nan.npz", "array 'targets' is not finite"},
      {"bad-negative.npz", "array 'targets' is out of range at [2]: -1"},
      {"bad-huge-label.npz", "array 'targets' is out of range at [2]: 2147483647"},
      {"bad-symbol.npz", "array 'inputs' is out of range at [1, 2]: -7"},
      {"bad-length-0.npz", "array 'lengths' is out of range at [4]: 0"},
      {"bad-length-long.npz", "array 'lengths' is out of range at [4]: 4"},
      {"bad-length-shape.npz", "array 'lengths' has shape (9,)"},
      {"bad-weight.npz", "array 'weights' is negative or not finite at [0]"},
      {"bad-weight-none.npz", "array 'weights' leaves nothing of example 5"},
      {"bad-weight-shape.npz", "array 'weights' has shape (10, 3), not (10,)"},
      {"bad-shape.npz", "array 'targets' of shape (9, 1) does not fit inputs of (10, 3, 2)"},
      {"bad-steps.npz", "array 'targets' of shape (10, 4) does not fit inputs of (10, 3, 2)"},
      {"bad-flat.npz", "array 'inputs' has shape (10,)"},
      {"bad-float-symbols.npz", "one floating point number per step"},
      {"bad-empty.npz", "array 'inputs' is empty"},
      {"bad-target-axes.npz", "array 'targets' has shape (10, 3, 2) of integers"},
      {"bad-object.npz", "array 'inputs' has Python objects, not numbers"},
      {"bad-records.npz", "array 'inputs' has records, not numbers"},
      {"bad-text.npz", "array 'targets' has values of type"},
      {"bad-complex.npz", "array 'inputs' has values of type"},
      {"bad-text.h5", "array 'targets' has texts, records or objects"},
      {"bad-group.h5", "array 'inputs' cannot be read"},
      {"bad-split.npz", "array 'split' is out of range at [0]: 3"},
      {"bad-split-twice.npz", "array 'split' is there beside arrays of parts of their own"},
      {"bad-one-class.npz", "one class only"},
      {"bad-parts.npz", "of another kind"},
      {"bad-few.npz", "too few examples: 2"},
      {"bad-not-a-zip.npz", "cannot read the .npz file: Not a zip archive"},
      {"bad-not-hdf5.h5", "cannot read the HDF5 file"},
      {"bad-member.npz", "array 'inputs' is no .npy array"},
      {"bad-name.txt", "ends neither in .npz nor in .h5 or .hdf5"},
      {"bad-gone.npz", "there is no such file"},
  };
  for (const auto& [name, sentence] : wrong) {
    CAPTURE(name);
    if (std::string(name) == "bad-gone.npz") {
      CHECK_THROWS_WITH(configured("file", {{"task.path", files.path(name)}}),
                        Contains("cannot read what task.path names"));
      continue;
    }
    const auto [code, text] = files.error(name);
    CHECK(code == 4);
    CHECK_THAT(text, Contains(sentence) && Contains(name));
  }
  CHECK(
      files.error("hundred.npz", {{"task.valid_share", "0.6"}, {"task.test_share", "0.5"}}).first ==
      2);
  CHECK_THROWS_WITH(configured("file").make_task(), Contains("no file is given (task.path)"));
}

TEST_CASE("file: beyond an end, and where nothing is scored, anything may stand", "[tasks][file]") {
  const Files& files = Files::written();
  if (!files) return;
  const auto task = files.task("padded.npz");  // NaN and −1 there
  const Batch batch =
      drawn(*task, Stream::train, 0, static_cast<std::size_t>(task->examples(Stream::train)));
  for (const float x : batch.x) CHECK(std::isfinite(x));
  for (const auto label : batch.label) CHECK(label >= 0);
}

TEST_CASE("file: a model learns from it", "[tasks][file][learning]") {
  const Files& files = Files::written();
  if (!files) return;
  const Config config = configured("file", {{"task.path", files.path("sums.npz")},
                                            {"model.name", "gru"},
                                            {"model.hidden", "24"},
                                            {"train.optimizer", "adam"},
                                            {"train.lr", "0.01"},
                                            {"train.batch", "32"},
                                            {"train.steps", "300"},
                                            {"train.eval_every", "0"}});
  const auto task = config.make_task();
  MemorySink sink;
  const Outcome outcome = taught(config, *task, sink, config.task_seed());
  CHECK(outcome.ended == Ended::completed);
  CHECK(outcome.test_loss < 0.3 * task->facts().chance_loss);
}
