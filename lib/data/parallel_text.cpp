#include "data/parallel_text.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "base/error.hpp"
#include "data/corpus.hpp"

namespace rnnlab {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_sentence = std::size_t{1} << 20;  // bytes

[[noreturn]] void refuse(const std::string& what, const std::string& where,
                         const std::string& next) {
  throw Error(Exit::data, what, where, next);
}

class Reader {
 public:
  explicit Reader(const ParallelOptions& options) : options_(options), corpus_(options.path) {}

  ParallelText read() {
    const auto source = file_of("train", options_.source),
               target = file_of("train", options_.target);
    if (source && target) {
      text_.split = true;
      add_files(0, *source, *target);
      add_part(1, {"val", "valid", "dev"});
      add_part(2, {options_.test});
    } else {
      add_table(table());
    }
    return std::move(text_);
  }

 private:
  std::optional<std::string> file_of(const std::string& name, const std::string& language) const {
    return corpus_.find(name + "." + language);
  }

  void add_part(std::size_t part, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      const auto source = file_of(name, options_.source), target = file_of(name, options_.target);
      if (source && target) return add_files(part, *source, *target);
    }
    const std::string sought =
        names.front() + "." + options_.source + " and " + names.front() + "." + options_.target;
    refuse("there are no files " + sought, options_.path,
           part == 2 ? "name the test's files: task.test" : "put them beside those of training");
  }

  /// The lines of a file, which stays in memory. `file`: its place in text_.files.
  std::vector<TextLine> lines_of(const std::string& name, std::size_t& file) {
    text_.files.push_back(corpus_.where(name));
    file = text_.files.size() - 1;
    text_.bytes.push_back(std::make_unique<std::string>(corpus_.bytes(name)));
    std::vector<TextLine> lines = text_lines(*text_.bytes.back(), text_.files.back());
    if (lines.empty())
      refuse("the file is empty", text_.files.back(), "give it a sentence on each line");
    return lines;
  }

  void check(std::string_view sentence, std::size_t file, std::int64_t line) const {
    const auto refuse_here = [&](const std::string& what, const char* next) {
      refuse(what, line_name(text_.files[file], line), next);
    };
    if (sentence.find_first_not_of(" \t") == std::string_view::npos)
      refuse_here("a sentence is empty", "leave the pair out");
    if (sentence.size() > longest_sentence)
      refuse_here("a sentence of " + std::to_string(sentence.size()) + " bytes",
                  "give one sentence on each line");
  }

  void add_files(std::size_t part, const std::string& source, const std::string& target) {
    std::size_t file = 0, other = 0;
    const auto sources = lines_of(source, file), targets = lines_of(target, other);
    if (sources.size() != targets.size())
      refuse("it has " + std::to_string(targets.size()) + " lines, " + text_.files[file] + " has " +
                 std::to_string(sources.size()),
             text_.files[other], "give files of which the lines belong together");
    for (std::size_t i = 0; i < sources.size(); ++i) {
      check(sources[i].text, file, sources[i].number);
      check(targets[i].text, other, targets[i].number);
      text_.parts[part].push_back({sources[i].text, targets[i].text, file, sources[i].number});
    }
  }

  /// The file of a table: the only one that looks like it.
  std::string table() const {
    std::vector<std::string> found;
    for (const std::string& file : corpus_.files()) {
      std::string name = fs::path(file).filename().string();
      if (name.ends_with(".gz")) name.resize(name.size() - 3);
      const bool text = name.ends_with(".txt") || name.ends_with(".tsv");
      if (corpus_.files().size() == 1 || (text && !name.starts_with('_'))) found.push_back(file);
    }
    if (found.size() == 1) return found.front();
    const std::string none = "there are neither files train." + options_.source + " and train." +
                             options_.target + " nor one .txt or .tsv";
    refuse(found.empty() ? none : "there are several tables: " + found[0] + ", " + found[1],
           options_.path, "name the file itself");
  }

  void add_table(const std::string& name) {
    std::size_t file = 0;
    for (const TextLine& line : lines_of(name, file)) {
      const std::size_t tab = line.text.find('\t');
      const auto columns = 1 + std::count(line.text.begin(), line.text.end(), '\t');
      if (columns != 2 && columns != 3)
        refuse("the row has " + std::to_string(columns) + (columns == 1 ? " column" : " columns"),
               line_name(text_.files[file], line.number),
               "give a sentence, a tab, its translation, and at most one column more");
      const std::string_view first = line.text.substr(0, tab), rest = line.text.substr(tab + 1);
      const std::string_view second = rest.substr(0, rest.find('\t'));
      check(first, file, line.number);
      check(second, file, line.number);
      text_.parts[0].push_back({options_.source_first ? first : second,
                                options_.source_first ? second : first, file, line.number});
    }
  }

  const ParallelOptions& options_;
  Corpus corpus_;
  ParallelText text_;
};

}  // namespace

std::string ParallelText::where(const SentencePair& pair) const {
  return line_name(files[pair.file], pair.line);
}

ParallelText read_parallel_text(const ParallelOptions& options) { return Reader(options).read(); }

}  // namespace rnnlab
