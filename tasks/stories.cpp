#include "stories.hpp"

#include <cmath>

#include "base/error.hpp"

namespace rnnlab {
namespace {

constexpr std::array<const char*, Stories::people> people_names{"anna", "ben", "clara", "david"};
constexpr std::array<const char*, Stories::rooms> room_names{"attic", "cellar",  "garden",
                                                             "hall",  "kitchen", "study"};
constexpr std::array<const char*, Stories::things> thing_names{"ball", "book", "lamp"};

// The words, in the order of their symbols: people, rooms, things, and these.
constexpr std::int32_t first_room = Stories::people, first_thing = first_room + Stories::rooms;
enum Word : std::int32_t {
  went = first_thing + Stories::things,
  to_,
  the,
  took,
  stop,
  where,
  is,
  was,
  before,
  question_mark
};
constexpr std::array<const char*, 10> other_words{"went",  "to", "the", "took",   ".",
                                                  "where", "is", "was", "before", "?"};
constexpr int longest_sentence = 6, longest_question = 8;

/// Writes one story.
class Writer {
 public:
  Writer(Rng& rng, TextExample& to) : rng_(rng), to_(to) {}

  void walk(std::uint32_t person, std::uint32_t room) {
    add(to_.source,
        {static_cast<std::int32_t>(person), went, Word::to_, the, room_word(room), stop});
  }
  void take(std::uint32_t person, std::uint32_t thing) {
    taken_[thing] = true;
    add(to_.source, {static_cast<std::int32_t>(person), took, the, thing_word(thing), stop});
  }
  /// A sentence about whoever: `still` does not walk; `avoided` is no room that `holder` goes to.
  void filler(bool takes_things, std::uint32_t still, std::uint32_t holder, std::uint32_t avoided) {
    const std::uint32_t thing = rng_.below(Stories::things);
    if (takes_things && rng_.below(4) == 0 && !taken_[thing])
      return take(rng_.below(Stories::people), thing);
    std::uint32_t person =
        rng_.below(still < Stories::people ? Stories::people - 1 : Stories::people);
    person += person >= still;
    walk(person, person == holder && avoided < Stories::rooms ? other_room(avoided)
                                                              : rng_.below(Stories::rooms));
  }
  void ask(std::initializer_list<std::int32_t> words) { add(to_.second, words); }
  void reserve(std::uint32_t thing) { taken_[thing] = true; }

  /// Uniform over all but one.
  std::uint32_t other_room(std::uint32_t room) {
    const std::uint32_t drawn = rng_.below(Stories::rooms - 1);
    return drawn + (drawn >= room);
  }
  static std::int32_t room_word(std::uint32_t room) {
    return first_room + static_cast<std::int32_t>(room);
  }
  static std::int32_t thing_word(std::uint32_t thing) {
    return first_thing + static_cast<std::int32_t>(thing);
  }

 private:
  static void add(std::vector<std::int32_t>& to, std::initializer_list<std::int32_t> words) {
    to.insert(to.end(), words);
  }

  Rng& rng_;
  TextExample& to_;
  std::array<bool, Stories::things> taken_{};  // by somebody, or not to be
};

}  // namespace

void Stories::Options::describe(OptionVisitor& v) {
  v.visit({.name = "supporting",
           .help = "sentences of a made story that one needs to know the answer",
           .min = 1,
           .max = 3},
          supporting);
  v.visit({.name = "sentences",
           .help = "of a made story",
           .unit = "sentences",
           .min = 1,
           .max = 100000},
          sentences);
  v.visit({.name = "behind",
           .help = "how many sentences of a made story come after the last one that is needed; "
                   "-1: drawn for each story",
           .unit = "sentences",
           .min = -1,
           .max = 100000},
          behind);
}

Stories::Stories(const Options& o)
    : supporting_(static_cast<int>(o.supporting)),
      sentences_(static_cast<int>(o.sentences)),
      behind_(static_cast<int>(o.behind)) {
  if (sentences_ < supporting_ + std::max(behind_, 0))
    throw Error(Exit::usage,
                std::to_string(supporting_) + " needed sentences and " +
                    std::to_string(std::max(behind_, 0)) + " behind them are more than " +
                    std::to_string(sentences_),
                "task.sentences",
                "give at least " + std::to_string(supporting_ + std::max(behind_, 0)));
  const auto append = [this](const auto& names) {
    words_.insert(words_.end(), names.begin(), names.end());
  };
  append(people_names);
  append(room_names);
  append(thing_names);
  append(other_words);
  rooms_.push_back("<end>");
  rooms_.insert(rooms_.end(), room_names.begin(), room_names.end());
}

void Stories::example(Key key, std::uint64_t index, TextExample& to) const {
  Rng rng(key, index);
  to.source.clear();
  to.second.clear();
  Writer story(rng, to);
  const auto below = [&](int n) {
    return static_cast<int>(rng.below(static_cast<std::uint32_t>(n)));
  };
  const int behind = behind_ >= 0 ? behind_ : below(sentences_ - supporting_ + 1);
  const int last = sentences_ - 1 - behind;
  const std::uint32_t person = rng.below(people), thing = rng.below(things),
                      answer = rng.below(rooms);
  const std::uint32_t left_for = supporting_ == 3 ? story.other_room(answer) : rooms;
  const int walked = supporting_ == 3 ? 1 + below(last - 1) : last;
  const int taken = supporting_ > 1 ? below(walked) : -1;
  story.reserve(thing);
  for (int i = 0; i < sentences_; ++i) {
    if (i == taken) {
      story.take(person, thing);
    } else if (i == walked) {
      story.walk(person, answer);
    } else if (i == last) {
      story.walk(person, left_for);
    } else {
      story.filler(supporting_ > 1, i > walked ? person : people, person, left_for);
    }
  }
  const std::int32_t word = Writer::thing_word(thing);
  if (supporting_ == 1) {
    story.ask({where, is, static_cast<std::int32_t>(person), question_mark});
  } else if (supporting_ == 2) {
    story.ask({where, is, the, word, question_mark});
  } else {
    story.ask({where, was, the, word, before, the, Writer::room_word(left_for), question_mark});
  }
  to.target.assign(1, 1 + static_cast<std::int32_t>(answer));
}

TextSet::Longest Stories::longest() const {
  return {.source = sentences_ * longest_sentence,
          .second = supporting_ == 1   ? 4
                    : supporting_ == 2 ? 5
                                       : longest_question,
          .target = 1};
}

std::string Stories::text(std::span<const std::int32_t> symbols, bool target) const {
  std::string text;
  for (const std::int32_t s : symbols) {
    if (!text.empty()) text += ' ';
    text += (target ? rooms_ : words_)[static_cast<std::size_t>(s)];
  }
  return text;
}

double Stories::chance_loss() const { return std::log(rooms) / 2; }
const char* Stories::chance() const { return "ln(6) / 2: any room, and the end, which is certain"; }
std::vector<Plateau> Stories::plateaus() const {
  if (supporting_ < 3) return {};
  return {{"the question alone", std::log(rooms - 1) / 2}};
}

}  // namespace rnnlab
