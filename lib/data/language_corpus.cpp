#include "data/language_corpus.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "base/error.hpp"
#include "base/shown.hpp"
#include "base/text.hpp"
#include "data/corpus.hpp"
#include "data/json_poems.hpp"

namespace rnnlab {
namespace {

namespace fs = std::filesystem;

/// The names that the file of another part may have; empty where `file` is not that of training.
std::vector<std::string> names_of_part(const std::string& file, bool test) {
  const fs::path path(file);
  const std::string name = path.filename().string(), train = "train";
  const std::size_t at = name.find(train);
  if (at == std::string::npos) return {};
  std::vector<std::string> names;
  for (const char* part : {"valid", "val", "dev"}) {
    const std::string other = test ? "test" : part;
    names.push_back(
        (path.parent_path() / (name.substr(0, at) + other + name.substr(at + train.size())))
            .string());
    if (test) break;
  }
  return names;
}

std::optional<std::string> file_of_part(const std::vector<std::string>& files,
                                        const std::string& train, bool test) {
  for (const std::string& name : names_of_part(train, test))
    if (std::find(files.begin(), files.end(), name) != files.end()) return name;
  return {};
}

/// The file of training among a corpus' files, if there is one.
std::optional<std::string> training_file(const Corpus& corpus, const std::string& path) {
  for (const char* name : {"wiki.train.tokens", "ptb.train.txt", "train.txt"})
    if (auto found = corpus.find(name)) return found;
  std::vector<std::string> found;
  for (const std::string& file : corpus.files())
    if (file_of_part(corpus.files(), file, false)) found.push_back(file);
  if (found.size() > 1) {
    throw Error(Exit::data, "cannot read it as one corpus: it has " + found[0] + " and " + found[1],
                path, "name the file to train on");
  }
  return found.empty() ? std::nullopt : std::optional(found.front());
}

LanguageCorpus::Text text_of(const Corpus& corpus, const std::string& file, std::string& digest) {
  std::string bytes = corpus.bytes(file);
  const std::string where = corpus.where(file);
  digest = sha256(bytes);
  if (file.ends_with(".json") || file.ends_with(".json.gz")) bytes = poems_of_json(bytes, where);
  if (bytes.empty()) {
    throw Error(Exit::data, "the text is empty", where, "give a text file in UTF-8");
  }
  return {std::move(bytes), where};
}

[[noreturn]] void refuse_without_valid(const std::string& train, const std::string& path,
                                       const std::string& next) {
  throw Error(Exit::data, "there is no file to validate on beside " + train, path, next);
}

}  // namespace

std::vector<std::string> parts_beside(const std::string& path) {
  std::vector<std::string> files;
  for (const bool test : {false, true}) {
    for (const std::string& name : names_of_part(path, test)) {
      std::error_code error;
      if (fs::is_regular_file(name, error)) files.push_back(name);
    }
  }
  return files;
}

LanguageCorpus read_language_corpus(const std::string& path) {
  const Corpus corpus(path);
  LanguageCorpus result;
  std::string digests;
  const auto add = [&](const Corpus& from, const std::string& file) {
    std::string digest;
    result.texts.push_back(text_of(from, file, digest));
    digests += digest + "\n";
    result.sha256 = result.texts.size() == 1 ? digest : sha256(digests);
  };
  if (corpus.is_file()) {
    add(corpus, corpus.files().front());
    const std::vector<std::string> files = parts_beside(path);
    const auto valid = file_of_part(files, path, false), test = file_of_part(files, path, true);
    if (!valid && test)
      refuse_without_valid(corpus.files().front(), path, "add one beside " + shown(*test));
    if (!valid) return result;
    for (const auto& part : {valid, test}) {
      if (!part) continue;
      const Corpus other(*part);
      add(other, other.files().front());
    }
    return result;
  }
  if (const auto train = training_file(corpus, path)) {
    const auto valid = file_of_part(corpus.files(), *train, false);
    const auto test = file_of_part(corpus.files(), *train, true);
    add(corpus, *train);
    if (!valid) refuse_without_valid(*train, path, "name the file itself, which is then cut");
    for (const auto& part : {valid, test})
      if (part) add(corpus, *part);
    return result;
  }
  if (corpus.files().size() > 1) {
    throw Error(Exit::data,
                "cannot read it as a corpus: it has " + std::to_string(corpus.files().size()) +
                    " files, and none is train.txt",
                path, "name one of them");
  }
  add(corpus, corpus.files().front());
  return result;
}

LanguageCorpus::Text read_language_text(const std::string& path) {
  const Corpus corpus(path);
  if (corpus.files().size() > 1) {
    throw Error(Exit::data, "it has " + std::to_string(corpus.files().size()) + " files", path,
                "name one of them");
  }
  std::string digest;
  return text_of(corpus, corpus.files().front(), digest);
}

}  // namespace rnnlab
