#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "command.hpp"
#include "data/utf8.hpp"
#include "record/run_reader.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

void write_lists(const Workplace& here) {
  std::filesystem::create_directory(here.path("names"));
  std::string latin, chinese;
  for (int i = 0; i < 40; ++i) {
    latin += std::string("K") + "aeiou"[i % 5] + "rns"[i % 3] + "aeiou"[i / 5 % 5] + "k\n";
    chinese +=
        std::string(i % 2 ? "李" : "王") + (i % 3 ? "伟" : "丽") + (i % 5 ? "明" : "") + "\n";
  }
  write_file(here.path("names/Czech.txt"), latin);
  write_file(here.path("names/Chinese.txt"), chinese);
}

const std::string small =
    " --task.name names --task.path names --task.valid_share 0.2 --model.hidden 24 --train.batch 8 "
    "--train.lr 0.02 --train.steps 150 --train.eval_every 50 --quiet";

}  // namespace

TEST_CASE("names are drawn of the class that is asked for, one a line") {
  const Workplace here;
  write_lists(here);
  const Ended ended = here.call("run --run.dir a" + small);
  CHECK(ended.err.empty());
  REQUIRE(ended.code == 0);
  CHECK_THAT(ended.out, Contains("test/bits_per_character") &&
                            Contains("interpolated 4-gram of the language"));
  const RunReader run(here.path("a/run.h5").string());
  const std::vector<std::string> classes = nlohmann::json::parse(run.text("classes"));
  CHECK(classes == std::vector<std::string>{"Chinese", "Czech"});

  const Ended czech = here.call("generate a --class Czech --count 25");
  REQUIRE(czech.code == 0);
  const auto names = lines_of(czech.out);
  CHECK(names.size() == 25);
  std::size_t with_k = 0;
  for (const std::string& name : names) with_k += name.starts_with('K');
  CHECK(with_k > 15);
  CHECK(here.call("generate a --class Czech --count 25").out == czech.out);
  CHECK(here.call("generate a --class Czech --count 25 --seed 1").out != czech.out);
  CHECK(here.call("generate a --class Czech --count 5").out ==
        czech.out.substr(0, here.call("generate a --class Czech --count 5").out.size()));

  const auto all = lines_of(here.call("generate a --count 4").out);
  REQUIRE(all.size() == 8);
  for (std::size_t i = 0; i < 8; ++i) {
    CHECK(all[i].starts_with(i < 4 ? "Chinese\t" : "Czech\t"));
    CHECK(decode_utf8(all[i]).bytes == all[i].size());
    if (i >= 4) CHECK(all[i] == "Czech\t" + names[i - 4]);
  }
  const auto begun = lines_of(here.call("generate a --class Chinese --prompt 李 --count 6").out);
  CHECK(begun.size() == 6);
  for (const std::string& name : begun) CHECK(name.starts_with("李"));
  CHECK(here.call("generate a --class Czech --count 9 --temperature 0").out ==
        here.call("generate a --class Czech --count 9 --top-k 1").out);
}

TEST_CASE("names: what cannot be drawn is told in one line") {
  const Workplace here;
  write_lists(here);
  REQUIRE(here.call("run --run.dir a --train.steps 2" + small).code == 2);  // given twice
  REQUIRE(here.call("run --run.dir a --model.input_at every-step" + small).code == 0);
  const Ended unknown = here.call("generate a --class Klingon");
  CHECK(unknown.code == 2);
  CHECK(unknown.one_line_error());
  CHECK_THAT(unknown.err, Contains("there is no class Klingon (--class); choose one of Chinese, "
                                   "Czech"));
  CHECK(here.call("generate a --prompt x").code == 2);  // no character of these names
  CHECK(here.call("generate a --prompt KaraKaraKara").code == 2);
  CHECK_THAT(here.call("translate a").err, Contains("not of a sequence-to-sequence model"));
  REQUIRE(here.call("run --run.dir c --task.direction classify" + small).code == 0);
  const Ended classes = here.call("generate c");
  CHECK(classes.code == 2);
  CHECK(classes.one_line_error());
}

TEST_CASE("names: a run that is killed and goes on has the same bytes") {
  const Workplace here;
  write_lists(here);
  REQUIRE(here.call("run --run.dir a" + small).code == 0);
  Started cut = here.start("run --run.dir b --run.checkpoint_every 10" + small);
  eventually([&] { return here.has("b/checkpoint.h5"); });
  cut.signal(SIGKILL);
  cut.wait();
  REQUIRE(here.call("resume b --quiet").code == 0);
  CHECK(differing_datasets(here.path("a/run.h5").string(), here.path("b/run.h5").string()).empty());
}
