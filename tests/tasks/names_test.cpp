#include "names.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <set>
#include <zip.h>

#include "base/error.hpp"
#include "data/corpora.hpp"
#include "drawn.hpp"
#include "files.hpp"
#include "name_lists.hpp"
#include "record/scratch.hpp"
#include "train/gradcheck.hpp"
#include "train/member_checks.hpp"
#include "train/memory_sink.hpp"
#include "train/trainer.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

/// Thirty names that begin and end as no other language's do; the first stands there three times.
Lines names_of(const std::string& first, const std::string& last) {
  Lines names;
  for (int i = 0; i < 30; ++i) {
    std::string middle;
    for (int k = 0; k < 1 + i % 4; ++k) middle += "aeiou"[(i / (k + 1) + k) % 5];
    names.push_back(first + middle + "rns"[i % 3] + last);
  }
  names.push_back(names.front());
  names.push_back(names.front());
  return names;
}

struct Folder {
  Scratch scratch;
  std::map<std::string, Lines> lists{
      {"Czech", names_of("K", "ek")}, {"German", names_of("Sch", "er")}, {"Chinese", {}}};

  Folder() {
    for (int i = 0; i < 12; ++i) lists["Chinese"].push_back(i % 2 ? "李" : "王");
    for (int i = 0; i < 12; ++i)
      lists["Chinese"].push_back("张" + std::string(i % 2 ? "伟" : "丽") +
                                 std::string(static_cast<std::size_t>(i / 2), 'a'));
    for (const auto& [name, lines] : lists) {
      std::string text;
      for (const std::string& line : lines) text += line + "\n";
      write(name + ".txt", text);
    }
  }
  std::string path() const { return scratch.path(""); }
  void write(const std::string& name, const std::string& text) const {
    fs::create_directories(fs::path(scratch.path(name)).parent_path());
    write_file(scratch.path(name), text);
  }
  std::unique_ptr<Task> make(std::vector<std::pair<std::string, std::string>> settings = {}) const {
    settings.insert(settings.begin(), {"task.path", path()});
    return configured("names", settings).make_task();
  }
  std::string complaint() const {
    try {
      make();
      return {};
    } catch (const Error& error) {
      CHECK(error.code() == Exit::data);
      return error.what();
    }
  }
};

/// All examples of a split, as class and name.
std::vector<std::pair<std::string, std::string>> read_back(const Task& task, Stream split) {
  const Facts facts = task.facts();
  const auto count = static_cast<std::size_t>(task.examples(split));
  const Batch batch = drawn(task, split, 0, count);
  const Lines characters = task.symbols(), classes = task.source_symbols();
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

Outcome taught(const Config& config, const Task& task) {
  MemorySink sink;
  return train({.task = task,
                .data = config.data(),
                .model = config.model(),
                .train = config.train(),
                .record = {.instruments = ""},
                .sink = sink});
}

}  // namespace

TEST_CASE("names: every name comes once, in its language, split by different names",
          "[tasks][names]") {
  const Folder folder;
  std::multiset<std::pair<std::string, std::string>> all, expected;
  std::map<std::string, std::set<std::string>> seen;
  for (const auto& [cls, lines] : folder.lists) {
    for (const std::string& line : lines) expected.emplace(cls, line);
  }
  std::set<Lines> tests;
  for (const char* seed : {"0", "1", "0"}) {
    const auto task = folder.make({{"task.seed", seed}});
    CHECK(task->source_symbols() == Lines{"Chinese", "Czech", "German"});
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
  const Folder folder;
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
  const Folder folder;
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
  const Folder folder;
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

TEST_CASE("names: the lists of an archive, among other files", "[tasks][names]") {
  const Folder folder;
  folder.write("deep/more.txt", "a sentence\tand another\n");
  folder.write(".hidden.txt", "\xFF");
  const std::string digest = folder.make()->data_sha256();
  const std::string archive = folder.scratch.path("data.zip");
  int code = 0;
  zip_t* const out = zip_open(archive.c_str(), ZIP_CREATE, &code);
  REQUIRE(out);
  std::vector<std::string> texts{"to\tsplit\n"};
  for (const auto& [name, lines] : folder.lists)
    texts.push_back(text_of(folder.scratch.path(name + ".txt")));
  const auto add = [&](const std::string& name, const std::string& text) {
    REQUIRE(zip_file_add(out, name.c_str(), zip_source_buffer(out, text.data(), text.size(), 0),
                         ZIP_FL_ENC_UTF_8) >= 0);
  };
  add("data/eng-fra.txt", texts[0]);
  std::size_t i = 1;
  for (const auto& [name, lines] : folder.lists) add("data/names/" + name + ".txt", texts[i++]);
  REQUIRE(zip_close(out) == 0);
  const auto packed = folder.make({{"task.path", archive}});
  CHECK(packed->source_symbols() == Lines{"Chinese", "Czech", "German"});
  CHECK(packed->data_sha256() == digest);
}

TEST_CASE("names: lines that are no names", "[tasks][names]") {
  const Folder folder;
  folder.write("Czech.txt", "\xEF\xBB\xBF  Adam \r\n\r\nBen\t\nCid\nDan\n\n");
  const NameLists lists = read_name_lists(folder.path());
  Lines czech;
  for (const NameLists::Name& name : lists.names) {
    if (lists.classes[name.cls] != "Czech") continue;
    std::string text;
    for (std::uint32_t i = 1; i <= name.length; ++i)
      text += static_cast<char>(lists.text[name.begin + i]);
    czech.push_back(text);
  }
  CHECK(czech == Lines{"Adam", "Ben", "Cid", "Dan"});

  const auto said = [&](const std::string& text) {
    folder.write("Czech.txt", text);
    return folder.complaint();
  };
  CHECK_THAT(said("Adam\nBe\tn\nCid\n"),
             Contains("Czech.txt:2") && Contains("control character 9"));
  CHECK_THAT(said(std::string("Adam\nB\0n\n", 9)), Contains("Czech.txt:2"));
  CHECK_THAT(said("Adam\n\xC3\n"), Contains("Czech.txt:2") && Contains("invalid UTF-8"));
  CHECK_THAT(said("Adam\n" + std::string(201, 'x')),
             Contains("Czech.txt:2") && Contains("a name of 201 characters"));
  CHECK_THAT(said(""), Contains("there is no name") && Contains("Czech.txt"));
  CHECK_THAT(said("Adam\nBen\nAdam\n"), Contains("too few names of class Czech: 2"));
  CHECK(said("Adam\nBen\nCid\n").empty());
  fs::remove(folder.scratch.path("German.txt"));
  fs::remove(folder.scratch.path("Czech.txt"));
  CHECK_THAT(folder.complaint(), Contains("there are no lists of names"));
  CHECK_THROWS_WITH(configured("names").make_task(), Contains("no names are given (task.path)"));
}

namespace {

void damage(std::uint64_t first, std::uint64_t count) {
  const Scratch scratch;
  std::string text;
  for (const std::string& name : names_of("Č", "ová")) text += name + "\n";
  write_file(scratch.path("a.txt"), text);
  const auto below = [](Rng& rng, std::size_t n) {
    return static_cast<std::size_t>(rng.below(static_cast<std::uint32_t>(n)));
  };
  for (std::uint64_t i = first; i < first + count; ++i) {
    Rng rng({8, Stream::test}, i);
    std::string bytes = text;
    for (std::size_t times = 1 + below(rng, 4); times > 0; --times) {
      const std::size_t at = below(rng, bytes.size());
      switch (below(rng, 4)) {
        case 0: bytes[at] = static_cast<char>(below(rng, 256)); break;
        case 1: bytes.insert(at, bytes.substr(at / 2, below(rng, 300))); break;
        case 2: bytes.erase(at, 1 + below(rng, 3)); break;
        default: bytes.insert(at, 1, "\n\r\t\0 "[below(rng, 5)]);
      }
      if (bytes.empty()) bytes = "x";
    }
    write_file(scratch.path("b.txt"), bytes);
    CAPTURE(i);
    try {
      const NameLists lists = read_name_lists(scratch.path(""));
      // Names and the boundaries around them are the whole text.
      std::size_t place = 0;
      bool whole = true;
      for (std::uint32_t n = 0; n < lists.names.size(); ++n) {
        const NameLists::Name& name = lists.names[n];
        whole = whole && name.begin == place && name.length > 0 && name.copy_of <= n &&
                name.cls < 2;
        place += name.length + 1;
        whole = whole && place < lists.text.size() && lists.text[place] == NameLists::boundary;
      }
      REQUIRE((whole && place + 1 == lists.text.size()));
    } catch (const Error& error) {
      REQUIRE(error.code() == Exit::data);
      REQUIRE_THAT(error.what(), Contains("b.txt"));
    }
  }
}

}  // namespace

TEST_CASE("names: damaged lists are refused or read to the last line", "[tasks][names]") {
  damage(0, 10000);
}

TEST_CASE("names: as many damaged lists as RNNLAB_FUZZ says", "[.fuzz]") {
  const char* count = std::getenv("RNNLAB_FUZZ");
  damage(1u << 20, count ? std::stoull(count) : 1000000);
}

TEST_CASE("names: gradients with the language given once or at every step", "[tasks][names]") {
  const Folder folder;
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
  const Folder folder;
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
  const Folder folder;
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
  const Folder folder;
  const std::vector<std::pair<std::string, std::string>> settings{
      {"task.path", folder.path()}, {"model.name", "gru"},     {"model.hidden", "24"},
      {"train.optimizer", "adam"},  {"train.lr", "0.02"},      {"train.batch", "16"},
      {"train.steps", "150"},       {"train.eval_every", "0"}, {"train.clip_norm", "1"}};
  const Config generate = configured("names", settings);
  const auto task = generate.make_task();
  CHECK(taught(generate, *task).test_metric <
        value_of(task->baselines(), "unigram of the language"));
  auto turned = settings;
  turned.emplace_back("task.direction", "classify");
  const Config classify = configured("names", turned);
  CHECK(taught(classify, *classify.make_task()).test_metric > 0.85);
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
