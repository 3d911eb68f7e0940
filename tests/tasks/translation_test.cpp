#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "data/corpora.hpp"
#include "data/tokeniser.hpp"
#include "data/translation_corpus.hpp"
#include "files.hpp"
#include "record/scratch.hpp"
#include "tasks.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

/// English numbers of up to three words and two French ways to say each.
std::string made_corpus() {
  const std::vector<std::string> en{"one", "two", "three", "four"};
  const std::vector<std::string> fr{"un", "deux", "trois", "quatre"};
  std::string text;
  for (std::size_t i = 0; i < 64; ++i) {
    const std::size_t a = i / 16, b = i / 4 % 4, c = i % 4;
    const std::string source = en[a] + " " + en[b] + ", " + en[c] + ".";
    text += source + "\t" + fr[a] + " " + fr[b] + ", " + fr[c] + ".\n";
    text += source + "\tL'" + fr[a] + " " + fr[b] + " et " + fr[c] + " !\tattribution\n";
  }
  return text;
}

TranslationOptions options_for(const Scratch& scratch, const std::string& text) {
  write_file(scratch.path("fra.txt"), text);
  TranslationOptions options;
  options.path = scratch.path("fra.txt");
  options.valid_share = options.test_share = 0.1;
  options.min_count = 1;
  return options;
}

class Assigned final : public OptionVisitor {
 public:
  explicit Assigned(TranslationOptions& options) { options.describe(*this); }
  void visit(const OptionInfo& info, bool& value) override { put(info, value); }
  void visit(const OptionInfo& info, std::int64_t& value) override { put(info, value); }
  void visit(const OptionInfo& info, double& value) override { put(info, value); }
  void visit(const OptionInfo& info, std::string& value) override { put(info, value); }
  bool assigns = false;
  std::map<std::string, std::string> texts;
  std::map<std::string, double> numbers;

 private:
  void put(const OptionInfo& info, std::string& value) {
    if (assigns) value = texts.at(info.name);
    texts[info.name] = value;
  }
  template <class T>
  void put(const OptionInfo& info, T& value) {
    if (assigns) value = static_cast<T>(numbers.at(info.name));
    numbers[info.name] = static_cast<double>(value);
  }
};

std::unique_ptr<Task> task_of(TranslationOptions options) {
  Assigned fields(options);
  fields.assigns = true;
  for (const TaskEntry& entry : task_list())
    if (entry.name == "translation") return entry.make(fields);
  throw std::logic_error("no translation");
}

std::vector<std::string> words_of(const std::vector<std::string>& symbols,
                                  std::span<const std::int32_t> ids) {
  std::vector<std::string> words;
  for (const std::int32_t id : ids) words.push_back(symbols[static_cast<std::size_t>(id)]);
  return words;
}

std::set<std::string> sources_of(const TranslationCorpus& corpus, Stream split) {
  std::set<std::string> result;
  for (std::int64_t i = 0; i < corpus.examples(split); ++i)
    result.insert(join(words_of(corpus.sources().symbols(),
                                corpus.example(split, static_cast<std::uint64_t>(i)).source),
                       " "));
  return result;
}

}  // namespace

TEST_CASE("translation: a source's translations fall into one part", "[tasks][translation]") {
  const Scratch scratch;
  TranslationOptions options = options_for(scratch, made_corpus());
  const TranslationCorpus corpus(options);
  CHECK(corpus.examples(Stream::train) == 2 * 52);
  CHECK(corpus.examples(Stream::valid) == 6);
  CHECK(corpus.examples(Stream::test) == 6);
  CHECK(corpus.left_out() == 0);
  const auto train = sources_of(corpus, Stream::train), valid = sources_of(corpus, Stream::valid),
             test = sources_of(corpus, Stream::test);
  std::set<std::string> all = train;
  all.insert(valid.begin(), valid.end());
  all.insert(test.begin(), test.end());
  CHECK(all.size() == 64);
  CHECK(train.size() + valid.size() + test.size() == 64);
  for (std::uint64_t i = 0; i < 6; ++i) {
    CHECK(corpus.references(Stream::test, i).size() == 2);
    CHECK(corpus.sentence(Stream::test, i).ends_with("."));
  }

  const TranslationCorpus again(options);
  CHECK(sources_of(again, Stream::test) == test);
  options.seed = 1;
  CHECK(sources_of(TranslationCorpus(options), Stream::test) != test);
  options.test_share = 0;
  const TranslationCorpus shared(options);
  CHECK(sources_of(shared, Stream::test) == sources_of(shared, Stream::valid));
  CHECK(shared.references(Stream::test, 0) == shared.references(Stream::valid, 0));
}

TEST_CASE("translation: vocabulary by frequency, of the training part alone",
          "[tasks][translation]") {
  const Scratch scratch;
  TranslationOptions options = options_for(scratch, made_corpus());
  const TranslationCorpus corpus(options);
  // A recount.
  std::map<std::string, int> counts;
  for (std::int64_t i = 0; i < corpus.examples(Stream::train); ++i)
    for (const std::string& word :
         words_of(corpus.targets().symbols(),
                  corpus.example(Stream::train, static_cast<std::uint64_t>(i)).target))
      ++counts[word];
  const std::vector<std::string>& symbols = corpus.targets().symbols();
  REQUIRE(symbols.size() > 8);
  CHECK(symbols[0] == "<end>");
  CHECK(symbols[1] == "\xEF\xBF\xBD");
  CHECK(counts.count(symbols[1]) == 0);
  for (std::size_t i = 3; i < symbols.size(); ++i) {
    const int before = counts[symbols[i - 1]], now = counts[symbols[i]];
    CHECK((before > now || (before == now && symbols[i - 1] < symbols[i])));
  }
  options.vocabulary = 6;
  const TranslationCorpus small(options);
  CHECK(small.targets().symbols() ==
        std::vector<std::string>(symbols.begin(), symbols.begin() + 6));
  CHECK(small.sources().size() == 6);
  options.min_count = 1000;
  CHECK(TranslationCorpus(options).targets().symbols() ==
        std::vector<std::string>{"<end>", "\xEF\xBF\xBD"});
}

TEST_CASE("translation: a drawn example is the pair, its end scored", "[tasks][translation]") {
  const Scratch scratch;
  const TranslationOptions options = options_for(scratch, made_corpus());
  const auto task = task_of(options);
  const TranslationCorpus corpus(options);
  const Facts facts = task->facts();
  CHECK(facts.readout == Readout::sequence);
  CHECK(facts.length == 5);
  CHECK(facts.target_length == 7);  // L' un deux et trois ! <end>
  CHECK(std::string(facts.metric_name()) == "perplexity");
  REQUIRE(task->example_lengths().size() == 104);
  Batch batch;
  const std::vector<std::uint64_t> ids{3, 0, 103};
  task->draw({0, Stream::train}, ids, batch);
  for (std::size_t b = 0; b < 3; ++b) {
    const auto pair = corpus.example(Stream::train, ids[b]);
    REQUIRE(batch.length[b] == static_cast<int>(pair.source.size()));
    REQUIRE(batch.target_steps[b] == static_cast<int>(pair.target.size()) + 1);
    for (std::size_t t = 0; t < pair.source.size(); ++t)
      CHECK(batch.symbol[t * 3 + b] == pair.source[t]);
    for (std::size_t t = 0; t < 7; ++t) {
      CHECK(batch.label[t * 3 + b] == (t < pair.target.size() ? pair.target[t] : end_symbol));
      CHECK(batch.weight[t * 3 + b] == (t <= pair.target.size() ? 1 : 0));
    }
  }
  // Sorted by them, targets are, and sources of one target's length.
  const auto places = task->example_lengths();
  for (std::size_t i = 0; i < 104; ++i) {
    const auto one = corpus.example(Stream::train, i), other = corpus.example(Stream::train, 0);
    const std::pair ours(one.target.size(), one.source.size()),
        its(other.target.size(), other.source.size());
    CHECK((places[i] < places[0]) == (ours < its));
  }
  // Chance: the entropy of the symbols of the training targets.
  std::map<std::int32_t, double> counts;
  double all = 0, entropy = 0;
  for (std::uint64_t i = 0; i < 104; ++i) {
    for (const std::int32_t s : corpus.example(Stream::train, i).target) ++counts[s], ++all;
    ++counts[end_symbol], ++all;
  }
  for (const auto& [symbol, n] : counts) entropy -= n / all * std::log(n / all);
  CHECK(facts.chance_loss == Approx(entropy));
}

TEST_CASE("translation: the scorer's BLEU and exact matches", "[tasks][translation]") {
  const Scratch scratch;
  const TranslationOptions options = options_for(scratch, made_corpus());
  const auto task = task_of(options);
  const TranslationCorpus corpus(options);
  CHECK(task->test_metrics()[0].name == "bleu");
  CHECK(task->test_metrics()[1].name == "exact_match");
  const auto right = task->scorer(Stream::test), half = task->scorer(Stream::test);
  for (std::uint64_t i = 0; i < 6; ++i) {
    const auto target = corpus.example(Stream::test, i).target;
    right->add_decoded(i, target);
    half->add_decoded(i, i % 2 ? target : std::span<const std::int32_t>{});
  }
  CHECK(right->values()[0] == Approx(100));
  CHECK(right->values()[1] == 1);
  CHECK(half->values()[1] == 0.5);
  CHECK(half->values()[0] < 60);
  CHECK(task->baselines().size() == 3);
  CHECK(task->baselines()[1].value == Approx(0).margin(10));  // only the comma and the stop agree
}

TEST_CASE("translation: too long pairs are left out, and counted", "[tasks][translation]") {
  const Scratch scratch;
  TranslationOptions options =
      options_for(scratch, made_corpus() +
                               "a b c d e f g\tx\none\tun deux trois quatre un deux "
                               "trois\none\tun\n");
  options.length = 6;
  options.target_length = 6;
  const TranslationCorpus corpus(options);
  CHECK(corpus.longest_source() == 5);
  CHECK(corpus.longest_target() == 6);
  // The longest source, and in training the longest target, which would be a reference of the test.
  CHECK(corpus.left_out() == (sources_of(corpus, Stream::train).count("one") ? 2 : 1));
  options.length = 4;
  CHECK_THROWS_AS(TranslationCorpus(options), Error);
}

TEST_CASE("translation: what does not fit is one line", "[tasks][translation]") {
  const Scratch scratch;
  const auto complaint = [&](auto&& change) -> std::string {
    TranslationOptions options = options_for(scratch, made_corpus());
    change(options);
    try {
      task_of(options);
    } catch (const Error& error) {
      return error.what();
    }
    return "nothing";
  };
  CHECK_THAT(complaint([](auto& o) { o.target = "en"; }), Contains("task.source"));
  CHECK_THAT(complaint([](auto& o) { o.valid_share = o.test_share = 0.5; }),
             Contains("task.valid_share"));
  CHECK_THAT(complaint([](auto& o) { o.vocabulary = 2; }), Contains("task.vocabulary"));
  CHECK_THAT(complaint([](auto& o) { o.length = 1; }), Contains("too few different sources"));
}

TEST_CASE("translation: Chinese by character, in lower case, from its column",
          "[tasks][translation]") {
  const Scratch scratch;
  std::string text;
  for (int i = 0; i < 20; ++i)
    text += "I have " + std::to_string(i) + ".\t我有" + std::to_string(i) + "个。\tCC\n";
  TranslationOptions options = options_for(scratch, text);
  options.source = "zh";
  options.target = "en";
  options.lower = true;
  const TranslationCorpus corpus(options);
  const auto pair = corpus.example(Stream::train, 0);
  const auto source = words_of(corpus.sources().symbols(), pair.source);
  CHECK(source[0] == "我");
  CHECK(source.back() == "。");
  CHECK(words_of(corpus.targets().symbols(), pair.target)[0] == "i");
  CHECK(corpus.references(Stream::test, 0)[0].starts_with("i have"));
  options.source_column = 1;
  CHECK(words_of(TranslationCorpus(options).sources().symbols(),
                 TranslationCorpus(options).example(Stream::train, 0).source)[0] == "i");
}

TEST_CASE("translation: the real corpora", "[tasks][translation]") {
  const auto french = corpus("tatoeba/fra-eng.zip");
  const auto captions = corpus("multi30k");
  if (!french || !captions) {
    WARN("skipped: no tatoeba and multi30k in RNNLAB_TEST_DATA");
    return;
  }
  TranslationOptions options;
  options.path = french->string();
  options.length = 10;
  const TranslationCorpus tatoeba(options);
  const auto train = sources_of(tatoeba, Stream::train), test = sources_of(tatoeba, Stream::test);
  for (const std::string& source : test) {
    // With U+FFFD in it, different sources may look the same.
    if (source.find("\xEF\xBF\xBD") == std::string::npos) REQUIRE_FALSE(train.count(source));
  }
  std::size_t references = 0;
  for (std::int64_t i = 0; i < tatoeba.examples(Stream::test); ++i)
    references += tatoeba.references(Stream::test, static_cast<std::uint64_t>(i)).size();
  CHECK(references > test.size());

  options = {};
  options.path = captions->string();
  options.source = "de";
  options.target = "en";
  options.length = options.target_length = 50;
  const TranslationCorpus multi30k(options);
  CHECK(multi30k.examples(Stream::train) == 29000);
  CHECK(multi30k.examples(Stream::valid) == 1014);
  CHECK(multi30k.examples(Stream::test) == 1000);
  CHECK(multi30k.left_out() == 0);
}
