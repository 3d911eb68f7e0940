#include "data/tokeniser.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/text.hpp"
#include "data/utf8.hpp"

namespace rnnlab {
namespace {

using CodePoints = std::vector<std::int32_t>;

constexpr std::int32_t blank_mark = 0x2581;

bool among(std::int32_t c, std::int32_t first, std::int32_t last) {
  return first <= c && c <= last;
}
bool is_digit(std::int32_t c) { return among(c, '0', '9'); }
bool is_point(std::int32_t c) { return c == '.' || c == ','; }

/// The white space that Python's str.split() cuts at.
bool is_space(std::int32_t c) {
  return among(c, 0x09, 0x0D) || among(c, 0x1C, 0x20) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         among(c, 0x2000, 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

/// ASCII's punctuation but ' , - and the full stop.
bool stands_alone(std::int32_t c) {
  return among(c, '{', '~') || among(c, '[', '`') || among(c, ' ', '&') || among(c, '(', '+') ||
         among(c, ':', '@') || c == '/';
}

bool is_chinese(std::int32_t c) {
  constexpr std::array<std::array<std::int32_t, 2>, 22> ranges{
      {{0x3400, 0x4DB5}, {0x4E00, 0x9FA5}, {0x9FA6, 0x9FBB}, {0xF900, 0xFA2D}, {0xFA30, 0xFA6A},
       {0xFA70, 0xFAD9}, {0x2001, 0x2A6D}, {0x2F81, 0x2FA1}, {0xFF00, 0xFFEF}, {0x2E80, 0x2EFF},
       {0x3000, 0x303F}, {0x31C0, 0x31EF}, {0x2F00, 0x2FDF}, {0x2FF0, 0x2FFF}, {0x3100, 0x312F},
       {0x31A0, 0x31BF}, {0xFE10, 0xFE1F}, {0xFE30, 0xFE4F}, {0x2600, 0x26FF}, {0x2700, 0x27BF},
       {0x3200, 0x32FF}, {0x3300, 0x33FF}}};
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const auto& range) { return among(c, range[0], range[1]); });
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  std::string result;
  std::size_t from = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, from)) {
    result.append(text, from, at - from).append(by);
    from = at + what.size();
  }
  if (from == 0) return text;
  return result.append(text, from);
}

CodePoints spaced(const CodePoints& text, auto&& alone) {
  CodePoints result;
  result.reserve(text.size() + 16);
  for (const std::int32_t c : text) {
    if (alone(c)) {
      result.insert(result.end(), {' ', c, ' '});
    } else {
      result.push_back(c);
    }
  }
  return result;
}

/// From left to right, every pair of neighbours of which neither was in a pair before is written as
/// `write` says, where `fits`.
CodePoints pairs_written(const CodePoints& text, auto&& fits, auto&& write) {
  CodePoints result;
  result.reserve(text.size() + 16);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i + 1 < text.size() && fits(text[i], text[i + 1])) {
      write(result, text[i], text[i + 1]);
      ++i;
    } else {
      result.push_back(text[i]);
    }
  }
  return result;
}

/// What 13a and zh have in common.
std::vector<std::string> cut(CodePoints text) {
  using C = std::int32_t;
  const auto behind_both = [](CodePoints& to, C a, C b) { to.insert(to.end(), {a, ' ', b, ' '}); };
  text = spaced(text, stands_alone);
  text = pairs_written(
      text, [](C a, C b) { return !is_digit(a) && is_point(b); }, behind_both);
  text = pairs_written(
      text, [](C a, C b) { return is_point(a) && !is_digit(b); },
      [](CodePoints& to, C a, C b) {
        to.insert(to.end(), {' ', a, ' ', b});
      });
  text = pairs_written(
      text, [](C a, C b) { return is_digit(a) && b == '-'; }, behind_both);

  std::vector<std::string> tokens;
  bool inside = false;
  for (const C c : text) {
    if (!is_space(c)) {
      if (!inside) tokens.emplace_back();
      tokens.back() += encode_utf8(c);
    }
    inside = !is_space(c);
  }
  return tokens;
}

/// Where the apostrophe of a French elision that the word begins with ends; 0: there is none.
std::size_t elision(std::string_view word) {
  std::size_t end = 0, mark = 0;
  for (const std::string_view apostrophe : {"'", "\xE2\x80\x99"}) {
    const std::size_t at = word.find(apostrophe);
    if (at == std::string_view::npos || (end > 0 && at > mark)) continue;
    mark = at;
    end = at + apostrophe.size();
  }
  const std::string before = lower_case(word.substr(0, end > 0 ? mark : 0));
  for (const char* const elided : {"c", "d", "j", "l", "m", "n", "s", "t", "qu", "jusqu", "lorsqu",
                                   "puisqu", "quoiqu", "presqu", "quelqu", "aujourd"})
    if (before == elided) return end;
  return 0;
}

std::vector<std::string> elisions_cut(const std::vector<std::string>& words) {
  std::vector<std::string> result;
  for (const std::string& word : words) {
    std::string_view rest = word;
    for (std::size_t end = elision(rest); end > 0 && end < rest.size(); end = elision(rest)) {
      result.emplace_back(rest.substr(0, end));
      rest.remove_prefix(end);
    }
    result.emplace_back(rest);
  }
  return result;
}

std::vector<std::string> characters_of(std::string_view sentence) {
  std::vector<std::string> tokens;
  bool blank = false;
  for (const std::int32_t c : decode_utf8(sentence).code_points) {
    if (is_space(c) || c == blank_mark) {
      blank = true;
      continue;
    }
    if (blank && !tokens.empty()) tokens.push_back(encode_utf8(blank_mark));
    blank = false;
    tokens.push_back(encode_utf8(c));
  }
  return tokens;
}

bool one_of(std::string_view token, std::string_view marks) {
  return token.size() == 1 && marks.find(token) != std::string_view::npos;
}

/// Whether a token is Chinese: those have no blanks about them.
bool chinese_token(std::string_view token) {
  return is_chinese(decode_utf8(token).code_points.front());
}

}  // namespace

std::vector<std::string> tokens_13a(std::string_view sentence) {
  std::string text = replaced(std::string(sentence), "<skipped>", "");
  text = replaced(std::move(text), "&quot;", "\"");
  text = replaced(std::move(text), "&amp;", "&");
  text = replaced(std::move(text), "&lt;", "<");
  text = replaced(std::move(text), "&gt;", ">");
  return cut(decode_utf8(" " + text + " ").code_points);
}

std::vector<std::string> tokens_zh(std::string_view sentence) {
  CodePoints text = decode_utf8(sentence).code_points;
  while (!text.empty() && is_space(text.back())) text.pop_back();
  text.erase(text.begin(), std::find_if_not(text.begin(), text.end(), is_space));
  return cut(spaced(text, is_chinese));
}

std::optional<Tokeniser> Tokeniser::named(std::string_view name) {
  const std::vector<std::string> parts = words(name);
  const bool lower = parts.size() == 3 && parts[2] == "lower";
  if (parts.size() != (lower ? 3 : 2) || (parts[1] != "words" && parts[1] != "characters"))
    return {};
  return Tokeniser(parts[0], parts[1] == "words" ? TokenUnit::words : TokenUnit::characters, lower);
}

std::string Tokeniser::name() const {
  return language_ + (unit_ == TokenUnit::words ? " words" : " characters") +
         (lower_ ? " lower" : "");
}

std::string Tokeniser::compared(std::string_view sentence) const {
  return lower_ ? lower_case(sentence) : std::string(sentence);
}

std::vector<std::string> Tokeniser::tokens(std::string_view sentence) const {
  const std::string text = compared(sentence);
  if (unit_ == TokenUnit::characters) return characters_of(text);
  if (language_ == "zh") return tokens_zh(text);
  return language_ == "fr" ? elisions_cut(tokens_13a(text)) : tokens_13a(text);
}

std::string Tokeniser::text(const std::vector<std::string>& tokens) const {
  std::string text;
  if (unit_ == TokenUnit::characters) {
    for (const std::string& token : tokens) text += token == encode_utf8(blank_mark) ? " " : token;
    return text;
  }
  const bool french = language_ == "fr", chinese = language_ == "zh";
  bool joins = true, quoted = false;  // whether the next token follows without a blank
  for (const std::string& token : tokens) {
    const bool quote = token == "\"", opens = quote && !quoted;
    if (quote) quoted = !quoted;
    // zh takes 0. at a sentence's end for one token.
    const bool number_ends =
        chinese && one_of(token, ".,") && !text.empty() && is_digit(text.back());
    const bool closes = (quote && !opens) || (one_of(token, ".,!?;:)]}%") && !number_ends);
    const bool next_to = chinese && chinese_token(token);
    if (!joins && !closes && !next_to) text += ' ';
    if (!text.empty() && french && one_of(token, "!?;:")) text += "\xE2\x80\xAF";  // U+202F
    text += token;
    joins = opens || next_to || one_of(token, "([{") || (french && elision(token) == token.size());
  }
  return text;
}

bool matches(const Tokeniser& tokeniser, std::string_view text,
             const std::vector<std::string>& references) {
  const std::vector<std::string> tokens = tokeniser.tokens(text);
  return std::any_of(references.begin(), references.end(), [&](const std::string& reference) {
    return tokeniser.tokens(reference) == tokens;
  });
}

}  // namespace rnnlab
