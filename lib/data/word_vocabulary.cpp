#include "data/word_vocabulary.hpp"

#include <algorithm>
#include <numeric>

#include "base/check.hpp"
#include "base/error.hpp"
#include "data/corpus.hpp"
#include "data/utf8.hpp"

namespace rnnlab {
namespace {

constexpr std::string_view white_space = " \t\r\n\v\f";

template <class F>
void for_words(std::string_view line, F&& f) {
  for (std::size_t end = 0; (end = line.find_first_not_of(white_space, end)) != line.npos;) {
    const std::size_t begin = end;
    end = std::min(line.find_first_of(white_space, begin), line.size());
    f(line.substr(begin, end - begin));
  }
}

}  // namespace

std::vector<std::string_view> words_of_line(std::string_view line) {
  std::vector<std::string_view> words;
  for_words(line, [&](std::string_view word) { words.push_back(word); });
  return words;
}

std::int32_t WordText::number_of(std::string_view word) {
  const auto found = numbers_.find(word);
  if (found != numbers_.end()) return found->second;
  const auto number = static_cast<std::int32_t>(words.size());
  numbers_.emplace(word, number);
  words.emplace_back(word);
  return number;
}

void WordText::add(std::string_view bytes, const std::string& where) {
  for (const TextLine& line : text_lines(bytes, where)) {
    for_words(line.text, [&](std::string_view word) { ids.push_back(number_of(word)); });
    ids.push_back(0);  // <eos>
  }
}

WordVocabulary::WordVocabulary(const WordText& text, std::span<const std::int32_t> training,
                               std::int64_t min_count, std::int64_t most) {
  const std::size_t n = text.words.size();
  std::vector<std::int64_t> count(n);
  for (const std::int32_t word : training) ++count[static_cast<std::size_t>(word)];
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < n; ++i)
    if (i == 0 || count[i] >= std::max<std::int64_t>(min_count, 1)) order.push_back(i);
  const auto before = [&](std::size_t a, std::size_t b) {
    return count[a] != count[b] ? count[a] > count[b] : text.words[a] < text.words[b];
  };
  std::sort(order.begin(), order.end(), before);

  const auto unknown = static_cast<std::size_t>(
      std::find(text.words.begin(), text.words.end(), unknown_word) - text.words.begin());
  const auto is_special = [&](std::size_t word) { return word == 0 || word == unknown; };
  const bool has_unknown = std::find(order.begin(), order.end(), unknown) != order.end();
  const std::size_t room = most > 0 ? static_cast<std::size_t>(most) : n + 1;
  const bool needs_unknown = has_unknown || order.size() < n || order.size() > room;
  std::size_t words = room - std::min<std::size_t>(room, needs_unknown ? 2 : 1);
  for (const std::size_t word : order) {
    if (!is_special(word) && words == 0) continue;
    if (!is_special(word)) --words;
    symbols_.push_back(text.words[word]);
  }
  if (needs_unknown && !has_unknown) symbols_.push_back(unknown_word);
  number_symbols();
}

WordVocabulary::WordVocabulary(std::vector<std::string> symbols) : symbols_(std::move(symbols)) {
  number_symbols();
  const auto refuse = [](const std::string& what) {
    throw Error(Exit::data, what, "vocabulary", "train again");
  };
  if (number_.size() != symbols_.size()) refuse("a word is there twice");
  if (!number_.contains(end_of_line)) refuse("it has no <eos>");
  for (const std::string& word : symbols_) {
    if (word.empty() || word.find_first_of(white_space) != word.npos ||
        decode_utf8(word).bytes < word.size())
      refuse("symbol " + std::to_string(number_.at(word)) + " is no word");
  }
}

void WordVocabulary::number_symbols() {
  number_.reserve(symbols_.size());
  for (const std::string& word : symbols_)
    number_.emplace(word, static_cast<std::int32_t>(number_.size()));
}

std::int32_t WordVocabulary::id(std::string_view word) const {
  auto found = number_.find(word);
  if (found == number_.end()) found = number_.find(std::string_view(unknown_word));
  return found == number_.end() ? -1 : found->second;
}

std::vector<std::int32_t> WordVocabulary::encode(WordText text) const {
  std::vector<std::int32_t> symbol(text.words.size());
  std::transform(text.words.begin(), text.words.end(), symbol.begin(),
                 [&](const std::string& word) { return id(word); });
  for (std::int32_t& word : text.ids) {
    word = symbol[static_cast<std::size_t>(word)];
    RNNLAB_CHECK_LE(0, word);
  }
  return std::move(text.ids);
}

}  // namespace rnnlab
