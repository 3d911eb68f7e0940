#pragma once

#include <cstdint>
#include <string>

#include "base/options.hpp"

namespace rnnlab {

/// A made language whose words agree with each other over a whole line, as those of Bantu languages
/// do with the class of a noun: a word is the consonant of its line's class and one of the stems,
/// vowel, consonant, vowel; a line is so many words, classes and stems uniform.
///
///   bulo bani baze bani        dani dulo daze        (two classes, three stems)
///
/// Of a word whose consonant is mistyped, the rest of the line alone tells what it was. Stems are
/// at an edit distance of at least 2 from each other. Between two words there may be particles, one
/// vowel each, which agree with nothing.
///
///   bulo e a bani u u baze           (two particles)
struct NounClasses {
  std::int64_t classes = 8, stems = 20, words = 8, particles = 0, lines = 4000;

  void describe(OptionVisitor&);
  /// A function of the options alone. Throws Error(usage) where there are not so many stems.
  std::string text() const;
};

}  // namespace rnnlab
