#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "command.hpp"

using namespace rnnlab::test;
using Catch::Contains;
using Catch::StartsWith;
using namespace std::string_literals;

TEST_CASE("help and version are results: stdout, exit 0") {
  const Workplace here;
  const Ended help = here.call("--help");
  CHECK(help.code == 0);
  CHECK(help.err.empty());
  CHECK_THAT(help.out, Contains("Example") && Contains("rnnlab run"));
  for (const std::string verb :
       {"run", "sweep", "study", "resume", "translate", "list", "config", "gradcheck"}) {
    CHECK_THAT(help.out, Contains("  " + verb));
    const Ended own = here.call(verb + " --help");
    CHECK(own.code == 0);
    CHECK(own.err.empty());
    CHECK_THAT(own.out, StartsWith("rnnlab " + verb) && Contains("Example\n  rnnlab " + verb));
  }
  CHECK_THAT(here.call("run --help").out, Contains("model.hidden") && Contains("train.clip_norm"));
  const Ended version = here.call("--version");
  CHECK(version.code == 0);
  CHECK_THAT(version.out, StartsWith("rnnlab 0.") && Contains("git ") && Contains("numerics "));
  CHECK(here.empty());
}

TEST_CASE("a wrong command line is one line on stderr, exit 2, and nothing is left behind") {
  const Workplace here;
  write_file(here.path("typo.ini"), "[model]\nhiden = 3\n");
  write_file(here.path("twice.ini"), "[model]\nhidden = 3\nhidden = 4\n");
  write_file(here.path("range.ini"), "[train]\nlr = nan\n");
  write_file(here.path("garbage.ini"),
             "\x7f"
             "ELF\0\0\xff\n\xfe=\n["s);
  const std::vector<std::pair<std::string, std::string>> calls{
      {"frobnicate", "unknown verb frobnicate"},
      {"rnu", "did you mean run?"},
      {"run none.ini", "cannot read none.ini (no such file)"},
      {"run .", "it is a folder"},
      {"run typo.ini", "unknown key model.hiden (typo.ini:2); did you mean model.hidden?"},
      {"run twice.ini", "model.hidden is set twice (twice.ini:3); it was set at line 2"},
      {"run range.ini", "train.lr = nan is not finite (range.ini:2)"},
      {"run garbage.ini", "(garbage.ini:1)"},
      {"run --model.hiden 3", "did you mean model.hidden?"},
      {"run --hidden 3", "did you mean --model.hidden?"},
      {"run --model.hidde 3", "unknown key model.hidde"},
      {"run --model.hidden", "--model.hidden has no value"},
      {"run --model.hidden=", "is not an integer"},
      {"run --model.hidden 0", "give 1 .. "},
      {"run --model.hidden 1e3", "is not an integer"},
      {"run --model.hidden 8,16", "several values are for rnnlab sweep"},
      {"run --model.hidden 3 --model.hidden=4", "--model.hidden is given twice"},
      {"run --train.lr -0.5", "train.lr = -0.5 is out of range (command line)"},
      {"run --train.lr=inf", "is not finite"},
      {"run --model.cell lstn", "did you mean lstm?"},
      {"run --task.name addding", "did you mean adding?"},
      {"run --task.name adding@nobody1999", "task.protocol = nobody1999 is not known"},
      {"run --record.instruments gradient-flw", "did you mean gradient-flow?"},
      {"run --profil", "did you mean --profile?"},
      {"run --profile=yes", "--profile takes no value"},
      {"run -x", "unknown option -x"},
      {"run --index 3", "--index without --from"},
      {"run --from nowhere --index 0", "manifest.json (no such file)"},
      {"run --profile --format yaml", "choose one of table, json"},
      {"sweep --train.seed 0..1", "add --sweep.dir DIR"},
      {"sweep --train.seed 1..0 --sweep.dir s", "two integers in order"},
      {"sweep --train.seed 0,0 --sweep.dir s", "two runs of the grid are the same"},
      {"sweep --train.seed 0..1 --sweep.dir s --sweep.engine cloud", "one of local"},
      {"study", "study takes one name or folder"},
      {"study nothing-of-the-kind", "no study nothing-of-the-kind"},
      {"study . --smoke --full", "exclude each other"},
      {"resume", "resume takes one folder"},
      {"resume .", "no run and no sweep"},
      {"resume nowhere", "no run and no sweep"},
      {"list", "choose one of models, cells"},
      {"list model", "did you mean models?"},
      {"config --task.name none", "task.name = none is not known"},
      {"gradcheck --model.hidden x", "is not an integer"}};
  for (const auto& [line, expected] : calls) {
    INFO(line);
    const Ended ended = here.call(line);
    CHECK(ended.code == 2);
    CHECK(ended.out.empty());
    CHECK(ended.one_line_error());
    CHECK_THAT(ended.err, Contains(expected));
  }
  CHECK(here.call(std::vector<std::string>{}).code == 2);
  for (const char* name : {"typo.ini", "twice.ini", "range.ini", "garbage.ini"})
    std::filesystem::remove(here.path(name));
  CHECK(here.empty());
}

TEST_CASE("a path that no system takes is the user's, not a bug") {
  const Workplace here;
  const std::string name(300, 'x');
  std::filesystem::create_symlink("loop", here.path("loop"));
  for (const std::string& call : {"run --train.steps 1 --run.dir " + name, "resume " + name,
                                  "status " + name, "eval " + name, "resume loop"s}) {
    CAPTURE(call);
    const Ended ended = here.call(call);
    CHECK(ended.code == 2);
    CHECK(ended.one_line_error());
    CHECK_THAT(ended.err, Contains("check the path"));
  }
}

TEST_CASE("a full disk behind stdout is exit 5; a reader that has gone is no error") {
  const Workplace here;
  const auto shell = [&](const std::string& line) {
    REQUIRE(std::system(("cd " + here.path("").string() + "; " + line).c_str()) == 0);
    return text_of(here.path("code")) + text_of(here.path("err"));
  };
  // One fits into a buffer, the other does not: they fail at different places.
  for (const std::string verb : {" list cells", " run --help"}) {
    const std::string command = program + verb;
    CHECK_THAT(shell(command + " > /dev/full 2> err; echo $? > code"),
               StartsWith("5\nrnnlab: error: cannot write"));
    CHECK(shell("{ sleep 0.2; " + command + " 2> err; echo $? > code; } | true") == "0\n");
    CHECK(shell(command + " >&- 2> err; echo $? > code") == "0\n");
  }
}

TEST_CASE("list prints every kind as lines and as JSON") {
  const Workplace here;
  const std::vector<std::pair<std::string, std::string>> kinds{{"models", "lstm"},
                                                               {"cells", "gru"},
                                                               {"tasks", "adding"},
                                                               {"optimizers", "adam"},
                                                               {"protocols", "adding@arjovsky2016"},
                                                               {"instruments", "gradient-flow"}};
  for (const auto& [kind, name] : kinds) {
    INFO(kind);
    CHECK_THAT(here.call("list " + kind).out, Contains(name + " "));
    for (const std::string details : {"", " --long"}) {
      const Ended json = here.call("list " + kind + " --format json" + details);
      CHECK(json.code == 0);
      const auto parsed = nlohmann::json::parse(json.out);
      const auto& items = parsed.at(kind);
      CHECK(std::any_of(items.begin(), items.end(),
                        [&](const auto& item) { return item.at("name") == name; }));
      CHECK(parsed.contains("options") == !details.empty());
    }
  }
  CHECK_THAT(here.call("list tasks --long").out,
             Contains("task.length") && Contains("default") && Contains("steps") &&
                 Contains("chance: loss 0.1667 (1/6") && Contains("plateaus: loss 0.08333 (") &&
                 Contains("solved: mse <= 0.01") && Contains("solved: accuracy >= 0.99"));
  CHECK(here.call("list studies").code == 0);
}

TEST_CASE("config shows every value and where it came from") {
  const Workplace here;
  write_file(here.path("a.ini"),
             "\xEF\xBB\xBF# mine\r\n[train]\r\nlr = 1e-2\r\n[model]\r\nname = gru\r\n");
  write_file(here.path("b.ini"), "[train]\nlr = 0.5\nbatch = 7\n");
  const Ended ended = here.call("config a.ini b.ini --train.batch=9 --model.hidden 3");
  CHECK(ended.code == 0);
  const auto line = [&](const std::string& key) {
    const std::size_t at = ended.out.find("\n" + key + " ");
    std::string text = ended.out.substr(at + 1, ended.out.find('\n', at + 1) - at - 1);
    for (std::size_t i; (i = text.find("  ")) != std::string::npos;) text.erase(i, 1);
    return text;
  };
  CHECK(line("train.lr") == "train.lr 0.5 b.ini:2");
  CHECK(line("train.batch") == "train.batch 9 command line");
  CHECK(line("model.hidden") == "model.hidden 3 command line");
  CHECK(line("model.name") == "model.name gru a.ini:5");
  CHECK(line("model.cell") == "model.cell gru preset gru");
  CHECK_THAT(line("train.steps"), Catch::EndsWith(" default"));
  CHECK_THAT(ended.out, Contains("\nid adding-gru-") && Contains("\nconfig_hash "));
  CHECK_FALSE(here.has("results"));
}

TEST_CASE("gradcheck prints each parameter and its verdict in the exit code") {
  const Workplace here;
  const Ended ended = here.call("gradcheck --model.name gru");
  CHECK(ended.code == 0);
  CHECK_THAT(ended.out, Contains("weight_hh_l0") && Contains("worst error"));
  const Ended fixed = here.call("gradcheck --model.name gru --model.fixed recurrent");
  CHECK(fixed.code == 0);
  CHECK_THAT(fixed.out, Contains("weight_hh_l0   0        not trained"));
  for (const char* model : {"seq2seq", "transformer-seq2seq", "renet"})  // with a task that fits
    CHECK(here.call("gradcheck --model.hidden 4 --model.name " + std::string(model)).code == 0);
}
