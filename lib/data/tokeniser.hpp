#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rnnlab {

/// The tokens of a sentence as mteval-v13a has them, WMT's script, and as sacreBLEU's `13a` has
/// them since (Post: A Call for Clarity in Reporting BLEU Scores, WMT 2018): entities of quotes,
/// <, > and & are replaced, ASCII's punctuation but ' - . , stands alone, a full stop or comma too
/// unless it is between digits, a hyphen behind a digit; the rest is cut at Unicode's white space.
/// REQUIRES, of all here: valid UTF-8, no line end.
std::vector<std::string> tokens_13a(std::string_view sentence);

/// sacreBLEU's `zh`: every Chinese character and full-width mark is a token, the rest goes as
/// in 13a, entities apart. What counts as Chinese is sacreBLEU's table, whose entries for
/// planes beyond the first one mean U+2001 … U+2A6D and U+2F81 … U+2FA1 instead.
std::vector<std::string> tokens_zh(std::string_view sentence);

enum class TokenUnit { words, characters };

/// How the sentences of one language are cut into the symbols of a model, and put together again.
///
///   words       13a's tokens (zh: those of `zh`). French elisions are cut off: qu' | il, l' | eau.
///   characters  code points; blanks between others, as many as there are, become one U+2581.
///
/// A text that is put together is cut into its tokens again, by 13a and zh too, so its blanks are
/// no matter to BLEU. Excepted are odd tokens such as ",0" of ",,0", which 13a cuts where they are
/// alone.
class Tokeniser {
 public:
  /// `language` en, fr, de, zh or any other, which goes by the rules that all have.
  Tokeniser(std::string language, TokenUnit unit, bool lower)
      : language_(std::move(language)), unit_(unit), lower_(lower) {}
  /// From the name() of another. Nothing for what is none.
  static std::optional<Tokeniser> named(std::string_view name);
  /// `fr words`, `zh characters`, `en words lower`.
  std::string name() const;

  std::vector<std::string> tokens(std::string_view sentence) const;
  std::string text(const std::vector<std::string>& tokens) const;
  /// The sentence as it is compared with: in lower case where that is wanted.
  std::string compared(std::string_view sentence) const;
  const std::string& language() const { return language_; }

 private:
  std::string language_;
  TokenUnit unit_;
  bool lower_;
};

/// Whether a text has the tokens of one of the references.
bool matches(const Tokeniser&, std::string_view text, const std::vector<std::string>& references);

}  // namespace rnnlab
