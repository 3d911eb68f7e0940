#include "text_set.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "data/text_table.hpp"
#include "data/token_vocabulary.hpp"
#include "shares.hpp"

namespace rnnlab {
namespace {

constexpr std::array<const char*, 3> part_names{"training", "validation", "the test"};

std::size_t index(Stream split) {
  return split == Stream::valid ? 1 : split == Stream::test ? 2 : 0;
}

/// The texts of a column, one after the other, as the numbers of their tokens.
struct Texts {
  std::vector<std::int32_t> numbers;
  std::vector<std::size_t> end{0};

  std::span<const std::int32_t> operator[](std::size_t text) const {
    return std::span(numbers).subspan(end[text], end[text + 1] - end[text]);
  }
  void close() { end.push_back(numbers.size()); }
};

class FileTexts final : public TextSet {
 public:
  FileTexts(const TextFileOptions& o, const std::vector<std::string>& columns)
      : tokeniser_(o.tokeniser()), two_sources_(columns.size() == 3) {
    Shares{o.valid_share, o.test_share}.check();
    if (o.vocabulary > 0 && o.vocabulary < 3)
      throw Error(Exit::usage, "a vocabulary of " + std::to_string(o.vocabulary) + " has no word",
                  "task.vocabulary", "give at least 3, or 0 for all");
    const TextTable table = read_text_table({.path = o.path,
                                             .columns = columns,
                                             .seed = static_cast<std::uint64_t>(o.seed),
                                             .valid_share = o.valid_share,
                                             .test_share = o.test_share});
    sha256_ = table.sha256;
    read(table, o, columns);
    make_symbols(o);
    measure_targets();
    measure_lengths();
  }

  std::int64_t examples(Stream split) const override { return std::ssize(parts_[index(split)]); }

  void example(Key key, std::uint64_t index_of, TextExample& to) const override {
    const auto& part = parts_[index(key.stream)];
    const std::size_t row = part[index_of % part.size()];
    const auto copy = [&](const Texts& from, const TokenVocabulary& symbols,
                          std::vector<std::int32_t>& text) {
      text.clear();
      for (const std::int32_t number : from[row]) text.push_back(symbols.symbol(number));
    };
    copy(source_, *sources_, to.source);
    copy(target_, *targets_, to.target);
    if (two_sources_) copy(second_, *sources_, to.second);
  }

  void read_by(const std::vector<std::string>& sources,
               const std::vector<std::string>& targets) override {
    sources_.emplace(numbers_[0], sources);
    targets_.emplace(numbers_[1], targets);
    measure_targets();
  }

  Longest longest() const override { return longest_; }
  const std::vector<std::string>& sources() const override { return sources_->symbols(); }
  const std::vector<std::string>& targets() const override { return targets_->symbols(); }

  std::string text(std::span<const std::int32_t> symbols, bool target) const override {
    const std::vector<std::string>& texts = target ? targets() : sources();
    std::vector<std::string> tokens;
    for (const std::int32_t s : symbols) tokens.push_back(texts[static_cast<std::size_t>(s)]);
    return tokeniser_.text(tokens);
  }

  double chance_loss() const override { return entropy_; }
  const char* chance() const override {
    return "-sum q ln q, q the shares of the symbols in the training targets";
  }
  std::string sha256() const override { return sha256_; }
  std::vector<std::pair<std::string, std::string>> notes() const override {
    return {{"source_text", tokeniser_.name()},
            {"target_text", tokeniser_.name()},
            {"rows_left_out", std::to_string(left_out_)}};
  }

 private:
  void read(const TextTable& table, const TextFileOptions& o,
            const std::vector<std::string>& columns) {
    for (std::size_t part = 0; part < 3; ++part) {
      for (const TextRow& row : table.parts[part]) {
        std::array<std::vector<std::string>, 3> tokens;
        bool fits = true;
        for (std::size_t c = 0; c < columns.size(); ++c) {
          tokens[c] = tokeniser_.tokens(row.cells[c]);
          if (tokens[c].empty())
            throw Error(Exit::data, "the " + columns[c] + " has no symbol", table.where(row),
                        "leave the row out");
          const std::int64_t most = c + 1 == columns.size() ? o.target_length : o.text_length;
          fits = fits && std::ssize(tokens[c]) <= most;
        }
        if (!fits) {
          ++left_out_;
          continue;
        }
        parts_[part].push_back(source_.end.size() - 1);
        numbers_[0].append(tokens[0], source_.numbers);
        source_.close();
        if (two_sources_) numbers_[0].append(tokens[1], second_.numbers);
        second_.close();
        numbers_[1].append(tokens[columns.size() - 1], target_.numbers);
        target_.close();
      }
      if (parts_[part].empty())
        throw Error(Exit::data,
                    std::string("no row is left for ") + part_names[part] + ": " +
                        std::to_string(left_out_) + " have longer texts",
                    table.files.front(), "give a larger task.text_length or task.target_length");
    }
  }

  /// What are symbols, the training part alone decides.
  void make_symbols(const TextFileOptions& o) {
    std::array<std::vector<std::int64_t>, 2> counts{std::vector<std::int64_t>(numbers_[0].size()),
                                                    std::vector<std::int64_t>(numbers_[1].size())};
    for (const std::size_t row : parts_[0]) {
      for (const Texts* texts : {&source_, &second_})
        for (const std::int32_t n : (*texts)[row]) ++counts[0][static_cast<std::size_t>(n)];
      for (const std::int32_t n : target_[row]) ++counts[1][static_cast<std::size_t>(n)];
    }
    sources_.emplace(numbers_[0], counts[0], std::vector<std::string>(), o.min_count, o.vocabulary);
    targets_.emplace(numbers_[1], counts[1], std::vector<std::string>{"<end>"}, o.min_count,
                     o.vocabulary);
  }

  void measure_targets() {
    std::vector<double> count(targets_->symbols().size());
    double all = 0;
    for (const std::size_t row : parts_[0]) {
      for (const std::int32_t n : target_[row])
        ++count[static_cast<std::size_t>(targets_->symbol(n))];
      ++count.front();  // the end
      all += static_cast<double>(target_[row].size() + 1);
    }
    entropy_ = 0;
    for (const double c : count) entropy_ -= c > 0 ? c / all * std::log(c / all) : 0;
  }

  void measure_lengths() {
    for (std::size_t row = 0; row + 1 < source_.end.size(); ++row) {
      const auto widen = [row](int& to, const Texts& texts) {
        to = std::max(to, static_cast<int>(texts[row].size()));
      };
      widen(longest_.source, source_);
      widen(longest_.second, second_);
      widen(longest_.target, target_);
    }
  }

  Tokeniser tokeniser_;
  bool two_sources_;
  std::string sha256_;
  std::array<TokenNumbers, 2> numbers_;  // of the tokens of sources and of targets
  Texts source_, second_, target_;
  std::array<std::vector<std::size_t>, 3> parts_;  // rows
  std::optional<TokenVocabulary> sources_, targets_;
  Longest longest_;
  double entropy_ = 0;
  std::int64_t left_out_ = 0;
};

}  // namespace

void TextFileOptions::describe(OptionVisitor& v, const std::string& columns) {
  v.visit({.name = "path",
           .help = "your own texts instead of made ones: one .tsv file of rows " + columns +
                   ", or a folder or archive with train.tsv, valid.tsv and test.tsv",
           .file = true,
           .optional = true},
          path);
  v.visit({.name = "language",
           .help = "of the texts, for cutting them into words; en, fr, de, zh are known"},
          language);
  v.visit({.name = "tokens",
           .help = "symbols of the texts: words, characters, or auto: characters of zh, words of "
                   "all others",
           .choices = {"auto", "words", "characters"}},
          tokens);
  v.visit({.name = "lower", .help = "the texts in lower case"}, lower);
  v.visit({.name = "min_count",
           .help = "symbols that the training texts have less often are read as U+FFFD",
           .unit = "times",
           .min = 1,
           .max = 1e9},
          min_count);
  v.visit({.name = "vocabulary",
           .help = "symbols of sources and of targets, the most frequent ones; 0: all",
           .unit = "symbols",
           .min = 0,
           .max = 1e7},
          vocabulary);
  v.visit({.name = "text_length",
           .help = "longest source of the texts; rows with a longer one are left out",
           .unit = "symbols",
           .min = 1,
           .max = 1e6},
          text_length);
  v.visit({.name = "target_length",
           .help = "longest target of the texts, likewise",
           .unit = "symbols",
           .min = 1,
           .max = 1e6},
          target_length);
  v.visit({.name = "valid_share",
           .help = "of the different first texts of one file, for validation",
           .min = 0.0001,
           .max = 0.9},
          valid_share);
  v.visit({.name = "test_share",
           .help = "of the different first texts of one file, for the test",
           .min = 0.0001,
           .max = 0.9},
          test_share);
  v.visit({.name = "seed",
           .help = "what is made, or which rows of one file are for validation and test",
           .min = 0,
           .max = 9007199254740991.0},
          seed);
}

Tokeniser TextFileOptions::tokeniser() const {
  const bool characters = tokens == "characters" || (tokens == "auto" && language == "zh");
  return {language, characters ? TokenUnit::characters : TokenUnit::words, lower};
}

std::unique_ptr<TextSet> read_text_set(const TextFileOptions& options,
                                       const std::vector<std::string>& columns) {
  return std::make_unique<FileTexts>(options, columns);
}

}  // namespace rnnlab
