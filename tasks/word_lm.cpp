#include "word_lm.hpp"

#include "corpora/cache.hpp"
#include "data/language_corpus.hpp"
#include "data/language_model_task.hpp"
#include "data/word_vocabulary.hpp"
#include "language_options.hpp"

namespace rnnlab {
namespace {

/// Language model by word, on texts as the Penn Treebank (Mikolov et al. 2010) and WikiText (Merity
/// et al. 2016) have them: words between blanks, and at every line's end an `<eos>`, which is
/// predicted and counted as a word is. Empty lines are an `<eos>`.
///
///   T = 4     x  <eos> the cat sat      y  the cat sat <eos>     ("the cat sat", "a dog", …)
///             x  <eos> a dog <eos>      y  a dog <eos> …         (the state is carried on)
///
/// Every word of every part is predicted once an epoch, the first one of all after an `<eos>`.
/// Words that the training part does not have, or has fewer than `min_count` times, or that are not
/// among the `vocabulary` most frequent ones, are `<unk>`. Loss in nats; perplexity.
class WordLm final : public LanguageModelTask {
 public:
  struct Options : LanguageOptions {
    std::int64_t min_count = 1, vocabulary = 0;

    Options() { length = 35; }
    void describe(OptionVisitor& v) {
      LanguageOptions::describe(v, "words");
      v.visit({.name = "min_count",
               .help = "words that the training part has less often are <unk>",
               .unit = "times",
               .min = 1,
               .max = 1e9},
              min_count);
      v.visit({.name = "vocabulary",
               .help = "keep the most frequent words of the training part, <eos> and <unk> among "
                       "them; 0: all",
               .unit = "words",
               .min = 0,
               .max = 1e9},
              vocabulary);
    }
  };

  explicit WordLm(const Options& o) : LanguageModelTask(read(o)) {}

 private:
  static LanguageData read(const Options& o) {
    check(o);
    LanguageCorpus corpus = read_language_corpus(corpus_path(o.path, corpora_of("word-lm")));
    WordText text;
    text.ids.push_back(0);  // the line's end that the first word is predicted from
    std::vector<std::size_t> ends;
    for (LanguageCorpus::Text& part : corpus.texts) {
      text.add(part.bytes, part.where);
      part.bytes = {};
      ends.push_back(text.ids.size());
    }
    const LanguageParts parts = parts_of(o, ends, "words");
    const std::vector<std::int32_t>& ids = text.ids;
    const WordVocabulary vocabulary(text, {ids.data() + 1, parts.end[0] - 1}, o.min_count,
                                    o.vocabulary);
    return language_data(o, parts, TextUnit::words, vocabulary.symbols(),
                         vocabulary.encode(std::move(text)), std::move(corpus.sha256));
  }
};

}  // namespace

TaskEntry word_lm_entry() {
  return task_entry<WordLm>("word-lm", "the next word of a text, as of PTB and WikiText",
                            "x  <eos> the cat sat    y  the cat sat <eos>\n"
                            "x  <eos> a dog <eos>    y  a dog <eos> it\n"
                            "(two consecutive windows of 4 of \"the cat sat / a dog / it …\")",
                            {});
}

}  // namespace rnnlab
