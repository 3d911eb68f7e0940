#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <sstream>

#include "command.hpp"
#include "data/corpora.hpp"
#include "files.hpp"
#include "record/run_reader.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

std::vector<std::vector<std::string>> rows_of(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    rows.emplace_back();
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, '\t');) rows.back().push_back(cell);
  }
  return rows;
}

const std::string little_model =
    " --model.name seq2seq-attention --model.hidden 32 --model.embedding 16 --train.batch 8 "
    "--train.lr 0.01 --train.clip_norm 1 --train.eval_every 0 --quiet --task.name translation "
    "--task.source fr --task.target en --task.source_column 1 --task.min_count 1 "
    "--task.valid_share 0.05 --task.test_share 0 --task.path ";

/// Trains on all pairs but those of a source or two, and counts those of the rest whose source is
/// translated into one of its targets, in tokens.
double share_of_right(const Workplace& here, const std::string& corpus, int steps) {
  const Ended trained =
      here.call("run --run.dir r --train.steps " + std::to_string(steps) + little_model + corpus);
  INFO(trained.err);
  REQUIRE(trained.code == 0);
  const Ended scored = here.call("translate r --score s.tsv");
  INFO(scored.err);
  REQUIRE(scored.code == 0);
  std::set<std::string> held_out;
  for (const auto& row : rows_of(text_of(here.path("s.tsv")))) held_out.insert(row[0]);

  std::string input;
  std::vector<std::string> sources;
  std::map<std::string, std::set<std::string>> targets;
  for (const auto& row : rows_of(text_of(corpus))) {
    if (held_out.count(row[0])) continue;
    if (!targets.count(row[0])) input += row[0] + "\n", sources.push_back(row[0]);
    targets[row[0]].insert(row[1]);
  }
  write_file(here.path("in.txt"), input);
  const Ended translated = here.call("translate r --input in.txt");
  REQUIRE(translated.code == 0);
  const auto lines = rows_of(translated.out);
  REQUIRE(lines.size() == sources.size());
  double right = 0;
  const auto without_blanks = [](std::string text) {
    std::erase(text, ' ');
    return text;
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    bool found = false;
    for (const std::string& target : targets[sources[i]])
      found = found || (!lines[i].empty() && without_blanks(target) == without_blanks(lines[i][0]));
    CAPTURE(sources[i], translated.out);
    CHECK(found);
    right += found;
  }
  return right / static_cast<double>(lines.size());
}

std::string made_pairs() {
  const std::vector<std::string> fr{"le chat", "l'eau", "un chien", "la Terre"};
  const std::vector<std::string> en{"the cat", "the water", "a dog", "the Earth"};
  std::string text;
  for (std::size_t i = 0; i < 4; ++i) {
    text += fr[i] + " est ici.\t" + en[i] + " is here.\n";
    text += "Où est " + fr[i] + " ?\tWhere is " + en[i] + "?\n";
    text += "J'aime " + fr[i] + ", oui !\tI like " + en[i] + ", yes!\n";
  }
  return text;
}

}  // namespace

TEST_CASE("sentences are learnt, translated and scored", "[cli][translate][sentences]") {
  const Workplace here;
  write_file(here.path("pairs.tsv"), made_pairs());
  CHECK(share_of_right(here, here.path("pairs.tsv").string(), 150) == 1);

  const RunReader run(here.path("r/run.h5").string());
  for (const char* const metric : {"loss", "perplexity", "bleu", "exact_match"})
    CHECK(run.last(std::string("test/") + metric).has_value());
  std::map<std::string, std::string> notes;
  for (const auto& [name, value] : run.attributes())
    if (const auto* text = std::get_if<std::string>(&value)) notes[name] = *text;
  CHECK(notes["source_text"] == "fr words");
  CHECK(notes["target_text"] == "en words");
  CHECK(notes["pairs_left_out"] == "0");

  // What was scored is what the run said of itself.
  const auto rows = rows_of(text_of(here.path("s.tsv")));
  REQUIRE(rows.size() >= 2);
  CHECK(rows[0][5] == "hypothesis");
  double nats = 0, steps = 0;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    nats += std::stod(rows[i][2]);
    steps += std::stod(rows[i][3]);
  }
  CHECK(nats / steps == Approx(run.last("test/loss").value()).epsilon(1e-4));
  const Ended scored = here.call("translate r --score again.tsv");
  CHECK_THAT(scored.out, Contains("exact_match") && Contains("0 pairs of the corpus are left out"));
  CHECK(text_of(here.path("again.tsv")) == text_of(here.path("s.tsv")));

  SECTION("what the model does not know is read all the same") {
    write_file(here.path("new.txt"), "Où est Zoé ?\n");
    const Ended ended = here.call("translate r --input new.txt --attention a.h5 --beam 3");
    CHECK(ended.code == 0);
    CHECK_THAT(ended.out, Contains("Where is"));
    CHECK(here.has("a.h5"));
  }
  SECTION("what does not go together is one line") {
    const auto refused = [&](const std::string& line, int code, const std::string& what) {
      const Ended ended = here.call(line);
      CAPTURE(line, ended.err);
      CHECK(ended.code == code);
      CHECK(ended.one_line_error());
      CHECK_THAT(ended.err, Contains(what));
    };
    refused("translate r --score t.tsv --input in.txt", 2, "--input");
    refused("translate r --input in.txt --task.seed 1", 2, "--score");
    refused("translate r --score t.tsv --task.vocabulary 5", 4, "another vocabulary");
    refused("translate r --score t.tsv --task.path none.tsv", 4, "none.tsv");
    refused("translate r --score none/t.tsv", 5, "none");
    write_file(here.path("bytes.txt"), "ici\n\xff\n");
    refused("translate r --input bytes.txt", 4, "bytes.txt:2");
    REQUIRE(here.call("run --run.dir other --task.name reverse --task.length 3 --task.alphabet 3 "
                      "--model.name seq2seq --model.hidden 4 --train.steps 2 --train.batch 2 "
                      "--task.valid_examples 2 --task.test_examples 2 --quiet")
                .code == 0);
    refused("translate other --score t.tsv", 2, "task reverse");
  }
}

TEST_CASE("a byte order mark is no part of the first sentence", "[cli][translate][sentences]") {
  const Workplace here;
  write_file(here.path("pairs.tsv"), made_pairs());
  share_of_right(here, here.path("pairs.tsv").string(), 20);
  std::string sentence = made_pairs();
  sentence = sentence.substr(sentence.find('\t') + 1);
  sentence = sentence.substr(0, sentence.find_first_of("\t\n")) + "\n";
  write_file(here.path("plain.txt"), sentence);
  write_file(here.path("marked.txt"), "\xEF\xBB\xBF" + sentence);
  const Ended plain = here.call("translate r --input plain.txt");
  CHECK(plain.code == 0);
  CHECK(here.call("translate r --input marked.txt").out == plain.out);
}

TEST_CASE("twenty French sentences are learnt by heart", "[cli][translate][sentences]") {
  const auto file = corpus("d2l-fr-en-small/fr-en-small.txt");
  if (!file) {
    WARN("skipped: no d2l-fr-en-small in RNNLAB_TEST_DATA");
    return;
  }
  const Workplace here;
  CHECK(share_of_right(here, file->string(), 300) == 1);
}
