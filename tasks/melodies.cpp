#include "melodies.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.hpp"
#include "data/piano_roll.hpp"
#include "nats.hpp"

namespace rnnlab {
namespace {

constexpr std::array major_scale{0, 2, 4, 5, 7, 9, 11, 12};
constexpr std::array minor_scale{0, 2, 3, 5, 7, 8, 10, 12};  // natural
constexpr std::array major_triad{0, 4, 7, 12};
constexpr std::array minor_triad{0, 3, 7, 12};
constexpr int octave = 12;

struct Class {
  const char* name;
  std::span<const int> semitones;  // above the octave's lower end
  bool up;
};
constexpr std::array<Class, 8> classes{{{"scale-major-up", major_scale, true},
                                        {"scale-major-down", major_scale, false},
                                        {"scale-minor-up", minor_scale, true},
                                        {"scale-minor-down", minor_scale, false},
                                        {"arpeggio-major-up", major_triad, true},
                                        {"arpeggio-major-down", major_triad, false},
                                        {"arpeggio-minor-up", minor_triad, true},
                                        {"arpeggio-minor-down", minor_triad, false}}};

/// Note t = 0, 1, … of a melody: the octave's notes one after the other from the tonic on, and back
/// again, its ends once each.
int note_at(const Class& cls, int tonic, int t) {
  const int last = static_cast<int>(cls.semitones.size()) - 1;
  const int along = last - std::abs(last - t % (2 * last));
  return cls.up ? tonic + cls.semitones[static_cast<std::size_t>(along)]
                : tonic - octave + cls.semitones[static_cast<std::size_t>(last - along)];
}

/// One to many: a melody from its class, one of scale | arpeggio × major | minor × up | down, given
/// once or at every step (model.input_at). One key of the piano sounds in each frame; at every step
/// the frame before is shown, at the first one silence, and the next one is asked for, as of
/// chorales. The first note is the tonic, even over `tonics` keys from `lowest` on; the melody goes
/// through the octave above it (down: below it), note by note, and turns round at its ends:
///
///   scale-major-up        x  -  60 62 64 65 67 69 71 72 71 69     (MIDI notes)
///                         y  60 62 64 65 67 69 71 72 71 69 67
///   arpeggio-minor-down   x  -  60 55 51 48 51 55 60 55
///                         y  60 55 51 48 51 55 60 55 51
///
/// Loss and metric: nats per frame, summed over the 88 keys, which are predicted one independent of
/// the other. What nobody can know is the tonic: K H(1/K) nats in the first frame, K tonics, H(p)
/// the entropy of a coin. Who is not given the class has to guess it at the second and the third
/// note; then the notes tell it. It counts as solved when a tenth is left of what that costs.
class Melodies final : public Task {
 public:
  struct Options {
    std::int64_t length = 16, lowest = 60, tonics = 12;
    DataOptions data;

    void describe(OptionVisitor& v) {
      v.visit(
          {.name = "length", .help = "notes of a melody", .unit = "frames", .min = 2, .max = 1000},
          length);
      v.visit({.name = "lowest",
               .help = "the lowest tonic",
               .unit = "MIDI note",
               .min = lowest_note + octave,
               .max = highest_note - octave - 1},
              lowest);
      v.visit({.name = "tonics",
               .help = "K: how many keys a tonic may be, from the lowest on",
               .unit = "keys",
               .min = 2,
               .max = piano_keys - 2 * octave},
              tonics);
      data.describe(v);
    }
  };

  explicit Melodies(const Options& o)
      : T_(static_cast<int>(o.length)),
        lowest_(static_cast<int>(o.lowest)),
        tonics_(static_cast<int>(o.tonics)) {
    if (const int most = highest_note - octave - lowest_ + 1; tonics_ > most)
      throw Error(Exit::usage,
                  "the octave above the highest tonic, " + std::to_string(lowest_ + tonics_ - 1) +
                      ", leaves the piano",
                  "task.tonics", "give at most " + std::to_string(most));
    judge();
  }

  Facts facts() const override { return facts_; }
  std::vector<std::string> given_symbols() const override {
    std::vector<std::string> names;
    for (const Class& cls : classes) names.emplace_back(cls.name);
    return names;
  }
  std::vector<Plateau> plateaus() const override { return plateaus_; }
  std::vector<Baseline> baselines() const override { return baselines_; }

  void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
    const std::size_t B = examples.size();
    out.reset(facts_, static_cast<int>(B));
    for (std::size_t b = 0; b < B; ++b) {
      Rng rng(key, examples[b]);
      const std::size_t cls = rng.below(classes.size());
      const int tonic = lowest_ + static_cast<int>(rng.below(static_cast<std::uint32_t>(tonics_)));
      out.given[b * classes.size() + cls] = 1;
      for (int t = 0; t < T_; ++t) {
        const auto note = static_cast<std::size_t>(note_at(classes[cls], tonic, t) - lowest_note);
        const auto at = [&](int step) {
          return (static_cast<std::size_t>(step) * B + b) * piano_keys + note;
        };
        out.y[at(t)] = 1;
        if (t + 1 < T_) out.x[at(t + 1)] = 1;
      }
    }
  }

 private:
  /// A frame of one of all melodies: what is known of it, as a number, and its note.
  struct Frame {
    std::uint64_t known;
    int note;
    friend auto operator<=>(const Frame&, const Frame&) = default;
  };

  /// Nats per frame of who knows that, over all classes and tonics, which are equally likely: Σ H
  /// of each key's share among the frames of which the same is known.
  static double nats_per_frame(std::vector<Frame> frames) {
    std::sort(frames.begin(), frames.end());
    double all = 0;
    const auto same = [](auto from, auto end, auto&& key) {
      return std::find_if(from, end, [&](const Frame& f) { return key(f) != key(*from); });
    };
    for (auto group = frames.begin(), end = group; group != frames.end(); group = end) {
      end = same(group, frames.end(), [](const Frame& f) { return f.known; });
      const auto n = static_cast<double>(end - group);
      for (auto key = group, next = key; key != end; key = next) {
        next = same(key, end, [](const Frame& f) { return f.note; });
        const double share = static_cast<double>(next - key) / n;
        all += n * (nats(share) + nats(1 - share));
      }
    }
    return all / static_cast<double>(frames.size());
  }

  /// f(class, step, the notes before as a number, the note before, 0 at first): what is known.
  template <class F>
  double nats_knowing(F&& f) const {
    std::vector<Frame> frames;
    for (std::size_t c = 0; c < classes.size(); ++c) {
      for (int tonic = lowest_; tonic < lowest_ + tonics_; ++tonic) {
        std::uint64_t notes = 0, before = 0;
        for (int t = 0; t < T_; ++t) {
          const int note = note_at(classes[c], tonic, t);
          frames.push_back({f(c, static_cast<std::uint64_t>(t), notes, before), note});
          before = static_cast<std::uint64_t>(note);
          // The first four notes tell the melody, the step the rest.
          if (t < 4) notes = notes << 8 | before;
        }
      }
    }
    return nats_per_frame(std::move(frames));
  }

  void judge() {
    using U = std::uint64_t;
    const auto with_class = [](U cls, U known) { return known * classes.size() + cls; };
    const auto so_far = [](U t, U notes) { return t << 32 | notes; };
    plateaus_ = {
        {"always each key's share", nats_knowing([](U, U, U, U) { return U{0}; })},
        {"the step alone", nats_knowing([](U, U t, U, U) { return t; })},
        {"the class and the step, but no note",
         nats_knowing([&](U c, U t, U, U) { return with_class(c, t); })},
        {"all notes so far, but not the class",
         nats_knowing([&](U, U t, U notes, U) { return so_far(t, notes); })},
        {"all there is: what is left is the tonic",
         nats_knowing([&](U c, U t, U notes, U) { return with_class(c, so_far(t, notes)); })}};
    const double without_class = plateaus_[3].loss, left = plateaus_[4].loss;
    // With few tonics and notes, the class tells more than the notes.
    std::stable_sort(plateaus_.begin(), plateaus_.end(),
                     [](const Plateau& a, const Plateau& b) { return a.loss > b.loss; });
    baselines_ = {
        {"marginal of each key", plateaus_[0].loss},
        {"each key given the note before", nats_knowing([](U, U, U, U before) { return before; })},
        {"the same given the class too",
         nats_knowing([&](U c, U, U, U before) { return with_class(c, before); })}};
    facts_ = {.inputs = piano_keys,
              .given = static_cast<int>(classes.size()),
              .outputs = piano_keys,
              .length = T_,
              .loss = LossKind::binary_cross_entropy,
              .readout = Readout::every,
              .chance_loss = plateaus_[0].loss,
              .solved = left + (without_class - left) / 10,
              .chance = "each key's share of all frames"};
  }

  int T_, lowest_, tonics_;
  std::vector<Plateau> plateaus_;
  std::vector<Baseline> baselines_;
  Facts facts_;
};

}  // namespace

TaskEntry melodies_entry() {
  return task_entry<Melodies>("melodies",
                              "from its class (scale or arpeggio, major or minor, up or down) a "
                              "melody: the key that sounds next",
                              "given scale-major-up        y  60 62 64 65 67 69 71 72 71 69\n"
                              "given arpeggio-minor-down   y  60 55 51 48 51 55 60 55\n"
                              "(MIDI notes; the tonic, first, is any of task.tonics keys; x is - "
                              "and then the note before)",
                              {});
}

}  // namespace rnnlab
