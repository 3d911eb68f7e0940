#include "data/word_list.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/check.hpp"
#include "base/error.hpp"
#include "data/corpus.hpp"
#include "data/utf8.hpp"

namespace rnnlab {
namespace {

std::int32_t number(char32_t c) { return static_cast<std::int32_t>(c); }
bool letter(char32_t c) { return is_letter(number(c)); }
bool apostrophe(char32_t c) { return c == U'\'' || c == U'\u2019'; }

std::u32string lowered(std::u32string text) {
  for (char32_t& c : text) c = static_cast<char32_t>(lower_case(number(c)));
  return text;
}

/// `word`, which is in lower case, as `like` is written.
std::u32string in_case_of(std::u32string word, std::u32string_view like) {
  const auto raised = [](char32_t c) { return static_cast<char32_t>(upper_case(number(c))); };
  const auto is_raised = [](char32_t c) { return lower_case(number(c)) != number(c); };
  if (like.empty() || word.empty() || !is_raised(like.front())) return word;
  const bool all = like.size() > 1 && std::all_of(like.begin(), like.end(), [&](char32_t c) {
                     return !letter(c) || is_raised(c);
                   });
  for (std::size_t i = 0; i < (all ? word.size() : 1); ++i) word[i] = raised(word[i]);
  return word;
}

}  // namespace

std::u32string code_points(std::string_view text) {
  const DecodedUtf8 decoded = decode_utf8(text);
  return {decoded.code_points.begin(), decoded.code_points.end()};
}

std::string utf8_text(std::u32string_view text) {
  std::string result;
  for (const char32_t c : text) result += encode_utf8(number(c));
  return result;
}

std::vector<WordPlace> word_places(std::string_view text) {
  const std::u32string all = code_points(text);
  std::vector<WordPlace> places;
  std::size_t byte = 0;
  bool inside = false;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::size_t bytes = encode_utf8(number(all[i])).size();
    const bool joins = inside && apostrophe(all[i]) && i + 1 < all.size() && letter(all[i + 1]);
    const bool belongs = letter(all[i]) || joins;
    if (belongs && !inside) places.push_back({byte, 0});
    if (belongs) places.back().size += bytes;
    inside = belongs;
    byte += bytes;
  }
  return places;
}

WordList::WordList(std::string_view text, const std::string& where) {
  if (const std::size_t valid = decode_utf8(text).bytes; valid < text.size())
    throw Error(Exit::data, "invalid UTF-8 at byte " + std::to_string(valid + 1),
                line_name(where, 1 + std::count(text.begin(), text.begin() + valid, '\n')),
                "give text in UTF-8");
  std::map<std::u32string, std::int64_t> counts;
  for (const WordPlace& place : word_places(text))
    ++counts[lowered(code_points(text.substr(place.begin, place.size)))];
  if (counts.empty()) throw Error(Exit::data, "there are no words", where, "give a text with some");
  std::set<char32_t> letters;
  std::vector<std::u32string> words;
  for (const auto& [word, count] : counts) {
    numbers_.emplace(word, words.size());
    words.push_back(word);
    counts_.push_back(count);
    total_ += static_cast<double>(count);
    std::copy_if(word.begin(), word.end(), std::inserter(letters, letters.end()), letter);
  }
  letters_.assign(letters.begin(), letters.end());
  index_.emplace(std::move(words));
}

std::optional<std::size_t> WordList::number_of(std::string_view word) const {
  const auto found = numbers_.find(lowered(code_points(word)));
  return found == numbers_.end() ? std::nullopt : std::optional(found->second);
}

double WordList::log_share(std::string_view word) const {
  const auto known = number_of(word);
  RNNLAB_CHECK_EQ(known.has_value(), true);
  return std::log(static_cast<double>(counts_[*known]) / total_);
}

std::vector<WordList::Candidate> WordList::candidates(std::string_view word) const {
  const std::u32string written = code_points(word);
  std::vector<Candidate> result;
  for (const EditIndex::Found& found : index_->near(lowered(written))) {
    if (found.distance == 0) continue;
    const std::u32string& lower = index_->words()[found.word];
    result.push_back({utf8_text(in_case_of(lower, written)), utf8_text(lower), found.distance,
                      std::log(static_cast<double>(counts_[found.word]) / total_)});
  }
  return result;
}

}  // namespace rnnlab
