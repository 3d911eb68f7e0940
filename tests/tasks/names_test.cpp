#include "names.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "base/error.hpp"
#include "data/corpora.hpp"
#include "drawn.hpp"
#include "name_folder.hpp"
#include "name_lists.hpp"
#include "taught.hpp"
#include "train/gradcheck.hpp"
#include "train/member_checks.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

/// All examples of a split, as class and name.
std::vector<std::pair<std::string, std::string>> read_back(const Task& task, Stream split) {
  const Facts facts = task.facts();
  const auto count = static_cast<std::size_t>(task.examples(split));
  const Batch batch = drawn(task, split, 0, count);
  const Lines characters = task.symbols(), classes = task.given_symbols();
  std::vector<std::pair<std::string, std::string>> all;
  for (std::size_t b = 0; b < count; ++b) {
    std::string name;
    const auto steps = static_cast<std::size_t>(batch.length[b]);
    for (std::size_t t = 0; t < static_cast<std::size_t>(facts.length); ++t) {
      const std::size_t at = t * count + b;
      CHECK(batch.weight[at] == (t < steps ? 1 : 0));
      if (t >= steps) continue;
      const auto& next = characters[static_cast<std::size_t>(batch.label[at])];
      CHECK((next == "\n") == (t + 1 == steps));
      CHECK(batch.symbol[at] == (t == 0 ? end_symbol : batch.label[at - count]));
      if (t + 1 < steps) name += next;
    }
    int ones = 0;
    std::string cls;
    for (std::size_t c = 0; c < classes.size(); ++c) {
      const float given = batch.given[b * classes.size() + c];
      CHECK((given == 0 || given == 1));
      if (given == 1) cls = classes[c];
      ones += given == 1;
    }
    CHECK(ones == 1);
    all.emplace_back(cls, name);
  }
  return all;
}

double value_of(const std::vector<Baseline>& all, const std::string& name) {
  for (const Baseline& b : all) {
    if (b.name == name) return b.value;
  }
  FAIL("no baseline " << name);
  return 0;
}

}  // namespace

TEST_CASE("names: every name comes once, in its language, split by different names",
          "[tasks][names]") {
  const NameFolder folder;
  std::multiset<std::pair<std::string, std::string>> all, expected;
  std::map<std::string, std::set<std::string>> seen;
  for (const auto& [cls, lines] : folder.lists) {
    for (const std::string& line : lines) expected.emplace(cls, line);
  }
  std::set<Lines> tests;
  for (const char* seed : {"0", "1", "0"}) {
    const auto task = folder.make({{"task.seed", seed}});
    CHECK(task->given_symbols() == Lines{"Chinese", "Czech", "German"});
    CHECK(task->symbols().front() == "\n");
    all.clear();
    std::map<std::pair<std::string, std::string>, std::set<Stream>> parts;
    std::map<std::string, std::map<Stream, std::set<std::string>>> different;
    for (const Stream split : {Stream::train, Stream::valid, Stream::test}) {
      for (const auto& example : read_back(*task, split)) {
        // What training has not seen is U+FFFD: then the name cannot be told.
        if (example.second.find("\xEF\xBF\xBD") != std::string::npos) continue;
        all.insert(example);
        parts[example].insert(split);
        different[example.first][split].insert(example.second);
      }
    }
    for (const auto& [example, streams] : parts) CHECK(streams.size() == 1);
    for (const auto& example : all) CHECK(expected.count(example) == all.count(example));
    CHECK(all.size() > 60);
    for (const char* cls : {"Czech", "German"}) {  // of 30 or fewer different names, 10 % each
      const auto& own = folder.lists.at(cls);
      const auto D = static_cast<double>(std::set<std::string>(own.begin(), own.end()).size());
      CHECK(different[cls][Stream::test].size() == static_cast<std::size_t>(std::lround(0.1 * D)));
      CHECK(different[cls][Stream::valid].size() == static_cast<std::size_t>(std::lround(0.1 * D)));
    }
    Lines test;
    for (const auto& [cls, name] : read_back(*task, Stream::test)) test.push_back(cls + name);
    tests.insert(test);
    const auto lengths = task->example_lengths();
    const auto count = static_cast<std::size_t>(task->examples(Stream::train));
    const Batch batch = drawn(*task, Stream::train, 0, count);
    CHECK(std::vector<int>(lengths.begin(), lengths.end()) == batch.length);
  }
  CHECK(tests.size() == 2);
}

TEST_CASE("names: the language from a name", "[tasks][names]") {
  const NameFolder folder;
  const auto generate = folder.make();
  const auto task = folder.make({{"task.direction", "classify"}});
  const Facts facts = task->facts();
  CHECK((facts.readout == Readout::last && facts.given == 0 && facts.outputs == 3));
  CHECK(task->symbols() == Lines{"Chinese", "Czech", "German"});
  const auto count = static_cast<std::size_t>(task->examples(Stream::train));
  const auto names = read_back(*generate, Stream::train);
  REQUIRE(names.size() == count);
  const Batch batch = drawn(*task, Stream::train, 0, count);
  for (std::size_t b = 0; b < count; ++b) {
    std::string name;
    for (int t = 0; t < batch.length[b]; ++t)
      name += generate->symbols()[static_cast<std::size_t>(
          batch.symbol[static_cast<std::size_t>(t) * count + b])];
    CHECK(name == names[b].second);
    CHECK(task->symbols()[static_cast<std::size_t>(batch.label[b])] == names[b].first);
  }
}

TEST_CASE("names: macro F1 by hand", "[tasks][names]") {
  const NameFolder folder;
  const auto task = folder.make({{"task.direction", "classify"}});
  CHECK(task->test_metrics().at(0).name == "macro_f1");
  const auto scorer = task->scorer(Stream::test);
  Batch batch;
  batch.reset(task->facts(), 5);
  batch.label = {0, 0, 1, 1, 2};
  const std::vector<int> said{0, 1, 1, 1, 0};
  std::vector<float> y(15, 0.0f);
  for (std::size_t b = 0; b < 5; ++b) y[b * 3 + static_cast<std::size_t>(said[b])] = 1;
  const std::vector<std::uint64_t> ids{0, 1, 2, 3, 4};
  scorer->add(batch, ids, y);
  // Precision and recall: ½ and ½; ⅔ and 1; none.
  CHECK(scorer->values().at(0) == Approx((0.5 + 0.8 + 0.0) / 3));
}

TEST_CASE("names: chance, n-grams and naive Bayes by counting", "[tasks][names]") {
  const NameFolder folder;
  const auto task = folder.make();
  const auto train = read_back(*task, Stream::train), test = read_back(*task, Stream::test);
  const auto characters = [](const std::string& name) {
    Lines all;
    for (std::size_t i = 0; i < name.size();) {
      std::size_t n = 1;
      while (i + n < name.size() && (name[i + n] & 0xC0) == 0x80) ++n;
      all.push_back(name.substr(i, n));
      i += n;
    }
    all.push_back("\n");
    return all;
  };
  const auto V = static_cast<double>(task->symbols().size());
  std::map<std::string, double> count;
  std::map<std::string, std::map<std::string, double>> count_of;
  double N = 0;
  std::map<std::string, double> N_of;
  for (const auto& [cls, name] : train) {
    for (const std::string& c : characters(name)) {
      ++count[c], ++N, ++count_of[cls][c], ++N_of[cls];
    }
  }
  double entropy = 0, unigram = 0, own = 0, scored = 0;
  for (const auto& [c, n] : count) entropy -= n / N * std::log(n / N);
  CHECK(task->facts().chance_loss == Approx(entropy).epsilon(1e-12));
  for (const auto& [cls, name] : test) {
    for (const std::string& c : characters(name)) {
      unigram -= std::log2((count[c] + 0.1) / (N + 0.1 * V));
      own -= std::log2((count_of[cls][c] + 0.1) / (N_of[cls] + 0.1 * V));
      ++scored;
    }
  }
  const auto baselines = task->baselines();
  CHECK(value_of(baselines, "uniform") == Approx(std::log2(V)));
  CHECK(value_of(baselines, "unigram") == Approx(unigram / scored));
  CHECK(value_of(baselines, "unigram of the language") == Approx(own / scored));
  CHECK(value_of(baselines, "interpolated 4-gram of the language") <
        value_of(baselines, "unigram of the language"));

  // Naive Bayes of pairs.
  std::map<Lines, std::map<std::string, double>> pairs;
  std::map<std::string, double> pairs_of, names_of_class;
  const auto for_pairs = [&](const std::string& name, auto&& f) {
    Lines all = characters(name);
    all.insert(all.begin(), "\n");
    for (std::size_t i = 1; i < all.size(); ++i) f(Lines{all[i - 1], all[i]});
  };
  for (const auto& [cls, name] : train) {
    ++names_of_class[cls];
    for_pairs(name, [&, c = cls](const Lines& pair) { ++pairs[pair][c], ++pairs_of[c]; });
  }
  double right = 0;
  for (const auto& [cls, name] : test) {
    std::string said;
    double best = -1e300;
    for (const auto& [candidate, n] : names_of_class) {
      double score = std::log(n);
      for_pairs(name, [&, c = candidate](const Lines& pair) {
        const bool known = pairs.count(pair) > 0;
        const double seen = known && pairs[pair].count(c) ? pairs[pair][c] : 0.0;
        score += std::log((seen + 1) / (pairs_of[c] + static_cast<double>(pairs.size())));
      });
      if (score > best) best = score, said = candidate;
    }
    right += said == cls;
  }
  const auto classify = folder.make({{"task.direction", "classify"}});
  CHECK(value_of(classify->baselines(), "naive Bayes of bigrams") ==
        Approx(right / static_cast<double>(test.size())));
}

TEST_CASE("names: gradients with the language given once or at every step", "[tasks][names]") {
  const NameFolder folder;
  const auto task = folder.make();
  for (const char* at : {"first", "every-step"}) {
    for (const char* model :
         {"lstm", "gru", "vanilla", "deep-lstm", "transformer", "tcn", "feed-forward"}) {
      ModelOptions options = configured("names", {{"model.name", model},
                                                  {"model.hidden", "6"},
                                                  {"model.input_at", at},
                                                  {"task.path", folder.path()}})
                                 .model();
      for (const GradientError& e : gradcheck(*task, options, 1, 3)) {
        CAPTURE(at, model, e.parameter);
        CHECK(e.error < 1e-6);
      }
    }
  }
}

TEST_CASE("names: steps are the same bytes on any threads, and after a snapshot",
          "[tasks][names]") {
  const NameFolder folder;
  TrainOptions options;
  options.batch = 41;
  for (const char* direction : {"generate", "classify"}) {
    const auto task = folder.make({{"task.direction", direction}});
    for (const char* at : {"first", "every-step"}) {
      CAPTURE(direction, at);
      ModelOptions model;
      model.hidden = 9;
      model.input_at = at;
      check_steps(*task, model, options, {.states = true, .last = true, .terms = true}, 5);
      check_snapshot(*task, model, options);
    }
  }
}

TEST_CASE("names: a model that would read what it is asked for is refused", "[tasks][names]") {
  const NameFolder folder;
  const auto said = [&](const std::string& direction,
                        std::vector<std::pair<std::string, std::string>> model) {
    model.insert(model.begin(), {{"task.direction", direction}, {"task.path", folder.path()}});
    const Config config = configured("names", model);
    try {
      make_model<float>(config.model(), config.make_task()->facts());
      return std::string();
    } catch (const Error& error) {
      CHECK(error.code() == Exit::usage);
      return std::string(error.what());
    }
  };
  CHECK_THAT(said("generate", {{"model.name", "bi-lstm"}}),
             Contains("would have read (model.direction)"));
  CHECK_THAT(said("generate", {{"model.direction", "reverse"}}), Contains("model.direction"));
  CHECK_THAT(said("generate", {{"model.name", "transformer"}, {"model.causal", "no"}}),
             Contains("model.causal"));
  CHECK_THAT(said("generate", {{"model.embedding", "5"}}),
             Contains("joined to a given vector") && Contains("model.embedding"));
  CHECK(said("classify", {{"model.name", "bi-lstm"}, {"model.embedding", "5"}}).empty());
  CHECK(said("generate", {{"model.name", "transformer"}}).empty());
}

TEST_CASE("names: made names are learned", "[tasks][names]") {
  const NameFolder folder;
  const std::vector<std::pair<std::string, std::string>> settings{
      {"task.path", folder.path()}, {"model.name", "gru"},     {"model.hidden", "24"},
      {"train.optimizer", "adam"},  {"train.lr", "0.02"},      {"train.batch", "16"},
      {"train.steps", "150"},       {"train.eval_every", "0"}, {"train.clip_norm", "1"}};
  const Config generate = configured("names", settings);
  const auto task = generate.make_task();
  MemorySink sink, other;
  CHECK(taught(generate, *task, sink).test_metric <
        value_of(task->baselines(), "unigram of the language"));
  auto turned = settings;
  turned.emplace_back("task.direction", "classify");
  const Config classify = configured("names", turned);
  CHECK(taught(classify, *classify.make_task(), other).test_metric > 0.85);
}

TEST_CASE("names: the surnames of eighteen languages", "[tasks][names]") {
  const auto folder = corpus("names");
  if (!folder) {
    WARN("skipped: no names in RNNLAB_TEST_DATA");
    return;
  }
  const NameLists lists = read_name_lists(folder->string());
  CHECK(lists.classes.size() == 18);
  CHECK(lists.names.size() == 20050);
  std::map<std::string, int> count;
  for (const auto& name : lists.names) ++count[lists.classes[name.cls]];
  CHECK((count["Russian"] == 9384 && count["English"] == 3668 && count["Vietnamese"] == 73));
  const auto task = configured("names", {{"task.path", folder->string()}}).make_task();
  std::int64_t all = 0;
  for (const Stream split : {Stream::train, Stream::valid, Stream::test})
    all += task->examples(split);
  CHECK(all == 20050);
  CHECK(static_cast<double>(task->examples(Stream::test)) == Approx(2005).epsilon(0.1));
}
