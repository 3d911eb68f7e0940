#include "speech_sets.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "data/log_mel.hpp"
#include "nats.hpp"
#include "strings.hpp"
#include "tone_words.hpp"

namespace rnnlab {

void SpeechSet::Moments::add(std::span<const float> frames) {
  const std::size_t width = sum_.size();
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const auto value = static_cast<double>(frames[i]);
    sum_[i % width] += value;
    squares_[i % width] += value * value;
  }
  frames_ += static_cast<double>(frames.size() / width);
}

void SpeechSet::Moments::tell(std::vector<float>& mean, std::vector<float>& deviation) const {
  for (std::size_t i = 0; i < sum_.size(); ++i) {
    const double m = sum_[i] / frames_, variance = squares_[i] / frames_ - m * m;
    mean.push_back(static_cast<float>(m));
    deviation.push_back(variance > 1e-10 * m * m ? static_cast<float>(std::sqrt(variance)) : 1.0f);
  }
}

void SpeechSet::normalise(std::span<float> frames) const {
  const std::size_t width = mean_.size();
  for (std::size_t at = 0; at < frames.size(); at += width)
    for (std::size_t i = 0; i < width; ++i)
      frames[at + i] = (frames[at + i] - mean_[i]) / deviation_[i];
}

namespace {

class MadeSpeech final : public SpeechSet {
 public:
  MadeSpeech(const ToneWordOptions& o, SpeechTarget target)
      : target_(target),
        alphabet_(static_cast<std::uint32_t>(o.alphabet)),
        most_(static_cast<std::size_t>(o.letters)),
        least_(static_cast<std::size_t>(o.min_letters == 0 ? o.letters : o.min_letters)),
        voice_(o.snr),
        log_mel_(ToneWords::rate, static_cast<int>(o.mels), o.f_min, o.f_max) {
    if (least_ > most_) {
      throw Error(Exit::usage,
                  "task.min_letters = " + std::to_string(least_) +
                      " is above task.letters = " + std::to_string(most_),
                  "task.min_letters", "give at most " + std::to_string(most_));
    }
    const Key key{static_cast<std::uint64_t>(o.seed), Stream::train};
    if (target == SpeechTarget::word) choose_words(key.seed, static_cast<std::size_t>(o.words));
    longest_slots_ = ToneWords::longest(most_);
    sizes_.width = static_cast<int>(o.mels);
    sizes_.frames = static_cast<int>(log_mel_.frames(longest_slots_ * ToneWords::slot));
    sizes_.labels = is_spelt(target)               ? static_cast<int>(most_)
                    : target == SpeechTarget::word ? 1
                                                   : sizes_.frames;
    name_symbols();
    judge_chance();
    sizes_.features = speech_features(log_mel_, ToneWords::rate, o.f_min, o.f_max);

    constexpr std::uint64_t listened_to = 64;
    mean_.assign(log_mel_.mels(), 0.0f);
    deviation_.assign(log_mel_.mels(), 1.0f);
    Moments moments(log_mel_.mels());
    for (std::uint64_t i = 0; i < listened_to; ++i) moments.add(utterance(key, i).frames);
    mean_.clear();
    deviation_.clear();
    moments.tell(mean_, deviation_);
  }

  std::int64_t examples(Stream) const override { return 0; }

  Utterance utterance(Key key, std::uint64_t example) const override {
    thread_local Scratch s;
    s.spoken.samples.reserve(longest_slots_ * ToneWords::slot);
    s.spoken.slots.reserve(longest_slots_);
    s.frames.reserve(static_cast<std::size_t>(sizes_.frames) * log_mel_.mels());
    s.word.reserve(most_);

    Rng rng(key, example);
    if (words_.empty()) {
      draw_word(rng, s.word);
    } else {
      s.number = static_cast<std::int32_t>(rng.below(static_cast<std::uint32_t>(words_.size())));
      s.word = words_[static_cast<std::size_t>(s.number)];
    }
    voice_.say(s.word, rng, s.spoken);
    const std::size_t frames = log_mel_.frames(s.spoken.samples.size());
    s.frames.resize(frames * log_mel_.mels());
    log_mel_(s.spoken.samples, s.frames);
    normalise(s.frames);
    switch (target_) {
      case SpeechTarget::frames:
        // A frame's middle is in the slot after that in which it begins.
        return {s.frames, std::span<const std::int32_t>(s.spoken.slots).subspan(1, frames)};
      case SpeechTarget::word: return {s.frames, {&s.number, 1}};
      default: return {s.frames, s.word};
    }
  }

 private:
  using Word = std::vector<std::int32_t>;
  struct Scratch {
    ToneWords::Spoken spoken;
    std::vector<float> frames;
    Word word;
    std::int32_t number;
  };

  void draw_word(Rng& rng, Word& word) const {
    word.resize(least_ + rng.below(static_cast<std::uint32_t>(most_ - least_ + 1)));
    for (std::int32_t& letter : word) letter = static_cast<std::int32_t>(1 + rng.below(alphabet_));
  }

  /// Different ones, drawn until there are enough.
  void choose_words(std::uint64_t seed, std::size_t count) {
    double all = 0;
    for (std::size_t l = least_; l <= most_; ++l)
      all += std::pow(alphabet_, static_cast<double>(l));
    if (static_cast<double>(count) > all) {
      throw Error(Exit::usage, "there are only " + format_double(all) + " different words",
                  "task.words", "give fewer, or more task.letters");
    }
    std::set<Word> taken;
    Rng rng({seed, Stream::parameters}, 0);
    for (Word word; words_.size() < count;) {
      draw_word(rng, word);
      if (taken.insert(word).second) words_.push_back(word);
    }
  }

  void name_symbols() {
    const auto ipa = [](std::int32_t letter) {
      return std::string(vowels[static_cast<std::size_t>(letter - 1)].ipa);
    };
    if (target_ == SpeechTarget::word) {
      for (const Word& word : words_) {
        std::string& text = sizes_.symbols.emplace_back();
        for (const std::int32_t letter : word) text += ipa(letter);
      }
      return;
    }
    sizes_.symbols.push_back(is_spelt(target_) ? no_character(target_) : "<pause>");
    for (std::uint32_t a = 1; a <= alphabet_; ++a)
      sizes_.symbols.push_back(ipa(static_cast<std::int32_t>(a)));
  }

  void judge_chance() {
    const double lengths = static_cast<double>(most_ - least_ + 1);
    if (target_ == SpeechTarget::word) {
      sizes_.chance_loss = std::log(static_cast<double>(words_.size()));
      sizes_.chance = "ln(words): any word";
    } else if (target_ != SpeechTarget::characters) {
      const double letters = static_cast<double>(most_ + least_) / 2;
      const double vowel = letters * ToneWords::vowel_slots;
      const double pause = (letters + 1) * ToneWords::pause_slots - 2;  // the outermost slots
      if (target_ == SpeechTarget::ctc) {
        sizes_.chance_loss = (std::log(lengths) + letters * std::log(alphabet_)) / (pause + vowel);
        sizes_.chance = "any word, by the mean number of frames";
        return;
      }
      sizes_.chance_loss =
          (nats(pause / (pause + vowel)) + alphabet_ * nats(vowel / (pause + vowel) / alphabet_));
      sizes_.chance = "always the shares of pauses and vowels";
    } else {
      std::vector<double> sizes(most_ + 1, 0.0);
      std::fill(sizes.begin() + static_cast<std::ptrdiff_t>(least_), sizes.end(), 1 / lengths);
      sizes_.chance_loss = ended_answer(sizes, alphabet_).unseen;
      sizes_.chance = "of each place, whether the word ends there, and any vowel";
    }
  }

  SpeechTarget target_;
  std::uint32_t alphabet_;
  std::size_t most_, least_, longest_slots_;
  ToneWords voice_;
  LogMel log_mel_;
  std::vector<Word> words_;
};

class StoredSpeech final : public SpeechSet {
 public:
  StoredSpeech(StoredUtterances all, SpeechTarget target) : all_(std::move(all)) {
    sizes_.width = static_cast<int>(all_.width);
    sizes_.symbols = std::move(all_.symbols);
    sizes_.features = std::move(all_.features);
    sizes_.sha256 = std::move(all_.sha256);
    Moments moments(all_.width);
    std::vector<double> count(sizes_.symbols.size());
    const bool ended = target == SpeechTarget::characters;
    for (const std::uint32_t n : all_.parts[0]) {
      moments.add(frames(n));
      for (const std::int32_t label : labels(n)) ++count[static_cast<std::size_t>(label)];
      count[end_symbol] += ended;
    }
    moments.tell(mean_, deviation_);
    normalise(all_.frames);
    for (std::uint32_t n = 0; n + 1 < all_.begin.size(); ++n) {
      sizes_.frames = std::max(sizes_.frames, static_cast<int>(frames(n).size() / all_.width));
      sizes_.labels = std::max(sizes_.labels, static_cast<int>(labels(n).size()));
    }
    double symbols = 0, steps = 0;
    for (const double c : count) symbols += c;
    for (const double c : count) sizes_.chance_loss += nats(c / symbols);
    sizes_.chance = ended ? "always the shares of the training part's characters, ends among them"
                          : "always the shares of the training part's classes";
    if (target != SpeechTarget::ctc) return;
    for (const std::uint32_t n : all_.parts[0])
      steps += static_cast<double>(frames(n).size() / all_.width);
    sizes_.chance_loss *= symbols / steps;
    sizes_.chance =
        "the shares of the training part's characters, how many there are known, by its frames";
  }

  std::int64_t examples(Stream split) const override { return std::ssize(part(split)); }
  Utterance utterance(Key key, std::uint64_t example) const override {
    const auto& from = part(key.stream);
    const std::uint32_t n = from[example % from.size()];
    return {frames(n), labels(n)};
  }

 private:
  const std::vector<std::uint32_t>& part(Stream split) const {
    return all_.parts[split == Stream::valid ? 1 : split == Stream::test ? 2 : 0];
  }
  std::span<const float> frames(std::uint32_t n) const {
    return std::span(all_.frames).subspan(all_.begin[n], all_.begin[n + 1] - all_.begin[n]);
  }
  std::span<const std::int32_t> labels(std::uint32_t n) const {
    return std::span(all_.labels)
        .subspan(all_.label_begin[n], all_.label_begin[n + 1] - all_.label_begin[n]);
  }

  StoredUtterances all_;
};

}  // namespace

std::string speech_features(const LogMel& log_mel, int rate, double f_min, double f_max) {
  return "ln of " + std::to_string(log_mel.mels()) + " mel filters from " + format_double(f_min) +
         " to " + format_double(f_max == 0 ? rate / 2.0 : f_max) + " Hz, 25 ms every 10 ms, of " +
         std::to_string(rate) + " samples a second";
}

std::unique_ptr<SpeechSet> tone_words(const ToneWordOptions& options, SpeechTarget target) {
  return std::make_unique<MadeSpeech>(options, target);
}

std::unique_ptr<SpeechSet> stored_speech(StoredUtterances all, SpeechTarget target) {
  return std::make_unique<StoredSpeech>(std::move(all), target);
}

}  // namespace rnnlab
