#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>

#include "base/error.hpp"
#include "data/archives.hpp"
#include "data/confusion.hpp"
#include "data/log_mel.hpp"
#include "data/wav.hpp"
#include "data/wav_files.hpp"
#include "drawn.hpp"
#include "files.hpp"
#include "places.hpp"
#include "record/scratch.hpp"
#include "taught.hpp"
#include "train/ctc_task.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

std::unique_ptr<Task> speech(const Settings& settings) {
  return configured("speech", settings).make_task();
}

/// Recordings in a folder of their own: words that scripts/make_tone_words.py makes.
class Recordings {
 public:
  explicit Recordings(const std::string& options) {
    const std::string command = "/usr/bin/python3 '" + checkout + "/scripts/make_tone_words.py' '" +
                                path() + "' " + options;
    REQUIRE(std::system(command.c_str()) == 0);
  }
  std::string path(const std::string& name = "") const { return scratch_.path(name); }

 private:
  Scratch scratch_;
};

/// Six sounds and whatever lists are given.
class Folder {
 public:
  Folder(std::initializer_list<std::pair<std::string, std::string>> lists) {
    for (int n = 0; n < 6; ++n) {
      std::vector<int> samples;
      for (int k = 0; k < 400 + 80 * n; ++k) samples.push_back(k * (n + 1) * 991 % 20000 - 10000);
      write_file(path(std::to_string(n) + ".wav"), wav_of(samples));
    }
    for (const auto& [name, text] : lists) write_file(path(name), text);
  }
  std::string path(const std::string& name = "") const { return scratch_.path(name); }
  std::unique_ptr<Task> task(Settings settings = {}) const {
    settings.insert(settings.begin(), {{"task.path", path()}, {"task.target", "word"}});
    return speech(settings);
  }
  std::string complaint(const Settings& settings = {}) const {
    try {
      task(settings);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

 private:
  Scratch scratch_;
};

const std::string six = "0.wav\ta\n1.wav\tb\n2.wav\ta\n3.wav\tb\n4.wav\ta\n5.wav\tb\n";

std::vector<int> word_of(const Batch& batch, std::size_t b) {
  std::vector<int> word = labels_of(batch, b);
  word.resize(static_cast<std::size_t>(batch.target_steps[b]));
  return word;
}

}  // namespace

TEST_CASE("speech: the frames' labels spell the word", "[tasks][speech]") {
  const Settings size{{"task.letters", "5"}, {"task.min_letters", "2"}};
  Settings spelt = size;
  spelt.emplace_back("task.target", "characters");
  const auto frames = speech(size), characters = speech(spelt);
  CHECK(frames->symbols() == std::vector<std::string>{"<pause>", "ɑ", "ɛ", "i", "ɔ", "u"});
  CHECK(characters->symbols() == std::vector<std::string>{"<end>", "ɑ", "ɛ", "i", "ɔ", "u"});
  CHECK(frames->facts().readout == Readout::every);
  CHECK(characters->facts().target_length == 6);
  const Batch one = drawn(*frames, Stream::test, 0, 200);
  const Batch other = drawn(*characters, Stream::test, 0, 200);
  CHECK((one.x == other.x));
  std::set<std::size_t> lengths;
  for (std::size_t b = 0; b < 200; ++b) {
    std::vector<int> spoken;
    const auto labels = labels_of(one, b);
    int pauses = 0;
    for (int t = 0; t < one.T; ++t) {
      const int label = labels[static_cast<std::size_t>(t)];
      const bool within = t < one.length[b];
      CHECK(one.weight[static_cast<std::size_t>(t) * 200 + b] == (within ? 1 : 0));
      if (within && label == 0) ++pauses;
      if (label > 0 && (spoken.empty() || labels[static_cast<std::size_t>(t) - 1] != label))
        spoken.push_back(label);
    }
    CHECK(pauses >= 2 * static_cast<int>(spoken.size()));
    spoken.push_back(end_symbol);
    CHECK(word_of(other, b) == spoken);
    lengths.insert(spoken.size());
  }
  CHECK(lengths == std::set<std::size_t>{3, 4, 5, 6});
}

TEST_CASE("speech: of ctc, the letters in their order and every frame scored",
          "[tasks][speech][ctc]") {
  Settings settings{{"task.letters", "4"},
                    {"task.min_letters", "1"},
                    {"task.alphabet", "2"},
                    {"task.target", "characters"}};
  const auto characters = speech(settings);
  settings.back().second = "ctc";
  const auto ctc = speech(settings);
  const Facts facts = ctc->facts();
  CHECK(facts.loss == LossKind::ctc);
  CHECK(facts.target_length == 4);
  CHECK(ctc->symbols() == std::vector<std::string>{"<blank>", "ɑ", "ɛ"});
  const Batch one = drawn(*ctc, Stream::test, 0, 100);
  const Batch other = drawn(*characters, Stream::test, 0, 100);
  CHECK(fits_ctc(facts, one));
  CHECK((one.x == other.x));
  double frames = 0;
  for (std::size_t b = 0; b < 100; ++b) {
    std::vector<int> word = word_of(one, b);
    CHECK(word.size() == static_cast<std::size_t>(one.target_steps[b]));
    word.push_back(end_symbol);
    CHECK(word_of(other, b) == word);
    frames += one.length[b];
  }
  // One to four letters of two, uniform: ln 4 for how many, 2.5 ln 2 for which, in the mean.
  CHECK(facts.chance_loss ==
        Approx((std::log(4.0) + 2.5 * std::log(2.0)) / (frames / 100)).epsilon(0.1));
  CHECK(ctc->baselines().at(0).value == 1);
  CHECK(ctc->test_metrics().empty());

  const Config config = configured("speech", {{"task.letters", "2"},
                                              {"task.min_letters", "1"},
                                              {"task.alphabet", "2"},
                                              {"task.target", "ctc"},
                                              {"task.valid_examples", "32"},
                                              {"task.test_examples", "128"},
                                              {"model.name", "bi-gru"},
                                              {"model.hidden", "16"},
                                              {"train.optimizer", "adam"},
                                              {"train.lr", "0.01"},
                                              {"train.clip_norm", "1"},
                                              {"train.batch", "16"},
                                              {"train.steps", "250"},
                                              {"train.eval_every", "0"}});
  const auto task = config.make_task();
  MemorySink sink;
  const Outcome outcome = taught(config, *task, sink);
  CHECK(outcome.ended == Ended::completed);
  CHECK(outcome.test_loss < 0.3 * task->facts().chance_loss);
}

TEST_CASE("speech: chance is what the shares of made words cost", "[tasks][speech]") {
  for (const std::string letters : {"1", "4"}) {
    const auto task =
        speech({{"task.letters", letters}, {"task.min_letters", "1"}, {"task.alphabet", "3"}});
    std::vector<double> count(4);
    double all = 0;
    const Batch batch = drawn(*task, Stream::train, 0, 4000);
    for (std::size_t i = 0; i < batch.label.size(); ++i) {
      count[static_cast<std::size_t>(batch.label[i])] += static_cast<double>(batch.weight[i]);
      all += static_cast<double>(batch.weight[i]);
    }
    double entropy = 0;
    for (const double c : count) entropy -= c / all * std::log(c / all);
    CHECK(task->facts().chance_loss == Approx(entropy).epsilon(0.01));
    CHECK(task->baselines().at(0).value ==
          Approx(*std::max_element(count.begin(), count.end()) / all).margin(0.02));
  }
  CHECK(speech({{"task.target", "word"}, {"task.words", "7"}})->facts().chance_loss ==
        Approx(std::log(7.0)));
  // Two vowels of 4 and an end that is certain; one or two, where the end is a coin's after one.
  const auto spelt = [](const char* least) {
    return speech({{"task.target", "characters"},
                   {"task.letters", "2"},
                   {"task.min_letters", least},
                   {"task.alphabet", "4"}})
        ->facts()
        .chance_loss;
  };
  CHECK(spelt("2") == Approx(2 * std::log(4.0) / 3));
  CHECK(spelt("1") == Approx((1.5 * std::log(4.0) + std::log(2.0)) / 2.5));
}

TEST_CASE("speech: a list of words, a function of the seed", "[tasks][speech]") {
  const auto words = [](const char* seed) {
    return speech({{"task.target", "word"},
                   {"task.words", "20"},
                   {"task.letters", "3"},
                   {"task.alphabet", "3"},
                   {"task.seed", seed}})
        ->symbols();
  };
  const auto once = words("0");
  CHECK(once.size() == 20);
  CHECK(std::set<std::string>(once.begin(), once.end()).size() == 20);
  CHECK(words("0") == once);
  CHECK(words("1") != once);
  const Settings few{{"task.target", "word"}, {"task.letters", "2"}, {"task.alphabet", "2"}};
  Settings many = few;
  many.emplace_back("task.words", "5");
  CHECK_THROWS_WITH(speech(many), Contains("only 4 different words (task.words)"));
  CHECK_THROWS_WITH(speech({{"task.letters", "2"}, {"task.min_letters", "3"}}),
                    Contains("task.min_letters"));
}

TEST_CASE("speech: vowels are told apart by their spectrum, less so in noise", "[tasks][speech]") {
  const auto nearest = [](const char* snr) {
    const auto task = speech({{"task.snr", snr}, {"task.test_examples", "200"}});
    CHECK(task->baselines().at(1).name == "nearest class mean of the frame");
    return task->baselines().at(1).value;
  };
  const double clear = nearest("30"), drowned = nearest("-20");
  CHECK(clear > 0.75);
  CHECK(drowned < 0.5);
}

TEST_CASE("speech: recordings, as read from folder and archive", "[tasks][speech]") {
  const Recordings words("--count 40 --letters 3 --words 4 --seed 3");
  const auto task = speech({{"task.path", words.path()}, {"task.target", "word"}});
  CHECK(task->facts().outputs == 4);
  CHECK(task->examples(Stream::train) == 32);
  CHECK(task->examples(Stream::valid) == 4);
  CHECK(task->examples(Stream::test) == 4);
  CHECK(task->example_lengths().size() == 32);
  CHECK(task->data_sha256().size() == 64);

  // Every frame of the training part, normalised here once more.
  std::map<std::string, std::string> label;
  for (const auto& line : {text_of(words.path("labels.tsv"))}) {
    std::istringstream lines(line);
    for (std::string file, word; lines >> file >> word;) label[file] = word;
  }
  const LogMel log_mel(8000, 40, 0, 0);
  const Batch batch = drawn(*task, Stream::train, 0, 32);
  std::vector<double> sum(40), squares(40);
  double frames = 0;
  for (std::size_t b = 0; b < 32; ++b) {
    const auto x = inputs_of(batch, 40, b);
    for (std::size_t i = 0; i < static_cast<std::size_t>(batch.length[b]) * 40; ++i) {
      sum[i % 40] += static_cast<double>(x[i]);
      squares[i % 40] += static_cast<double>(x[i] * x[i]);
    }
    frames += batch.length[b];
  }
  for (std::size_t i = 0; i < 40; ++i) {
    CHECK(sum[i] / frames == Approx(0).margin(1e-4));
    CHECK(squares[i] / frames == Approx(1).epsilon(1e-3));
  }
  // Each is one of the recordings, told apart by its frames; its word is the list's.
  std::size_t found = 0;
  for (const auto& [file, word] : label) {
    const Wav wav = read_wav(text_of(words.path(file)), file);
    std::vector<float> own(log_mel.frames(wav.samples.size()) * 40);
    log_mel(wav.samples, own);
    for (std::size_t b = 0; b < 32; ++b) {
      const auto x = inputs_of(batch, 40, b);
      if (static_cast<std::size_t>(batch.length[b]) * 40 != own.size()) continue;
      double covariance = 0;  // of the two, but for a shift and a scale of each filter
      double a = 0, c = 0;
      for (std::size_t i = 40; i < own.size(); i += 40) {
        const double dx = static_cast<double>(x[i] - x[i - 40]);
        const double dy = static_cast<double>(own[i] - own[i - 40]);
        covariance += dx * dy;
        a += dx * dx;
        c += dy * dy;
      }
      if (covariance / std::sqrt(a * c) < 0.9999) continue;
      ++found;
      CHECK(task->symbols()[static_cast<std::size_t>(batch.label[b])] == word);
    }
  }
  CHECK(found == 32);

  Settings members;
  for (const auto& entry : std::filesystem::directory_iterator(words.path()))
    members.emplace_back("some/folder/" + entry.path().filename().string(), text_of(entry.path()));
  const Scratch scratch;
  write_zip(scratch.path("words.zip"), members);
  const auto zipped = speech({{"task.path", scratch.path("words.zip")}, {"task.target", "word"}});
  CHECK((drawn(*zipped, Stream::train, 0, 32).x == batch.x));

  const auto spelt = speech({{"task.path", words.path()}, {"task.target", "characters"}});
  CHECK(spelt->facts().target_length == 4);
  CHECK(spelt->symbols().front() == "<end>");
  const Batch letters = drawn(*spelt, Stream::train, 0, 32);
  for (std::size_t b = 0; b < 32; ++b) {
    std::string text;
    for (const int symbol : word_of(letters, b))
      if (symbol != end_symbol) text += spelt->symbols()[static_cast<std::size_t>(symbol)];
    CHECK(text == task->symbols()[static_cast<std::size_t>(batch.label[b])]);
  }
}

TEST_CASE("speech: a corpus' own parts", "[tasks][speech]") {
  const Folder folder{{"train.tsv", "0.wav\tb a\n\n1.wav\ta\r\n2.wav\tb\n"},
                      {"valid.tsv", "3.wav\tax\n"},
                      {"test.tsv", "4.wav\tb\n5.wav\ta\n"}};
  const auto task = folder.task({{"task.target", "characters"}});
  CHECK(task->examples(Stream::train) == 3);
  CHECK(task->examples(Stream::valid) == 1);
  CHECK(task->examples(Stream::test) == 2);
  CHECK(task->symbols() == std::vector<std::string>{"<end>", " ", "a", "b", "\xEF\xBF\xBD"});
  const Batch train = drawn(*task, Stream::train, 0, 3), valid = drawn(*task, Stream::valid, 0, 1);
  CHECK(word_of(train, 0) == std::vector<int>{3, 1, 2, 0});
  CHECK(word_of(train, 1) == std::vector<int>{2, 0});
  CHECK(word_of(valid, 0) == std::vector<int>{2, 4, 0});
  CHECK(train.length == std::vector<int>{3, 4, 5});
  // Eight symbols in training: ends 3, b 2, a 2, blank 1.
  const double expected = -(3 * std::log(3 / 8.0) + 4 * std::log(2 / 8.0) + std::log(1 / 8.0)) / 8;
  CHECK(task->facts().chance_loss == Approx(expected));
  CHECK(task->baselines().at(0).value == Approx(2 / 4.0));  // ends, of b ■ a ■
  CHECK_THAT(folder.complaint(), Contains("no class ax (") && Contains("valid.tsv:1)"));
}

TEST_CASE("speech: what cannot be read is told with file and line", "[tasks][speech]") {
  CHECK((Folder{{"labels.tsv", six}}.complaint().empty()));
  const auto with = [](const std::string& line) {
    return Folder{{"labels.tsv", six + line}}.complaint();
  };
  CHECK_THAT(with("6.wav\ta\n"), Contains("no file 6.wav") && Contains("labels.tsv:7)"));
  CHECK_THAT(with("5.wav\ta\n"), Contains("listed twice") && Contains("labels.tsv:7)"));
  CHECK_THAT(with("5.wav\n"), Contains("a line of 1 columns"));
  CHECK_THAT(with("5.wav\ta\tb\n"), Contains("a line of 3 columns"));
  CHECK_THAT(with("5.wav\t \n"), Contains("without a label"));
  CHECK_THAT(with("\ta\n"), Contains("without a file"));
  CHECK_THAT(with("\xFF\ta\n"), Contains("labels.tsv:7)"));
  const auto lists = [](const std::string& name, const std::string& text) {
    return Folder{{name, text}}.complaint();
  };
  CHECK_THAT(Folder{}.complaint(), Contains("neither labels.tsv nor train.tsv"));
  CHECK_THAT(lists("labels.tsv", "\n"), Contains("list is empty"));
  CHECK_THAT(lists("train.tsv", six), Contains("no valid.tsv"));
  CHECK_THAT(lists("labels.tsv", "0.wav\ta\n1.wav\ta\n2.wav\ta\n"), Contains("one class only"));
  CHECK_THAT(lists("labels.tsv", "0.wav\ta\n1.wav\tb\n"), Contains("too few examples"));

  const Folder folder{{"labels.tsv", six}};
  CHECK_THAT(folder.complaint({{"task.target", "frames"}}), Contains("task.target"));
  CHECK_THAT(folder.complaint({{"task.f_max", "5000"}}), Contains("task.f_max <= 4000"));
  write_file(folder.path("4.wav"), wav_of({1, 2, 3}, 16000));
  CHECK_THAT(folder.complaint(),
             Contains("16000 Hz, not the 8000 of 0.wav") && Contains("4.wav);"));
  write_file(folder.path("4.wav"), wav_of({1, 2, 3}).substr(0, 40));
  CHECK_THAT(folder.complaint(), Contains("4.wav);") && Contains("ends after 40"));
  const float huge = 1e30f;
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &huge, 4);
  write_file(folder.path("4.wav"), wav_file(bytes, 8000, 1, 32, 3));
  CHECK_THAT(folder.complaint(), Contains("not finite") && Contains("4.wav"));
}

TEST_CASE("speech: a GRU learns recorded words", "[tasks][speech][learning]") {
  const Recordings words("--count 300 --letters 2 --words 4 --snr 30");
  const Config config = configured("speech", {{"task.path", words.path()},
                                              {"task.target", "word"},
                                              {"model.name", "gru"},
                                              {"model.hidden", "24"},
                                              {"train.optimizer", "adam"},
                                              {"train.lr", "0.01"},
                                              {"train.clip_norm", "1"},
                                              {"train.batch", "16"},
                                              {"train.steps", "200"},
                                              {"train.eval_every", "0"}});
  const auto task = config.make_task();
  MemorySink sink;
  const Outcome outcome = taught(config, *task, sink);
  CHECK(outcome.test_loss < 0.5 * task->facts().chance_loss);
}
