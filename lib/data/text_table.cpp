#include "data/text_table.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <optional>
#include <unordered_map>

#include "base/error.hpp"
#include "base/rng.hpp"
#include "base/text.hpp"
#include "data/corpus.hpp"

namespace rnnlab {
namespace {

constexpr std::size_t longest_row = std::size_t{1} << 24;  // bytes

class Reader {
 public:
  explicit Reader(const TextTableOptions& options) : options_(options), corpus_(options.path) {}

  TextTable read() {
    if (const auto training = file_of({"train"})) {
      add(*training, table_.parts[0]);
      add(part({"valid", "val", "dev"}), table_.parts[1]);
      add(part({"test"}), table_.parts[2]);
    } else {
      add(only_table(), table_.parts[0]);
      deal_out();
    }
    std::string digests;
    for (std::size_t i = 0; i < names_.size(); ++i)
      digests += sha256(*table_.bytes[i]) + " " + names_[i] + "\n";
    table_.sha256 = sha256(digests);
    return std::move(table_);
  }

 private:
  std::optional<std::string> file_of(const std::vector<std::string>& names) const {
    for (const std::string& name : names)
      for (const char* const ending : {".tsv", ".txt"})
        if (const auto found = corpus_.find(name + ending)) return found;
    return {};
  }

  std::string part(const std::vector<std::string>& names) const {
    if (const auto found = file_of(names)) return *found;
    throw Error(Exit::data, "there is no " + names.front() + ".tsv", options_.path,
                "put it beside train.tsv, or give one file that is to be split");
  }

  std::string only_table() const {
    std::vector<std::string> found;
    for (const std::string& file : corpus_.files()) {
      std::string name = std::filesystem::path(file).filename().string();
      if (name.ends_with(".gz")) name.resize(name.size() - 3);
      if (corpus_.files().size() == 1 || name.ends_with(".tsv")) found.push_back(file);
    }
    if (found.size() == 1) return found.front();
    throw Error(Exit::data,
                found.empty() ? "there are neither train.tsv, valid.tsv and test.tsv nor one .tsv"
                              : "there are several tables: " + found[0] + ", " + found[1],
                options_.path, "name the file itself");
  }

  void add(const std::string& name, std::vector<TextRow>& rows) {
    const std::size_t file = names_.size();
    names_.push_back(name);
    table_.files.push_back(corpus_.where(name));
    table_.bytes.push_back(std::make_unique<std::string>(corpus_.bytes(name)));
    for (const TextLine& line : text_lines(*table_.bytes.back(), table_.files.back())) {
      TextRow row{{}, file, line.number};
      const auto refuse = [&](const std::string& what, const std::string& next) {
        throw Error(Exit::data, what, table_.where(row), next);
      };
      if (line.text.size() > longest_row)
        refuse("a row of " + std::to_string(line.text.size()) + " bytes", "give shorter ones");
      for (std::size_t from = 0; from <= line.text.size();) {
        const std::size_t end = std::min(line.text.find('\t', from), line.text.size());
        row.cells.push_back(line.text.substr(from, end - from));
        from = end + 1;
      }
      const std::size_t columns = row.cells.size();
      if (columns != options_.columns.size())
        refuse("the row has " + std::to_string(columns) + (columns == 1 ? " column" : " columns"),
               "give " + join(options_.columns, ", a tab, "));
      if (line.number == 1 && names_the_columns(row)) continue;
      for (std::size_t c = 0; c < columns; ++c)
        if (row.cells[c].find_first_not_of(' ') == std::string_view::npos)
          refuse("the " + options_.columns[c] + " is empty", "leave the row out");
      rows.push_back(std::move(row));
    }
    if (rows.empty())
      throw Error(Exit::data, "the file is empty", table_.files.back(),
                  "give a row on each line: " + join(options_.columns, ", a tab, "));
  }

  bool names_the_columns(const TextRow& row) const {
    return std::equal(row.cells.begin(), row.cells.end(), options_.columns.begin(),
                      [](std::string_view cell, std::string_view column) {
                        return std::equal(
                            cell.begin(), cell.end(), column.begin(), column.end(),
                            [](unsigned char a, unsigned char b) { return std::tolower(a) == b; });
                      });
  }

  void deal_out() {
    const std::vector<TextRow> all = std::move(table_.parts[0]);
    table_.parts[0].clear();
    std::unordered_map<std::string_view, std::size_t> number;  // of each different first text
    for (const TextRow& row : all) number.emplace(row.cells.front(), number.size());
    const std::uint64_t N = number.size();
    const auto share = [&](double part) {
      return std::max<std::uint64_t>(
          1, static_cast<std::uint64_t>(std::llround(part * static_cast<double>(N))));
    };
    const std::uint64_t test = share(options_.test_share),
                        held_out = test + share(options_.valid_share);
    if (held_out >= N)
      throw Error(Exit::data,
                  "too few different texts in column " + options_.columns.front() + ": " +
                      std::to_string(N) + " for training, validation and test",
                  table_.files.front(), "give more of them, or smaller shares");
    std::vector<std::size_t> to(N);
    const Key key{options_.seed, Stream::train};
    for (std::uint64_t place = 0; place < N; ++place)
      to[permuted(key, 0, N, place)] = place < test ? 2 : place < held_out ? 1 : 0;
    for (const TextRow& row : all) table_.parts[to[number.at(row.cells.front())]].push_back(row);
  }

  const TextTableOptions& options_;
  Corpus corpus_;
  std::vector<std::string> names_;
  TextTable table_;
};

}  // namespace

std::string TextTable::where(const TextRow& row) const {
  return line_name(files[row.file], row.line);
}

TextTable read_text_table(const TextTableOptions& options) { return Reader(options).read(); }

}  // namespace rnnlab
