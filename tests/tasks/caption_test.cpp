#include "caption.hpp"

#include <catch2/catch.hpp>
#include <map>

#include "base/statistics.hpp"
#include "data/idx_files.hpp"
#include "data/ngram.hpp"
#include "files.hpp"
#include "read_captions.hpp"
#include "record/scratch.hpp"
#include "train/gradcheck.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

TEST_CASE("caption: a made scene's sentence says two shapes and how they stand",
          "[tasks][caption]") {
  const auto task = caption({});
  const Facts facts = task->facts();
  CHECK((facts.symbols && facts.readout == Readout::every && facts.given == 64));
  CHECK((facts.length == 10 && facts.inputs == 19 && facts.outputs == 19));
  const Batch batch = drawn(*task, Stream::train, 0, 20000);
  std::vector<std::map<std::string, std::size_t>> at(10);
  std::map<std::string, std::size_t> colours_together;
  for (std::size_t b = 0; b < 20000; ++b) {
    const Strings words = words_of(*task, batch, b);
    REQUIRE(words.size() == 10);
    for (std::size_t t = 0; t < 10; ++t) ++at[t][words[t]];
    ++colours_together[words[2] + words[7]];
  }
  const auto shares = [](const std::map<std::string, std::size_t>& counts) {
    std::vector<std::size_t> all;
    for (const auto& [word, count] : counts) all.push_back(count);
    return all;
  };
  const std::vector<std::size_t> different{1, 2, 6, 5, 4, 1, 2, 6, 5, 1};
  for (std::size_t t = 0; t < 10; ++t) {
    CAPTURE(t);
    CHECK(at[t].size() == different[t]);
    if (different[t] > 1) CHECK(std::abs(chi_square_z(shares(at[t]))) < 4);
  }
  CHECK(at[0].count("a") == 1);
  CHECK(at[2].count("red") == 1);
  CHECK(at[4].count("above") == 1);
  CHECK((at[1] != at[6] && at[1].count("small") == 1 && at[6].count("small") == 1));
  CHECK(colours_together.size() == 36);
  CHECK(std::abs(chi_square_z(shares(colours_together))) < 4);
}

TEST_CASE("caption: a scene's vector is a sum over its attributes, and noise", "[tasks][caption]") {
  const auto still = caption({{"task.noise", "0"}, {"task.features", "40"}});
  std::map<std::string, std::vector<float>> known;
  constexpr std::size_t N = 40000;
  const Batch batch = drawn(*still, Stream::train, 0, N);
  std::vector<Strings> said;
  // Means of all vectors, and of those whose word t is w.
  std::vector<double> mean(40, 0.0);
  std::map<std::pair<std::size_t, std::string>, std::pair<double, std::vector<double>>> of_word;
  for (std::size_t b = 0; b < N; ++b) {
    said.push_back(words_of(*still, batch, b));
    const std::vector<float> v = vector_of(batch, b);
    const auto [found, fresh] = known.emplace(joined_words(said.back()), v);
    if (!fresh) CHECK(found->second == v);
    for (const std::size_t t : {1, 2, 3, 4, 6, 7, 8}) {
      auto& [count, sum] = of_word[{t, said.back()[t]}];
      sum.resize(40);
      ++count;
      for (std::size_t f = 0; f < 40; ++f) sum[f] += static_cast<double>(v[f]);
    }
    for (std::size_t f = 0; f < 40; ++f) mean[f] += static_cast<double>(v[f]) / N;
  }
  CHECK(of_word.size() == 30);
  double missed = 0, all = 0;
  for (std::size_t b = 0; b < 1000; ++b) {
    const std::vector<float> v = vector_of(batch, b);
    for (std::size_t f = 0; f < 40; ++f) {
      double sum = mean[f];
      for (const std::size_t t : {1, 2, 3, 4, 6, 7, 8}) {
        const auto& [count, of] = of_word[{t, said[b][t]}];
        sum += of[f] / count - mean[f];
      }
      missed += std::pow(static_cast<double>(v[f]) - sum, 2);
      all += std::pow(static_cast<double>(v[f]) - mean[f], 2);
    }
  }
  CHECK(missed < 0.01 * all);
  // The matrix is task.seed's, whatever the split; another seed mixes otherwise.
  std::size_t met = 0;
  const Batch test = drawn(*still, Stream::test, 0, 500);
  for (std::size_t b = 0; b < 500; ++b) {
    const auto found = known.find(joined_words(words_of(*still, test, b)));
    if (found == known.end()) continue;
    ++met;
    CHECK(found->second == vector_of(test, b));
  }
  CHECK(met > 400);
  const auto other = caption({{"task.noise", "0"}, {"task.features", "40"}, {"task.seed", "1"}});
  CHECK(vector_of(drawn(*other, Stream::train, 0, 1), 0) != vector_of(batch, 0));

  // The same scenes with noise: what was added is normal, of the deviation that was asked for.
  for (const double sigma : {0.5, 3.0}) {
    const auto noisy = caption({{"task.noise", std::to_string(sigma)}, {"task.features", "40"}});
    const Batch seen = drawn(*noisy, Stream::train, 0, 1000);
    CHECK(seen.label == drawn(*still, Stream::train, 0, 1000).label);
    std::vector<double> z;
    for (std::size_t i = 0; i < seen.given.size(); ++i) {
      const std::size_t b = i / 40, f = i % 40;
      z.push_back((static_cast<double>(seen.given[i]) * std::sqrt(1 + sigma * sigma) -
                   static_cast<double>(batch.given[b * 40 + f])) /
                  sigma);
    }
    CHECK(kolmogorov(z, [](double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }) < 1.95);
  }
}

TEST_CASE("caption: what is lost without a scene's vector", "[tasks][caption]") {
  const auto task = caption({});
  const auto plateaus = task->plateaus();
  REQUIRE(plateaus.size() == 3);
  // Even choices of 2 sizes, 6 colours, 5 kinds and 4 relations; ten words.
  CHECK(plateaus[1].loss == Approx((2 * std::log(60.0) + std::log(4.0)) / 10));
  CHECK(plateaus[2].loss == Approx(std::log(60.0) / 10));
  CHECK(task->facts().chance_loss == plateaus[0].loss);
  CHECK(task->facts().solved == Approx(std::exp(plateaus[1].loss / 10)));
  // Counted on other scenes.
  std::vector<std::vector<std::int32_t>> texts;
  for (const Stream split : {Stream::train, Stream::test}) {
    const Batch batch = drawn(*task, split, 0, 20000);
    for (std::size_t b = 0; b < 20000; ++b) {
      texts.push_back({0});
      for (const int word : labels_of(batch, b)) texts.back().push_back(word);
    }
  }
  const Sequences all(texts.begin(), texts.end());
  const auto counted = ngram_baselines(Sequences(all.begin(), all.begin() + 20000),
                                       Sequences(all.begin() + 20000, all.end()), 19);
  const auto closed = task->baselines();
  CHECK(value_of(closed, "unigram") ==
        Approx(std::exp2(value_of(counted, "unigram"))).epsilon(0.003));
  CHECK(value_of(closed, "bigram") == Approx(std::exp2(value_of(counted, "bigram"))).epsilon(0.01));
  CHECK(value_of(closed, "unigram") == Approx(std::exp(plateaus[0].loss)));
}

TEST_CASE("caption: a digit's points, and its name", "[tasks][caption]") {
  const Scratch scratch;
  const std::vector<int> train{5, 0, 5, 1, 3, 5, 9, 2}, test{7, 5, 1};
  const auto write = [&](const std::string& name, const std::vector<int>& labels) {
    std::string points;
    for (std::size_t i = 0; i < labels.size() * 6; ++i) points += static_cast<char>(40 * (i % 6));
    write_file(scratch.path(name + "-images-idx3-ubyte"),
               idx_images(static_cast<std::uint32_t>(labels.size()), 2, 3, points));
    write_file(scratch.path(name + "-labels-idx1-ubyte"), idx_labels(labels));
  };
  write("train", train);
  write("t10k", test);
  const TaskSettings from{
      {"task.corpus", "digits"}, {"task.path", scratch.path("")}, {"task.valid_examples", "2"}};
  for (const bool chinese : {false, true}) {
    TaskSettings settings = from;
    settings.emplace_back("task.language", chinese ? "zh" : "en");
    const auto task = caption(settings);
    const Facts facts = task->facts();
    CHECK((facts.given == 6 && facts.length == (chinese ? 2 : 6)));
    CHECK(task->symbols().size() == (chinese ? 11 : 16));
    CHECK(task->examples(Stream::train) == 6);
    CHECK(task->examples(Stream::valid) == 2);
    CHECK(task->examples(Stream::test) == 3);
    CHECK_FALSE(task->data_sha256().empty());
    const Batch batch = drawn(*task, Stream::test, 0, 3);
    CHECK(joined_words(words_of(*task, batch, 0)) == (chinese ? "七 <end>" : "s e v e n <end>"));
    CHECK(joined_words(words_of(*task, batch, 2)) == (chinese ? "一 <end>" : "o n e <end>"));
    CHECK(vector_of(batch, 1)[3] == static_cast<float>(120 / 255.0));
    // Of 5 0 5 1 3 5, letters and ends: who knows those so far pays for the class alone.
    const double letters = chinese ? 12 : 5 * 3 + 5 + 4 + 6, half = 0.5 * std::log(2.0);
    CHECK(task->plateaus().at(1).loss * letters / 6 == Approx(half + 0.5 * std::log(6.0)));
    if (chinese)
      CHECK(facts.chance_loss == Approx(std::log(2.0) + (half + 0.5 * std::log(6.0)) / 2));
    CHECK(value_of(task->baselines(), "unigram") > 1);
  }
  CHECK_THAT(complaint({{"task.path", scratch.path("")}}, Exit::usage),
             Contains("made scenes are read from no file (task.path)"));
}

TEST_CASE("caption: a sentence matches where every word is the likeliest one", "[tasks][caption]") {
  const auto task = caption({});
  REQUIRE(task->test_metrics().size() == 1);
  CHECK(task->test_metrics()[0].name == "exact_match");
  const auto scorer = task->scorer(Stream::test);
  const std::vector<std::uint64_t> ids{0, 1, 2, 3};
  Batch batch;
  task->draw({0, Stream::test}, ids, batch);
  batch.weight[9 * 4 + 3] = 0;  // as if the last sentence were a word shorter
  std::vector<float> y(batch.label.size() * 19, 0.0f);
  for (std::size_t at = 0; at < batch.label.size(); ++at)
    y[at * 19 + static_cast<std::size_t>(batch.label[at])] = 1;
  const auto mislead = [&](std::size_t t, std::size_t b) {
    y[(t * 4 + b) * 19 + static_cast<std::size_t>((batch.label[t * 4 + b] + 1) % 19)] = 2;
  };
  mislead(2, 1);
  mislead(9, 2);
  mislead(9, 3);
  scorer->add(batch, ids, y);
  CHECK(scorer->values() == std::vector<double>{0.5});
}

TEST_CASE("caption: gradients with the vector given once or at every step", "[tasks][caption]") {
  const auto task = caption({{"task.features", "5"}});
  for (const char* at : {"first", "every-step"}) {
    for (const char* model : {"lstm", "gru", "transformer"}) {
      const ModelOptions options =
          configured("caption",
                     {{"model.name", model}, {"model.hidden", "6"}, {"model.input_at", at}})
              .model();
      for (const GradientError& e : gradcheck(*task, options, 1, 2)) {
        CAPTURE(at, model, e.parameter);
        CHECK(e.error < 1e-6);
      }
    }
  }
}
