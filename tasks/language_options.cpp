#include "language_options.hpp"

#include <cmath>

#include "base/error.hpp"
#include "data/text_corpus.hpp"
#include "data/vocabulary.hpp"

namespace rnnlab {

void LanguageOptions::describe(OptionVisitor& v, const std::string& unit, bool optional) {
  v.visit({.name = "path",
           .help = "a text file in UTF-8, or a corpus' folder, archive or training file "
                   "(wiki.train.tokens, ptb.train.txt, train.txt, with valid and test beside it); "
                   "of .json the poems",
           .file = true,
           .optional = optional},
          path);
  v.visit({.name = "length", .help = unit + " of a window", .unit = unit, .min = 1, .max = 1e6},
          length);
  v.visit({.name = "sampling",
           .help = "training windows: consecutive ones, the state carried from each to the next, "
                   "or anywhere at random, each from a zero state",
           .choices = {"consecutive", "random"}},
          sampling);
  v.visit({.name = "valid_share",
           .help = "of a single text, for validation: what follows the training part",
           .min = 0.0001,
           .max = 0.9},
          valid_share);
  v.visit({.name = "test_share",
           .help = "of a single text, its end, for the test; 0: the test is on the validation part",
           .min = 0,
           .max = 0.9},
          test_share);
}

void check(const LanguageOptions& o) {
  if (o.valid_share + o.test_share >= 1) {
    throw Error(Exit::usage, "validation and test leave nothing to train on", "task.valid_share",
                "let task.valid_share + task.test_share be below 1");
  }
}

LanguageParts parts_of(const LanguageOptions& o, std::span<const std::size_t> ends,
                       const std::string& unit) {
  const std::size_t N = ends.back();
  LanguageParts parts;
  if (ends.size() == 1) {
    const auto share = [&](double part) {
      return static_cast<std::size_t>(std::llround(part * static_cast<double>(N)));
    };
    const std::size_t test = share(o.test_share),
                      held_out = std::min(N, share(o.valid_share) + test);
    parts.begin = {1, N - held_out, test == 0 ? N - held_out : N - test};
    parts.end = {N - held_out, N - test, N};
  } else {
    parts.begin = {1, ends[0], ends.size() == 2 ? ends[0] : ends[1]};
    parts.end = {ends[0], ends[1], ends.back()};
  }
  for (std::size_t i = 0; i < 3; ++i) {
    const std::size_t least = i == 0 ? static_cast<std::size_t>(o.length) + 1 : parts.begin[i] + 1;
    if (parts.begin[i] > 0 && parts.end[i] >= least) continue;
    throw Error(Exit::data,
                "too short: " + std::to_string(N) + " " + unit + " for training windows of " +
                    std::to_string(o.length) + " and the other parts",
                o.path, "give a longer text or a smaller task.length");
  }
  return parts;
}

LanguageData language_data(const LanguageOptions& o, const LanguageParts& parts, TextUnit unit,
                           std::vector<std::string> symbols, std::vector<std::int32_t> ids,
                           std::string sha256) {
  return {.unit = unit,
          .symbols = std::move(symbols),
          .ids = std::move(ids),
          .begin = parts.begin,
          .end = parts.end,
          .length = static_cast<int>(o.length),
          .random = o.sampling == "random",
          .sha256 = std::move(sha256)};
}

LanguageData character_data(const LanguageOptions& o, LanguageCorpus corpus,
                            std::int64_t min_count) {
  std::vector<std::int32_t> text;
  std::vector<std::size_t> ends;
  for (LanguageCorpus::Text& part : corpus.texts) {
    TextCorpus decoded = parse_text_corpus(part.bytes, part.where);
    part.bytes = {};
    if (text.empty()) {
      text = std::move(decoded.code_points);
    } else {
      text.insert(text.end(), decoded.code_points.begin(), decoded.code_points.end());
    }
    ends.push_back(text.size());
  }
  const LanguageParts parts = parts_of(o, ends, "characters");
  const std::span<const std::int32_t> all(text);
  const Vocabulary vocabulary(all.first(parts.end[0]), all, min_count);
  return language_data(o, parts, TextUnit::characters, vocabulary.symbols(),
                       vocabulary.encode(std::move(text)), std::move(corpus.sha256));
}

}  // namespace rnnlab
