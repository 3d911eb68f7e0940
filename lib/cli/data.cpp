#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "base/text.hpp"
#include "cli/progress.hpp"
#include "cli/verb.hpp"
#include "corpora/cache.hpp"
#include "corpora/check.hpp"
#include "corpora/fetch.hpp"
#include "study/data_report.hpp"
#include "study/stop.hpp"
#include "study/table.hpp"

namespace rnnlab {
namespace {

namespace fs = std::filesystem;

std::vector<KnownCorpus> named(const std::vector<std::string>& names) {
  if (names.empty()) return known_corpora();
  std::vector<KnownCorpus> corpora;
  for (const std::string& name : names) corpora.push_back(known_corpus(name));
  return corpora;
}

Exit list_data(const Invocation& invocation, const std::vector<std::string>& names) {
  const auto corpora = named(names);
  if (format_of(invocation.arguments, {"table", "json"}) == "json") {
    std::cout << data_json(corpora, data_cache());
  } else if (names.empty()) {
    std::cout << data_table(corpora, data_cache());
  } else {
    for (const KnownCorpus& corpus : corpora) std::cout << data_page(corpus, data_cache()) << "\n";
  }
  return Exit::done;
}

class Watcher final : public FetchWatcher {
 public:
  Watcher(const KnownCorpus& corpus, bool quiet) : corpus_(corpus), line_(quiet) {}

  bool progress(const KnownFile& file, std::int64_t bytes) override {
    const auto all = corpus_.bytes();
    line_.update(
        static_cast<double>(bytes) / static_cast<double>(std::max<std::int64_t>(all, 1)),
        corpus_.name + "/" + file.name + ": " + byte_size(bytes) + " of " + byte_size(all));
    return !stop_requested();
  }
  void note(const std::string& line) override { line_.line(line); }

 private:
  const KnownCorpus& corpus_;
  ProgressLine line_;
};

Exit fetch_data(const Invocation& invocation, const std::vector<std::string>& names) {
  if (names.empty())
    throw Error(Exit::usage, "no corpus is named", "command line", "see rnnlab data list");
  const char* const mirror = std::getenv("RNNLAB_MIRROR");
  FetchOptions options{.mirrors = words(invocation.arguments.get("mirror", mirror ? mirror : "")),
                       .force = invocation.arguments.has("force")};
  catch_stop_signals();
  for (const KnownCorpus& corpus : named(names)) {
    const int fetched = [&] {
      Watcher watcher(corpus, invocation.quiet);
      return fetch(corpus, data_cache(), options, watcher);
    }();
    const std::string files = fetched == 1 ? " file" : " files";
    std::cout << corpus.name << ": "
              << (fetched == 0 ? "is there" : "fetched " + std::to_string(fetched) + files) << ", "
              << byte_size(corpus.bytes()) << " in " << (data_cache() / corpus.name).string()
              << "\n";
  }
  return Exit::done;
}

/// What is in the cache, where nothing is named.
std::vector<KnownCorpus> present_in(const fs::path& folder) {
  std::vector<KnownCorpus> corpora;
  for (const KnownCorpus& corpus : known_corpora())
    if (fs::is_directory(folder / corpus.name)) corpora.push_back(corpus);
  if (corpora.empty())
    throw Error(Exit::data, "there is no corpus", folder.string(), "fetch one: rnnlab data fetch");
  return corpora;
}

Exit verify_data(const Invocation& invocation, const std::vector<std::string>& names) {
  const bool given = invocation.arguments.has("path");
  const fs::path place = given ? fs::path(invocation.arguments.get("path")) : data_cache();
  std::vector<std::vector<std::string>> rows{{"corpus", "file", "state", "counts"}};
  int different = 0, missing = 0;
  for (const KnownCorpus& corpus : names.empty() ? present_in(place) : named(names)) {
    const fs::path folder = given && names.size() == 1 ? place : place / corpus.name;
    for (const KnownFile& file : corpus.files) {
      const FileCheck check = check_file(file, folder);
      different += check.state == FileCheck::State::differs;
      missing += check.state == FileCheck::State::missing;
      std::vector<std::string> counts;
      for (const Count& count : check.counts) counts.push_back(in_words(count));
      const std::string right = file.sha256.empty() ? "right by size and counts" : "right";
      rows.push_back({corpus.name, file.name,
                      check.state == FileCheck::State::right ? right : check.why,
                      join(counts, ", ")});
    }
  }
  std::cout << aligned(rows);
  const std::string all = " of " + std::to_string(rows.size() - 1) + " files ";
  const std::string again = "get them: rnnlab data fetch " + (names.empty() ? "NAME" : names[0]);
  if (different > 0)
    throw Error(Exit::check_failed, std::to_string(different) + all + "differ", place.string(),
                again);
  if (missing > 0)
    throw Error(Exit::data, std::to_string(missing) + all + "are missing", place.string(), again);
  return Exit::done;
}

Exit data(const Invocation& invocation) {
  using Action = Exit (*)(const Invocation&, const std::vector<std::string>&);
  const std::vector<std::pair<std::string, Action>> actions{
      {"list", list_data}, {"fetch", fetch_data}, {"verify", verify_data}};
  std::vector<std::string> known, names = invocation.arguments.words;
  for (const auto& [name, action] : actions) known.push_back(name);
  if (names.empty())
    throw Error(Exit::usage, "data is told nothing to do", "command line",
                "choose one of " + join(known, ", "));
  const std::string wanted = names.front();
  names.erase(names.begin());
  for (const auto& [name, action] : actions)
    if (name == wanted) return action(invocation, names);
  throw Error(Exit::usage, "data cannot " + shown(wanted), "command line",
              "did you mean " + nearest(wanted, known) + "? There is " + join(known, ", "));
}

}  // namespace

Verb data_verb() {
  return {
      "data",
      "list|fetch|verify [NAME …]",
      "real corpora: what is known, getting them, checking them",
      "list    every corpus with task, size, licence, and whether it is in the cache; of those\n"
      "        that are named, all that is known: source, files, SHA-256, counts\n"
      "fetch   gets a corpus into the cache, $XDG_CACHE_HOME/rnnlab/data/NAME or\n"
      "        ~/.cache/rnnlab/data/NAME. What was interrupted goes on; a file takes its place\n"
      "        only when its SHA-256 is right. Where task.path is empty, a task takes its corpus\n"
      "        from there; nothing else is ever downloaded\n"
      "verify  reads the files of the cache, or those in --path (a corpus' own folder where one\n"
      "        is named, else the folder of all): SHA-256 and counts. Exit 1 where a file "
      "differs,\n"
      "        4 where one is missing\n\n"
      "Example\n"
      "  rnnlab data fetch tinyshakespeare\n"
      "  rnnlab run --task.name char-lm --train.steps 2000\n",
      {{"mirror", "URL",
        "get BASE/NAME/FILE from here (http, https, file; several between spaces), "
        "by default RNNLAB_MIRROR, else the sources that data list names"},
       {"force", "", "fetch anew what is there"},
       {"path", "FOLDER", "verify what lies there"},
       {"format", "table|json", "how to print the list"}},
      {},
      data};
}

}  // namespace rnnlab
