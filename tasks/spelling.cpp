#include "spelling.hpp"

#include "base/error.hpp"
#include "corpora/cache.hpp"
#include "data/language_model_task.hpp"
#include "data/spelling_scorer.hpp"
#include "language_options.hpp"
#include "noun_classes.hpp"

namespace rnnlab {
namespace {

/// Spelling correction by a language model of characters (decode/model_corrector.hpp). It learns
/// from the text as it is; of the words of the test a share is mistyped, and those are counted that
/// it puts right, the words of the training part being the known ones.
///
///   right     bulo bani baze bani
///   mistyped  bulo zani baze bani      bani, dani, gani: the line tells which
///
/// The text is a made one (noun_classes.hpp), a corpus, or the user's. Baselines: what the words'
/// frequencies put right, and n-grams in bits per character.
class Spelling final : public LanguageModelTask {
 public:
  struct Options : LanguageOptions {
    NounClasses made;
    CorrectorOptions corrector;
    std::string corpus;
    double typos = 0.1;

    Options() { test_share = 0.1; }
    void describe(OptionVisitor& v) {
      LanguageOptions::describe(v, "characters", true);
      v.visit({.name = "corpus",
               .help = "without task.path: one of those that char-lm reads, from the cache; empty: "
                       "a made language"},
              corpus);
      made.describe(v);
      v.visit({.name = "typos",
               .help = "of the test's words that are mistyped",
               .min = 0.0001,
               .max = 1},
              typos);
      v.visit({.name = "edit_cost",
               .help = "what an edit takes from a candidate's score",
               .unit = "nats",
               .min = 0,
               .max = 1000},
              corrector.edit_cost);
    }
  };

  explicit Spelling(const Options& o)
      : LanguageModelTask(read(o)),
        where_(o.path.empty() ? o.corpus.empty() ? "the made language" : o.corpus : o.path),
        words_(text(Stream::train), where_),
        test_(text(Stream::test), where_, words_, o.typos, 0),
        options_(o.corrector),
        unigram_(by_frequency()) {
    if (test_.typos() == 0)
      throw Error(Exit::data, "no word of the test is mistyped", where_,
                  "give a longer text or a greater task.typos");
  }

  std::vector<TestMetric> test_metrics() const override { return SpellingScorer::metrics(); }
  std::unique_ptr<Scorer> scorer(Stream) const override {
    return std::make_unique<SpellingScorer>(test_, words_, options_, unigram_,
                                            TextVocabulary(unit(), symbols()));
  }
  std::vector<Baseline> baselines() const override {
    std::vector<Baseline> all{
        {"typos_right of the words' frequencies",
         static_cast<double>(unigram_.typos_right) / static_cast<double>(test_.typos())}};
    const std::vector<Baseline> bits = LanguageModelTask::baselines();
    all.insert(all.end(), bits.begin(), bits.end());
    return all;
  }

 private:
  static LanguageData read(const Options& o) {
    check(o);
    if (o.path.empty() && o.corpus.empty())
      return character_data(o, {.texts = {{o.made.text(), "the made language"}}, .sha256 = {}}, 1);
    const auto corpora = o.corpus.empty() ? corpora_of("char-lm") : std::vector{o.corpus};
    return character_data(o, read_language_corpus(corpus_path(o.path, corpora)), 1);
  }
  CorrectionCount by_frequency() const {
    Corrector by_list(words_, options_);
    return test_.corrected(by_list);
  }

  std::string where_;
  WordList words_;
  SpellingTest test_;
  CorrectorOptions options_;
  CorrectionCount unigram_;
};

}  // namespace

TaskEntry spelling_entry() {
  return task_entry<Spelling>("spelling",
                              "mistyped words put right by a language model: of a made language "
                              "whose words agree, or any text",
                              "right     bulo bani baze bani    dulo daze dani\n"
                              "mistyped  bulo zani baze bani    dulo daze mani",
                              {});
}

}  // namespace rnnlab
