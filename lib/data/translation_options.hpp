#pragma once

#include "data/task.hpp"
#include "data/tokeniser.hpp"

namespace rnnlab {

/// What the task `translation` can be told: which corpus, how it is cut into symbols and parts.
struct TranslationOptions {
  static constexpr const char* task = "translation";

  std::string path, corpus;
  std::int64_t seed = 0;
  std::string source = "en", target = "fr";
  std::string source_tokens = "auto", target_tokens = "auto";
  std::int64_t source_column = 0;
  bool lower = false;
  std::int64_t min_count = 2;
  std::int64_t vocabulary = 10000;
  std::int64_t length = 30, target_length = 40;
  double valid_share = 0.02, test_share = 0.05;
  std::string test = "test_2016_flickr";
  DataOptions data;  // the corpus says how many there are

  void describe(OptionVisitor& v) {
    v.visit({.name = "path",
             .help = "tab-separated sentences and translations (.txt, .tsv, or a .zip with one), "
                     "or a folder with parallel files train.LANGUAGE, val.LANGUAGE and so on, .gz "
                     "or not",
             .file = true},
            path);
    v.visit({.name = "corpus",
             .help = "where no path is given: which of the corpora of rnnlab list data; empty: the "
                     "first that is there",
             .changes_results = false},
            corpus);
    v.visit({.name = "seed",
             .help = "which sources are for validation and test, where the corpus does not say",
             .min = 0,
             .max = 9007199254740991.0},
            seed);
    v.visit({.name = "source",
             .help = "language to translate from, as files name it; en, fr, de, zh are known"},
            source);
    v.visit({.name = "target", .help = "language to translate into, likewise"}, target);
    v.visit({.name = "source_tokens",
             .help = "symbols of a source: words, characters, or auto: characters of zh, words of "
                     "all others",
             .choices = {"auto", "words", "characters"}},
            source_tokens);
    v.visit({.name = "target_tokens",
             .help = "symbols of a target, likewise",
             .choices = {"auto", "words", "characters"}},
            target_tokens);
    v.visit({.name = "source_column",
             .help = "of two columns, the source's; 0: English is the first, as in Tatoeba's "
                     "files, or the source where neither is English",
             .min = 0,
             .max = 2},
            source_column);
    v.visit({.name = "lower", .help = "everything in lower case, references too"}, lower);
    v.visit({.name = "min_count",
             .help = "symbols that the training part has less often are read as U+FFFD",
             .unit = "times",
             .min = 1,
             .max = 1e9},
            min_count);
    v.visit({.name = "vocabulary",
             .help = "symbols of each language, the most frequent ones; 0: all",
             .unit = "symbols",
             .min = 0,
             .max = 1e7},
            vocabulary);
    v.visit({.name = "length",
             .help = "longest source; pairs with a longer one are left out",
             .unit = "symbols",
             .min = 1,
             .max = 1e6},
            length);
    v.visit({.name = "target_length",
             .help = "longest target; longer ones are left out, but stay as references",
             .unit = "symbols",
             .min = 1,
             .max = 1e6},
            target_length);
    v.visit({.name = "valid_share",
             .help = "of the different sources, for validation, where the corpus is not split",
             .min = 0.0001,
             .max = 0.9},
            valid_share);
    v.visit({.name = "test_share",
             .help = "of the different sources, for the test, where the corpus is not split; 0: "
                     "the test is on the validation part",
             .min = 0,
             .max = 0.9},
            test_share);
    v.visit({.name = "test", .help = "name of the test's files, of parallel files"}, test);
  }

  Tokeniser source_tokeniser() const { return tokeniser(source, source_tokens); }
  Tokeniser target_tokeniser() const { return tokeniser(target, target_tokens); }

 private:
  Tokeniser tokeniser(const std::string& language, const std::string& tokens) const {
    const bool characters = tokens == "characters" || (tokens == "auto" && language == "zh");
    return {language, characters ? TokenUnit::characters : TokenUnit::words, lower};
  }
};

}  // namespace rnnlab
