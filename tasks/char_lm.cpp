#include "char_lm.hpp"

#include "corpora/cache.hpp"
#include "data/language_model_task.hpp"
#include "language_options.hpp"

namespace rnnlab {
namespace {

/// Language model by character: a UTF-8 text, cut by position into training, validation and test
/// part, or three files. At every step one Unicode code point is shown and the next one is asked
/// for.
///
///   T = 4     x  T o   b    y  o   b e        (a window of "To be, or not to be")
///             x  e , _ o    y  , _ o r        (the next one, _ a space; the state is carried on)
///
/// Every character of a part but the very first one is predicted once an epoch, the first
/// one of a part from the last one of the part before. Loss and baselines: nats and bits per
/// character. Code points that the training part does not have, or has fewer than `min_count`
/// times, are read as U+FFFD.
class CharLm final : public LanguageModelTask {
 public:
  struct Options : LanguageOptions {
    std::int64_t min_count = 1;

    void describe(OptionVisitor& v) {
      LanguageOptions::describe(v, "characters");
      v.visit({.name = "min_count",
               .help = "characters that the training part has less often are read as U+FFFD",
               .unit = "times",
               .min = 1,
               .max = 1e9},
              min_count);
    }
  };

  explicit CharLm(const Options& o) : LanguageModelTask(read(o)) {}

 private:
  static LanguageData read(const Options& o) {
    check(o);
    const std::string path = corpus_path(o.path, corpora_of("char-lm"));
    return character_data(o, read_language_corpus(path), o.min_count);
  }
};

}  // namespace

TaskEntry char_lm_entry() {
  return task_entry<CharLm>("char-lm", "the next character of any UTF-8 text",
                            "x  T o _ b     y  o _ b e\n"
                            "x  e , _ o     y  , _ o r\n"
                            "(two consecutive windows of 4 of \"To be, or not to be\"; _ a space)",
                            {});
}

}  // namespace rnnlab
