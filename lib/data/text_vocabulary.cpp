#include "data/text_vocabulary.hpp"

#include <algorithm>

#include "base/shown.hpp"
#include "data/utf8.hpp"

namespace rnnlab {
namespace {

/// Calls f(word, its symbol or −1), line ends among them.
template <class F>
void for_words(const WordVocabulary& vocabulary, std::string_view text, F&& f) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    for (const std::string_view word : words_of_line(text.substr(0, end)))
      f(word, vocabulary.id(word));
    if (end < text.size()) f(std::string_view(end_of_line), vocabulary.line_end());
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::vector<std::int32_t> encoded_words(const WordVocabulary& vocabulary, std::string_view text,
                                        const std::string& where, Exit code) {
  if (const std::size_t valid = decode_utf8(text).bytes; valid < text.size()) {
    throw Error(code, "invalid UTF-8 at byte " + std::to_string(valid + 1), where,
                "give text in UTF-8");
  }
  std::vector<std::int32_t> ids;
  for_words(vocabulary, text, [&](std::string_view word, std::int32_t id) {
    ids.push_back(id);
    if (id >= 0) return;
    throw Error(code, "the model does not know the word '" + shown(word) + "'", where,
                "use words of the text that it was trained on");
  });
  return ids;
}

std::variant<Vocabulary, WordVocabulary> made(TextUnit unit, std::vector<std::string> symbols) {
  if (unit == TextUnit::words) return WordVocabulary(std::move(symbols));
  return Vocabulary(std::move(symbols));
}

}  // namespace

const char* name_of(TextUnit unit) { return unit == TextUnit::words ? "words" : "characters"; }

std::optional<TextUnit> text_unit(std::string_view name) {
  for (const TextUnit unit : {TextUnit::characters, TextUnit::words})
    if (name == name_of(unit)) return unit;
  return {};
}

TextVocabulary::TextVocabulary(TextUnit unit, std::vector<std::string> symbols)
    : unit_(unit), vocabulary_(made(unit, std::move(symbols))) {}

const std::vector<std::string>& TextVocabulary::symbols() const {
  return std::visit(
      [](const auto& v) -> const auto& { return v.symbols(); }, vocabulary_);
}

std::optional<std::int32_t> TextVocabulary::line_end() const {
  const std::string end = unit_ == TextUnit::words ? end_of_line : "\n";
  const auto found = std::find(symbols().begin(), symbols().end(), end);
  if (found == symbols().end()) return {};
  return static_cast<std::int32_t>(found - symbols().begin());
}

std::vector<std::int32_t> TextVocabulary::encode(std::string_view text, const std::string& where,
                                                 Exit code) const {
  if (const auto* words = std::get_if<WordVocabulary>(&vocabulary_))
    return encoded_words(*words, text, where, code);
  return std::get<Vocabulary>(vocabulary_).encode(text, where, code);
}

std::vector<std::int32_t> TextVocabulary::ids(std::string_view text) const {
  std::vector<std::int32_t> ids;
  if (const auto* words = std::get_if<WordVocabulary>(&vocabulary_)) {
    for_words(*words, text, [&](std::string_view, std::int32_t id) { ids.push_back(id); });
  } else {
    for (const std::int32_t c : decode_utf8(text).code_points)
      ids.push_back(std::get<Vocabulary>(vocabulary_).id(c));
  }
  return ids;
}

std::vector<std::int32_t> TextVocabulary::encode_known(std::string_view text) const {
  std::vector<std::int32_t> known = ids(text);
  std::erase(known, -1);
  return known;
}

std::vector<std::int32_t> TextVocabulary::encode_up_to_unknown(std::string_view text) const {
  std::vector<std::int32_t> known = ids(text);
  known.erase(std::find(known.begin(), known.end(), -1), known.end());
  return known;
}

std::string TextVocabulary::written(std::int32_t symbol, std::optional<std::int32_t> before) const {
  if (unit_ == TextUnit::characters) return text(symbol);
  if (text(symbol) == end_of_line) return "\n";
  const bool begins = !before || text(*before) == end_of_line;
  return (begins ? "" : " ") + text(symbol);
}

}  // namespace rnnlab
