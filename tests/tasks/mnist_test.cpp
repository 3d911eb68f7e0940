#include "mnist.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <set>

#include "base/error.hpp"
#include "data/corpora.hpp"
#include "data/idx_files.hpp"
#include "drawn.hpp"
#include "environment.hpp"
#include "files.hpp"
#include "record/scratch.hpp"
#include "taught.hpp"
#include "train/gradcheck.hpp"
#include "train/member_checks.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

constexpr int R = 4, C = 3, N = 30, tests = 12;

/// Images of 4 x 3 points, dark but for noise and a bright point that stands elsewhere for each
/// class; the class of image n.
struct Set {
  std::vector<int> labels;
  std::vector<std::vector<int>> points;

  Set(std::size_t count, std::uint64_t seed) {
    for (std::size_t n = 0; n < count; ++n) {
      Rng rng({seed, Stream::test}, n);
      const int label = n % 5 == 4 ? 3 : static_cast<int>(rng.below(10));
      std::vector<int> image;
      for (int i = 0; i < R * C; ++i)
        image.push_back(static_cast<int>(i == label + 1 ? 200 + rng.below(56) : rng.below(60)));
      labels.push_back(label);
      points.push_back(image);
    }
  }
  std::string images() const {
    std::string bytes;
    for (const auto& image : points) {
      for (const int p : image) bytes += static_cast<char>(p);
    }
    return idx_images(static_cast<std::uint32_t>(points.size()), R, C, bytes);
  }
};

/// A folder with both sets' files.
struct Folder {
  Scratch scratch;
  Set train{N, 1}, test{tests, 2};

  Folder() {
    write("train", train);
    write("t10k", test);
  }
  std::string path() const { return scratch.path(""); }
  void write(const std::string& name, const Set& set) const {
    write_file(scratch.path(name + "-images-idx3-ubyte"), set.images());
    write_file(scratch.path(name + "-labels-idx1-ubyte"), idx_labels(set.labels));
  }
  std::unique_ptr<Task> make(const std::string& task,
                             std::vector<std::pair<std::string, std::string>> settings = {}) const {
    settings.insert(settings.begin(), {{"task.path", path()}, {"task.valid_examples", "7"}});
    return configured(task, settings).make_task();
  }
};

double value_of(const std::vector<Baseline>& all, const std::string& name) {
  for (const Baseline& b : all) {
    if (b.name == name) return b.value;
  }
  FAIL("no baseline " << name);
  return 0;
}

/// The class whose mean is nearest, by plain distances.
int nearest_mean(const Set& train, int count, const std::vector<int>& image) {
  double best = 1e300;
  int nearest = -1;
  for (int c = 0; c < 10; ++c) {
    std::vector<double> mean(R * C, 0.0);
    double images = 0, distance = 0;
    for (int n = 0; n < count; ++n) {
      const auto at = static_cast<std::size_t>(n);
      if (train.labels[at] != c) continue;
      ++images;
      for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += train.points[at][i];
    }
    if (images == 0) continue;
    for (std::size_t i = 0; i < mean.size(); ++i)
      distance += std::pow(mean[i] / images - image[i], 2);
    if (distance < best) {
      best = distance;
      nearest = c;
    }
  }
  return nearest;
}

const std::array<std::string, 10> english{"zero", "one", "two",   "three", "four",
                                          "five", "six", "seven", "eight", "nine"};

}  // namespace

TEST_CASE("mnist: the last images are for validation, the others are shown row by row",
          "[tasks][mnist]") {
  const Folder folder;
  const auto task = folder.make("mnist-rows");
  const Facts facts = task->facts();
  CHECK((facts.inputs == C && facts.length == R && facts.outputs == 10 && facts.rows == 0));
  CHECK(facts.readout == Readout::last);
  CHECK(task->examples(Stream::train) == N - 7);
  CHECK(task->examples(Stream::valid) == 7);
  CHECK(task->examples(Stream::test) == tests);
  for (const Stream split : {Stream::train, Stream::valid, Stream::test}) {
    const Set& set = split == Stream::test ? folder.test : folder.train;
    const std::size_t first = split == Stream::valid ? N - 7 : 0;
    const auto count = static_cast<std::size_t>(task->examples(split));
    const Batch batch = drawn(*task, split, 0, count + 2);  // two begin anew
    for (std::size_t b = 0; b < count + 2; ++b) {
      const std::size_t n = first + b % count;
      CHECK(batch.label[b] == set.labels[n]);
      CHECK(batch.length[b] == R);
      const std::vector<float> x = inputs_of(batch, C, b);
      for (std::size_t i = 0; i < x.size(); ++i)
        CHECK(x[i] == static_cast<float>(set.points[n][i] / 255.0));
    }
  }
  const auto fewer =
      folder.make("mnist-rows", {{"task.train_examples", "9"}, {"task.test_examples", "5"}});
  CHECK(fewer->examples(Stream::train) == 9);
  CHECK(fewer->examples(Stream::test) == 5);
  CHECK(folder.make("mnist-rows", {{"task.train_examples", "1000"}})->examples(Stream::train) ==
        N - 7);
  CHECK(task->data_sha256().size() == 64);
}

TEST_CASE("mnist: points one by one, as they stand or in one order for all images",
          "[tasks][mnist]") {
  const Folder folder;
  const auto plain = folder.make("mnist-pixels", {{"task.normalise", "standard"}});
  const Facts facts = plain->facts();
  CHECK((facts.inputs == 1 && facts.length == R * C && facts.rows == R && facts.columns == C));
  const Batch batch = drawn(*plain, Stream::test, 0, tests);
  for (std::size_t b = 0; b < tests; ++b) {
    const std::vector<float> x = inputs_of(batch, 1, b);
    for (std::size_t t = 0; t < x.size(); ++t)
      CHECK(x[t] == static_cast<float>((folder.test.points[b][t] / 255.0 - 0.1307) / 0.3081));
  }
  std::set<std::vector<std::size_t>> orders;
  for (const char* seed : {"0", "1", "0"}) {
    const auto task = folder.make(
        "mnist-pixels", {{"task.permutation", "random"}, {"task.permutation_seed", seed}});
    CHECK(task->facts().rows == 0);
    // The order from one image whose points differ, then held against all.
    std::vector<std::size_t> order;
    for (const Stream split : {Stream::train, Stream::test}) {
      const Set& set = split == Stream::test ? folder.test : folder.train;
      const Batch shown = drawn(*task, split, 0, tests);
      for (std::size_t b = 0; b < tests; ++b) {
        const std::vector<float> x = inputs_of(shown, 1, b);
        if (std::set<int>(set.points[b].begin(), set.points[b].end()).size() == R * C &&
            order.empty()) {
          for (const float v : x) {
            const auto at = std::find_if(set.points[b].begin(), set.points[b].end(),
                                         [&](int p) { return static_cast<float>(p / 255.0) == v; });
            order.push_back(static_cast<std::size_t>(at - set.points[b].begin()));
          }
        }
      }
      REQUIRE(order.size() == R * C);
      for (std::size_t b = 0; b < tests; ++b) {
        const std::vector<float> x = inputs_of(shown, 1, b);
        for (std::size_t t = 0; t < x.size(); ++t)
          CHECK(x[t] == static_cast<float>(set.points[b][order[t]] / 255.0));
      }
    }
    CHECK(std::set<std::size_t>(order.begin(), order.end()).size() == R * C);
    orders.insert(order);
  }
  CHECK(orders.size() == 2);  // one for each seed
}

TEST_CASE("mnist: chance and baselines by counting", "[tasks][mnist]") {
  const Folder folder;
  const auto task = folder.make("mnist-pixels");
  std::array<double, 10> share{};
  for (std::size_t n = 0; n < N - 7; ++n)
    share[static_cast<std::size_t>(folder.train.labels[n])] += 1.0 / (N - 7);
  double entropy = 0, most = 0, means = 0;
  for (const double p : share) entropy -= p > 0 ? p * std::log(p) : 0;
  CHECK(task->facts().chance_loss == Approx(entropy).epsilon(1e-12));
  const auto majority = std::max_element(share.begin(), share.end()) - share.begin();
  for (std::size_t n = 0; n < tests; ++n) {
    most += folder.test.labels[n] == majority;
    means += nearest_mean(folder.train, N - 7, folder.test.points[n]) == folder.test.labels[n];
  }
  CHECK(value_of(task->baselines(), "most frequent class") == Approx(most / tests));
  CHECK(value_of(task->baselines(), "nearest class mean") == Approx(means / tests));
}

TEST_CASE("mnist: a digit's word, in English and Chinese", "[tasks][mnist]") {
  const Folder folder;
  for (const bool chinese : {false, true}) {
    const auto task = folder.make("mnist-words", {{"task.language", chinese ? "zh" : "en"}});
    const Facts facts = task->facts();
    CHECK(facts.readout == Readout::sequence);
    CHECK((facts.inputs == C && facts.length == R && !facts.symbols));
    CHECK(facts.target_length == (chinese ? 2 : 6));
    const std::vector<std::string> symbols = task->symbols();
    CHECK(symbols.size() == (chinese ? 11 : 16));
    const Batch batch = drawn(*task, Stream::test, 0, tests);
    const std::array<std::string, 10> zh{"零", "一", "二", "三", "四",
                                         "五", "六", "七", "八", "九"};
    double nearest = 0, all = 0;
    for (std::size_t b = 0; b < tests; ++b) {
      std::string word;
      const int steps = batch.target_steps[b];
      for (int t = 0; t < facts.target_length; ++t) {
        const std::size_t at = static_cast<std::size_t>(t) * tests + b;
        CHECK(batch.weight[at] == (t < steps ? 1 : 0));
        if (t + 1 < steps) word += symbols[static_cast<std::size_t>(batch.label[at])];
        if (t + 1 >= steps) CHECK(batch.label[at] == end_symbol);
      }
      const auto digit = static_cast<std::size_t>(folder.test.labels[b]);
      CHECK(word == (chinese ? zh : english)[digit]);
      const std::vector<float> x = inputs_of(batch, C, b);
      CHECK(x[5] == static_cast<float>(folder.test.points[b][5] / 255.0));
      if (chinese) continue;
      const std::string true_word = word + ".";
      const std::string read = english[static_cast<std::size_t>(
                                   nearest_mean(folder.train, N - 7, folder.test.points[b]))] +
                               ".";
      for (std::size_t t = 0; t < true_word.size(); ++t)
        nearest += t < read.size() && read[t] == true_word[t];
      all += static_cast<double>(true_word.size());
    }
    if (!chinese)
      CHECK(value_of(task->baselines(), "word of the nearest class mean") == Approx(nearest / all));
  }
}

TEST_CASE("mnist: what greedy decoding finds is counted by whole words", "[tasks][mnist]") {
  const Folder folder;
  const auto task = folder.make("mnist-words");
  REQUIRE(task->test_metrics().size() == 1);
  CHECK(task->test_metrics()[0].name == "exact_match");
  const auto scorer = task->scorer(Stream::test);
  const auto symbols = task->symbols();
  for (std::size_t n = 0; n < 4; ++n) {
    std::vector<std::int32_t> word;
    for (const char c : english[static_cast<std::size_t>(folder.test.labels[n])])
      word.push_back(static_cast<std::int32_t>(
          std::find(symbols.begin(), symbols.end(), std::string(1, c)) - symbols.begin()));
    if (n == 1) word.pop_back();
    if (n == 2) word.push_back(word.back());
    scorer->add_decoded(n, word);
  }
  CHECK(scorer->values() == std::vector<double>{0.5});
}

TEST_CASE("mnist: gradients of every reading, in one and two dimensions", "[tasks][mnist]") {
  const Folder folder;
  const auto check = [&](const std::string& name, const std::string& model,
                         std::vector<std::pair<std::string, std::string>> settings = {}) {
    settings.insert(settings.begin(), {{"model.name", model},
                                       {"model.hidden", "6"},
                                       {"task.path", folder.path()},
                                       {"task.valid_examples", "7"}});
    const Config config = configured(name, settings);
    for (const GradientError& e : gradcheck(*config.make_task(), config.model(), 1, 3)) {
      CAPTURE(name, model, e.parameter);
      CHECK(e.error < 1e-6);
    }
  };
  check("mnist-rows", "lstm");
  check("mnist-pixels", "gru", {{"task.permutation", "random"}});
  check("mnist-pixels", "md-lstm");
  check("mnist-words", "seq2seq");
  check("mnist-words", "seq2seq-attention", {{"task.language", "zh"}});
  check("mnist-words", "transformer-seq2seq");
}

TEST_CASE("mnist: steps are the same bytes on any threads, and after a snapshot",
          "[tasks][mnist]") {
  const Folder folder;
  TrainOptions options;
  options.batch = 41;
  for (const char* name : {"mnist-rows", "mnist-pixels", "mnist-words"}) {
    CAPTURE(name);
    const bool words = name == std::string("mnist-words");
    const Config config = configured(name, {{"model.name", words ? "seq2seq-attention" : "lstm"},
                                            {"model.hidden", "8"},
                                            {"task.path", folder.path()},
                                            {"task.valid_examples", "7"}});
    const auto task = config.make_task();
    check_steps(*task, config.model(), options, {.states = true, .last = true, .terms = true}, 5);
    check_snapshot(*task, config.model(), options);
  }
}

TEST_CASE("mnist: what cannot be used is told in one line", "[tasks][mnist]") {
  const Folder folder;
  const Environment no_cache("XDG_CACHE_HOME", "/nonexistent");
  CHECK_THROWS_WITH(configured("mnist-rows").make_task(),
                    Contains("no corpus is given (task.path)"));
  CHECK_THROWS_WITH(folder.make("mnist-rows", {{"task.valid_examples", "30"}}),
                    Contains("too few images to train on: 30"));
  CHECK_THROWS_WITH(folder.make("mnist-rows", {{"task.path", folder.path() + "none"}}),
                    Contains("cannot read what task.path names"));
  write_file(folder.scratch.path("t10k-images-idx3-ubyte"),
             idx_images(1, R, R, std::string(R * R, 'x')));
  write_file(folder.scratch.path("t10k-labels-idx1-ubyte"), idx_labels({1}));
  CHECK_THROWS_WITH(folder.make("mnist-rows"), Contains("of 4 x 3 points, to test on of 4 x 4"));
}

TEST_CASE("mnist: protocols are complete", "[tasks][mnist]") {
  const Folder folder;
  for (const Protocol& protocol : mnist_protocols()) {
    CAPTURE(protocol.name);
    CHECK_FALSE(protocol.deviates.empty());
    const Config config = configured(
        "mnist-pixels@" + protocol.name,
        {{"model.name", "lstm"}, {"task.path", folder.path()}, {"task.valid_examples", "7"}});
    CHECK(config.make_task()->facts().length == R * C);
    CHECK((config.model().hidden >= 100 && config.model().hidden <= 130));
  }
  const auto model = [](const std::string& protocol, const std::string& name) {
    return configured("mnist-pixels@" + protocol, {{"model.name", name}, {"model.layers", "1"}})
        .model();
  };
  CHECK(model("bai2018", "lstm").forget_bias == 1);
  CHECK(model("bai2018-permuted", "lstm").forget_bias == 10);
  // The stated 70 thousand parameters.
  const Facts facts{.inputs = 1,
                    .outputs = 10,
                    .length = 784,
                    .loss = LossKind::cross_entropy,
                    .readout = Readout::last};
  for (const char* name : {"lstm", "gru", "vanilla"})
    CHECK(make_model<float>(model("bai2018", name), facts)->parameters().size() ==
          Approx(70000).epsilon(0.02));
}

TEST_CASE("mnist: two thousand real images are learned row by row", "[tasks][mnist]") {
  const auto folder = corpus("mnist");
  if (!folder) {
    WARN("skipped: no mnist in RNNLAB_TEST_DATA");
    return;
  }
  const Config config = configured("mnist-rows", {{"task.path", folder->string()},
                                                  {"task.train_examples", "2000"},
                                                  {"task.test_examples", "2000"},
                                                  {"task.valid_examples", "500"},
                                                  {"model.name", "bi-gru"},
                                                  {"model.hidden", "64"},
                                                  {"model.pool", "attention"},
                                                  {"model.dropout", "0.4"},
                                                  {"train.optimizer", "adam"},
                                                  {"train.lr", "0.003"},
                                                  {"train.clip_norm", "1"},
                                                  {"train.batch", "20"},
                                                  {"train.steps", "1000"},
                                                  {"train.eval_every", "0"}});
  const auto task = config.make_task();
  MemorySink sink;
  const Outcome outcome = taught(config, *task, sink);
  CHECK(outcome.test_metric > 0.9);
  CHECK(value_of(task->baselines(), "nearest class mean") > 0.7);
}
