#include "data/word_vectors.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <unordered_map>

#include "base/error.hpp"
#include "base/shown.hpp"
#include "base/text.hpp"
#include "data/corpus.hpp"
#include "data/utf8.hpp"

namespace rnnlab {
namespace {

constexpr std::string_view blanks = " \t";

/// The next line of a text, without its end.
std::string_view next_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  const std::size_t last = line.find_last_not_of(blanks);
  return line.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

/// The piece behind the last blank, which the line then ends before.
std::string_view last_piece(std::string_view& line) {
  const std::size_t blank = line.find_last_of(blanks);
  if (blank == std::string_view::npos) return {};
  const std::string_view piece = line.substr(blank + 1);
  const std::size_t rest = line.find_last_not_of(blanks, blank);
  line = line.substr(0, rest == std::string_view::npos ? 0 : rest + 1);
  return piece;
}

std::size_t pieces_in(std::string_view line) {
  std::size_t count = 0;
  for (std::size_t at = line.find_first_not_of(blanks); at != std::string_view::npos; ++count)
    at = line.find_first_not_of(blanks, line.find_first_of(blanks, at));
  return count;
}

std::optional<float> number(std::string_view piece) {
  float value = 0;
  const auto [end, error] = std::from_chars(piece.data(), piece.data() + piece.size(), value);
  if (end != piece.data() + piece.size()) return {};
  if (error == std::errc::result_out_of_range) {  // too small for a float, or too large
    const auto wide = parse_double(piece);
    if (!wide || std::abs(*wide) > 1) return {};
    return 0.0f;
  }
  if (error != std::errc() || !std::isfinite(value)) return {};
  return value;
}

class VectorReader {
 public:
  VectorReader(const std::string& where, const std::vector<std::string>& symbols) : where_(where) {
    for (std::size_t i = 0; i < symbols.size(); ++i)
      symbol_.emplace(symbols[i], static_cast<std::int32_t>(i));
  }

  SymbolVectors read(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    while (!text.empty()) {
      ++line_;
      const std::string_view line = next_line(text);
      if (line_ == 1 && header(line)) continue;
      take(line);
    }
    if (words_ == 0) refuse("there are no vectors", "give lines of a word and its numbers");
    if (declared_ && *declared_ != words_)
      refuse(std::to_string(words_) + " words, the first line says " + std::to_string(*declared_),
             "the file is cut off: fetch it again");
    return in_order();
  }

 private:
  [[noreturn]] void refuse(const std::string& what, const std::string& next) const {
    throw Error(Exit::data, what, line_name(where_, line_), next);
  }

  bool header(std::string_view line) {
    std::string_view words = line;
    const auto width = parse_int(last_piece(words));
    const auto count = parse_int(words);
    if (!width || !count || *width < 1 || *count < 1) return false;
    if (*width > 1000000)
      refuse("the first line says " + std::to_string(*width) + " numbers",
             "give vectors of less than a million");
    width_ = static_cast<std::size_t>(*width);
    declared_ = *count;
    return true;
  }

  void take(std::string_view line) {
    if (width_ == 0) {
      const std::size_t pieces = pieces_in(line);
      if (pieces < 2) refuse("the line has no vector", "write a word and its numbers");
      width_ = pieces - 1;
    }
    row_.resize(width_);
    std::string_view rest = line;
    for (std::size_t i = width_; i-- > 0;) {
      const std::string_view piece = last_piece(rest);
      const auto value = number(piece);
      if (!value) {
        refuse(piece.empty() ? "the vector has " + std::to_string(width_ - 1 - i) +
                                   " numbers, those before " + std::to_string(width_)
                             : "'" + shown(piece) + "' is no finite number",
               "write " + std::to_string(width_) + " numbers behind the word");
      }
      row_[i] = *value;
    }
    if (rest.empty()) refuse("the line has no word", "write it before its numbers");
    if (decode_utf8(rest).bytes < rest.size())
      refuse("the word is not UTF-8", "convert the file to UTF-8, such as with iconv");
    std::string_view word = rest;
    if (number(last_piece(word)))
      refuse("the vector has more than the " + std::to_string(width_) + " numbers of those before",
             "write as many behind every word");
    ++words_;
    const auto found = symbol_.find(std::string(rest));
    if (found == symbol_.end()) return;
    symbols_.push_back(found->second);
    values_.insert(values_.end(), row_.begin(), row_.end());
    symbol_.erase(found);
  }

  SymbolVectors in_order() const {
    std::vector<std::size_t> order(symbols_.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return symbols_[a] < symbols_[b]; });
    SymbolVectors result{.width = static_cast<int>(width_), .symbol = {}, .values = {}};
    for (const std::size_t i : order) {
      const auto begin = values_.begin() + static_cast<std::ptrdiff_t>(i * width_);
      result.symbol.push_back(symbols_[i]);
      result.values.insert(result.values.end(), begin, begin + static_cast<std::ptrdiff_t>(width_));
    }
    return result;
  }

  const std::string& where_;
  std::unordered_map<std::string, std::int32_t> symbol_;  // those without a vector yet
  std::int64_t line_ = 0, words_ = 0;
  std::optional<std::int64_t> declared_;  // words, by the first line
  std::size_t width_ = 0;
  std::vector<float> row_;
  std::vector<std::int32_t> symbols_;
  std::vector<float> values_;
};

}  // namespace

SymbolVectors parse_word_vectors(std::string_view text, const std::string& where,
                                 const std::vector<std::string>& symbols) {
  return VectorReader(where, symbols).read(text);
}

SymbolVectors read_word_vectors(const std::string& path, const std::vector<std::string>& symbols) {
  const Corpus corpus(path);
  if (corpus.files().size() != 1)
    throw Error(Exit::data,
                std::to_string(corpus.files().size()) + " files, and one of vectors is read",
                shown(path), "give the one of model.embedding's width");
  const std::string& file = corpus.files().front();
  SymbolVectors vectors = parse_word_vectors(corpus.bytes(file), corpus.where(file), symbols);
  if (vectors.symbol.empty())
    throw Error(Exit::data, "none of the task's symbols has a vector", corpus.where(file),
                "give vectors of the texts' language, and look at task.lower_case");
  return vectors;
}

}  // namespace rnnlab
