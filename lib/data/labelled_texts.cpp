#include "data/labelled_texts.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>

#include "base/error.hpp"
#include "base/shown.hpp"
#include "base/text.hpp"
#include "data/csv.hpp"

namespace rnnlab {
namespace {

constexpr std::size_t train = 0, valid = 1, test = 2;

[[noreturn]] void refuse(const std::string& what, const std::string& where,
                         const std::string& next) {
  throw Error(Exit::data, what, where, next);
}

/// A text before the classes are numbered.
struct Entry {
  std::string text, label;
  std::string where;  // kept for the parts whose labels training must have
};

/// What stands before the first `separator`, and behind it.
/// Without the byte order mark and the line's end.
std::string_view first_line(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  return bytes.substr(0, bytes.find_first_of("\r\n"));
}

std::optional<std::pair<std::string_view, std::string_view>> cut(std::string_view text,
                                                                 char separator) {
  const std::size_t at = text.find(separator);
  if (at == std::string_view::npos) return {};
  return std::pair{text.substr(0, at), text.substr(at + 1)};
}

bool is_number(std::string_view label) {
  return !label.empty() && label.size() <= 9 &&
         label.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Where the label and the text stand in rows with a header.
struct Columns {
  std::size_t label = 0, text = 0;
};

std::optional<Columns> columns_of(const std::vector<std::string>& header) {
  const auto place = [&](std::string_view name) {
    return static_cast<std::size_t>(std::find(header.begin(), header.end(), name) - header.begin());
  };
  Columns found{place("label"), header.size()};
  for (const char* name : {"review", "sentence", "text"})
    found.text = std::min(found.text, place(name));
  if (found.label == header.size() || found.text == header.size()) return {};
  return found;
}

std::vector<std::string> fields_of(std::string_view line, char separator) {
  std::vector<std::string> fields;
  for (std::optional rest = line; rest;) {
    const auto parts = cut(*rest, separator);
    fields.emplace_back(parts ? parts->first : *rest);
    rest = parts ? std::optional(parts->second) : std::nullopt;
  }
  return fields;
}

class Reader {
 public:
  Reader(const Corpus& corpus, std::string which) : corpus_(corpus), which_(std::move(which)) {}

  LabelledTexts read() {
    if (!read_files())
      refuse("no labelled texts are known to be in such files", where(), next_step());
    return numbered();
  }

 private:
  using Part = std::vector<Entry>;

  bool wanted(std::string_view name) const { return which_ == "auto" || which_ == name; }
  /// The whole corpus.
  std::string where() const {
    std::string name = corpus_.where({});
    if (name.ends_with('/')) name.pop_back();
    return name;
  }
  static std::string next_step() {
    return "give a folder with stsa.binary.train, rt-polarity.pos or train.tsv, or one CSV file "
           "with the header label,review";
  }

  bool read_files() {
    if (corpus_.files().size() == 1 && which_ == "auto")
      return read_one(corpus_.files().front(), train);
    const auto named = [&](const char* name) { return corpus_.find(name); };
    if (wanted("sst2") && named("stsa.binary.train")) {
      for (const auto& [name, part] :
           std::map<std::string, std::size_t>{{"stsa.binary.train", train},
                                              {"stsa.binary.dev", valid},
                                              {"stsa.binary.test", test}})
        read_flat(needed(name), part);
      has_valid_ = has_test_ = true;
      return true;
    }
    if (wanted("rt-polarity") && (named("rt-polarity.pos") || named("rt-polarity.neg"))) {
      read_texts(needed("rt-polarity.neg"), "0");
      read_texts(needed("rt-polarity.pos"), "1");
      return true;
    }
    if (which_ == "waimai") return read_one(needed("waimai_10k.csv"), train);
    if (which_ == "hotel") return read_one(needed("ChnSentiCorp_htl_all.csv"), train);
    if (which_ == "auto" && named("train.tsv")) {
      has_test_ = read_table(needed("train.tsv"), train) && named("test.tsv") &&
                  read_table(needed("test.tsv"), test);
      if (!read_table(needed("dev.tsv"), has_test_ ? valid : test)) return false;
      has_valid_ = has_test_;
      has_test_ = true;
      return true;
    }
    if (which_ != "auto") return false;
    std::vector<std::string> tables;
    for (const std::string& file : corpus_.files()) {
      if (file.ends_with(".csv") || file.ends_with(".csv.gz")) tables.push_back(file);
    }
    if (tables.size() > 1)
      refuse("there are several CSV files: " + join(tables, ", "), where(),
             "give one of them, or task.corpus");
    return tables.size() == 1 && read_one(tables.front(), train);
  }

  std::string needed(const std::string& name) const {
    const auto file = corpus_.find(name);
    if (!file) refuse("there is no " + name, where(), "give a folder with all its files");
    return *file;
  }

  /// The bytes of a file, which enter the digest.
  std::string taken(const std::string& file) {
    std::string bytes = corpus_.bytes(file);
    digests_ += rnnlab::sha256(bytes) + " " + file + "\n";
    return bytes;
  }

  /// A file by its first line.
  bool read_one(const std::string& file, std::size_t part) {
    std::string bytes = taken(file);
    const std::string where = corpus_.where(file);
    const std::string_view head = first_line(bytes);
    if (const auto columns = columns_of(fields_of(head, '\t'))) {
      table_rows(bytes, where, *columns, part);
      return true;
    }
    if (const auto parts = cut(head, ' '); parts && is_number(parts->first)) {
      flat_lines(bytes, where, part);
      return true;
    }
    std::optional<Columns> columns;
    bool first = true;
    read_csv(bytes, where, [&](CsvRow& row) {
      if (first) {
        first = false;
        columns = columns_of(row.fields);
        if (!columns)
          refuse(
              "the first line neither begins with a number nor names the columns label and "
              "review",
              line_name(where, row.line), next_step());
        return;
      }
      add(part, std::move(row.fields[columns->text]), std::move(row.fields[columns->label]), where,
          row.line);
    });
    return columns.has_value();
  }

  void read_flat(const std::string& file, std::size_t part) {
    flat_lines(taken(file), corpus_.where(file), part);
  }
  void flat_lines(const std::string& bytes, const std::string& where, std::size_t part) {
    for (const TextLine& line : text_lines(bytes, where)) {
      const auto parts = cut(line.text, ' ');
      if (!parts || !is_number(parts->first))
        refuse("the line does not begin with a label and a blank", line_name(where, line.number),
               "write `1 some words`");
      add(part, std::string(parts->second), std::string(parts->first), where, line.number);
    }
  }
  void read_texts(const std::string& file, const std::string& label) {
    const std::string bytes = taken(file), where = corpus_.where(file);
    for (const TextLine& line : text_lines(bytes, where))
      add(train, std::string(line.text), label, where, line.number);
  }

  /// False where the file has no column of labels.
  bool read_table(const std::string& file, std::size_t part) {
    const std::string bytes = taken(file), where = corpus_.where(file);
    const auto columns = columns_of(fields_of(first_line(bytes), '\t'));
    if (columns) table_rows(bytes, where, *columns, part);
    if (!columns && part == train)
      refuse("the header does not name the columns sentence and label", line_name(where, 1),
             "give them between tabs");
    return columns.has_value();
  }
  void table_rows(const std::string& bytes, const std::string& where, Columns columns,
                  std::size_t part) {
    std::size_t width = 0;
    for (const TextLine& line : text_lines(bytes, where)) {
      std::vector<std::string> fields = fields_of(line.text, '\t');
      if (line.number == 1) {
        width = fields.size();
        continue;
      }
      if (fields.size() != width)
        refuse("the row has " + std::to_string(fields.size()) + " fields, the header " +
                   std::to_string(width),
               line_name(where, line.number), "give every row as many, with tabs between");
      add(part, std::move(fields[columns.text]), std::move(fields[columns.label]), where,
          line.number);
    }
  }

  void add(std::size_t part, std::string text, std::string label, const std::string& where,
           std::int64_t line) {
    if (label.empty()) refuse("the label is empty", line_name(where, line), "give every text one");
    parts_[part].push_back({std::move(text), std::move(label),
                            part == train ? std::string() : line_name(where, line)});
  }

  LabelledTexts numbered() {
    const auto in_order = [](const std::string& a, const std::string& b) {
      const bool number = is_number(a), other = is_number(b);
      if (number && other) return std::pair{std::stol(a), a} < std::pair{std::stol(b), b};
      return number != other ? number : a < b;
    };
    std::map<std::string, std::int32_t, decltype(in_order)> numbers(in_order);
    for (const Entry& entry : parts_[train]) numbers.emplace(entry.label, 0);
    LabelledTexts result;
    for (auto& [label, number] : numbers) {
      number = static_cast<std::int32_t>(result.classes.size());
      result.classes.push_back(label);
    }
    if (result.classes.empty()) refuse("there are no texts", where(), next_step());
    if (result.classes.size() == 1)
      refuse("all texts are of class '" + shown(result.classes[0]) + "'", where(),
             "give texts of at least two");
    if (result.classes == std::vector<std::string>{"0", "1"})
      result.classes = {"negative", "positive"};
    for (std::size_t part = 0; part < parts_.size(); ++part) {
      for (Entry& entry : parts_[part]) {
        const auto number = numbers.find(entry.label);
        if (number == numbers.end())
          refuse("no text for training has the label '" + shown(entry.label) + "'", entry.where,
                 "give it one of " + join(result.classes, ", "));
        result.part[part].push_back({std::move(entry.text), number->second});
      }
      parts_[part] = {};
    }
    result.has_valid = has_valid_;
    result.has_test = has_test_;
    for (const auto& [has, part] : {std::pair{has_valid_, valid}, {has_test_, test}}) {
      if (has && result.part[part].empty())
        refuse(std::string("there are no texts for ") + (part == valid ? "validation" : "the test"),
               where(), "give the corpus' whole files");
    }
    result.sha256 = rnnlab::sha256(digests_);
    return result;
  }

  const Corpus& corpus_;
  std::string which_;
  std::string digests_;
  std::array<Part, 3> parts_;
  bool has_valid_ = false, has_test_ = false;
};

}  // namespace

std::vector<std::string> labelled_text_corpora() {
  return {"auto", "sst2", "rt-polarity", "waimai", "hotel"};
}

LabelledTexts read_labelled_texts(const Corpus& corpus, const std::string& which) {
  return Reader(corpus, which).read();
}

}  // namespace rnnlab
