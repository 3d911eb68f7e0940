#include "study/data_report.hpp"

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "corpora/cache.hpp"
#include "corpora/check.hpp"
#include "study/table.hpp"

namespace rnnlab {

namespace fs = std::filesystem;

std::string presence(const KnownCorpus& corpus, const fs::path& folder) {
  const auto present = files_present(corpus, folder);
  if (present == std::ssize(corpus.files)) return "all";
  if (present == 0) return "-";
  return std::to_string(present) + " of " + std::to_string(corpus.files.size()) + " files";
}

std::string byte_size(std::int64_t bytes) {
  const auto size = static_cast<double>(bytes);
  if (size < 1e3) return std::to_string(bytes) + " B";
  if (size < 1e6) return format_short(size / 1e3, 2) + " kB";
  return format_short(size / 1e6, size < 1e7 ? 2 : 3) + " MB";
}

std::string data_table(const std::vector<KnownCorpus>& corpora, const fs::path& cache) {
  std::vector<std::vector<std::string>> rows{
      {"name", "task", "size", "present", "where", "licence"}};
  for (const KnownCorpus& corpus : corpora) {
    const fs::path folder = cache / corpus.name;
    const std::string present = presence(corpus, folder);
    rows.push_back({corpus.name, corpus.tasks.empty() ? "-" : join(corpus.tasks, " "),
                    byte_size(corpus.bytes()), present, present == "-" ? "-" : folder.string(),
                    corpus.licence});
  }
  return aligned(rows);
}

std::string data_page(const KnownCorpus& corpus, const fs::path& cache) {
  const fs::path folder = cache / corpus.name;
  std::string text = corpus.name + ": " + corpus.summary + "\n";
  for (const auto& [what, is] : std::vector<std::pair<std::string, std::string>>{
           {"task", join(corpus.tasks, " ")},
           {"source", corpus.page},
           {"licence", corpus.licence},
           {"note", corpus.note},
           {"by hand", corpus.by_hand},
           {"folder", folder.string()},
           {"present", presence(corpus, folder)},
           {"task.path", corpus.path.empty() ? "the folder" : corpus.path}})
    if (!is.empty()) text += "  " + what + ": " + is + "\n";
  std::vector<std::vector<std::string>> rows{{"file", "bytes", "sha256", "counts"}};
  for (const KnownFile& file : corpus.files) {
    std::vector<std::string> counts;
    for (const Count& count : file.counts) counts.push_back(in_words(count));
    rows.push_back({file.name, std::to_string(file.bytes),
                    file.sha256.empty() ? "not known" : file.sha256, join(counts, ", ")});
  }
  text += "\n" + aligned(rows);
  for (const KnownFile& file : corpus.files)
    for (const std::string& url : file.urls) text += "\n" + url;
  return text + (text.ends_with('\n') ? "" : "\n");
}

std::string data_json(const std::vector<KnownCorpus>& corpora, const fs::path& cache) {
  using Json = nlohmann::ordered_json;
  Json items = Json::array();
  for (const KnownCorpus& corpus : corpora) {
    const fs::path folder = cache / corpus.name;
    Json files = Json::array();
    for (const KnownFile& file : corpus.files) {
      Json counts = Json::object();
      for (const Count& count : file.counts) {
        const std::string words = in_words(count);
        counts[words.substr(words.find(' ') + 1)] = count.number;
      }
      files.push_back({{"name", file.name},
                       {"bytes", file.bytes},
                       {"sha256", file.sha256.empty() ? Json() : Json(file.sha256)},
                       {"counts", counts},
                       {"urls", file.urls}});
    }
    items.push_back({{"name", corpus.name},
                     {"summary", corpus.summary},
                     {"tasks", corpus.tasks},
                     {"source", corpus.page},
                     {"licence", corpus.licence},
                     {"note", corpus.note},
                     {"by_hand", corpus.by_hand},
                     {"bytes", corpus.bytes()},
                     {"present", files_present(corpus, folder) == std::ssize(corpus.files)},
                     {"files_present", files_present(corpus, folder)},
                     {"folder", folder.string()},
                     {"task_path", (corpus.path.empty() ? folder : folder / corpus.path).string()},
                     {"files", files}});
  }
  return Json{{"data", items}}.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace rnnlab
