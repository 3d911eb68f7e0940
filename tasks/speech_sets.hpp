#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/rng.hpp"
#include "data/batch.hpp"

namespace rnnlab {

/// What is asked of an utterance: the class of every frame, its one class, or its characters, by a
/// decoder or by connectionist temporal classification.
enum class SpeechTarget { frames, word, characters, ctc };
inline bool is_spelt(SpeechTarget target) {
  return target == SpeechTarget::characters || target == SpeechTarget::ctc;
}
/// Of targets that are spelt: the text of class 0, which is no character.
inline const char* no_character(SpeechTarget target) {
  return target == SpeechTarget::ctc ? "<blank>" : "<end>";
}

/// Utterances as frames, each with its target. What the task `speech` reads, made or recorded.
class SpeechSet {
 public:
  virtual ~SpeechSet() = default;

  struct Utterance {
    std::span<const float> frames;         // [T, width]
    std::span<const std::int32_t> labels;  // a class per frame; one; or characters, from 1 on
  };
  /// Holds until the thread asks for the next one.
  virtual Utterance utterance(Key key, std::uint64_t example) const = 0;
  /// As Task::examples().
  virtual std::int64_t examples(Stream split) const = 0;

  struct Sizes {
    int width = 0;
    int frames = 0;                    // of the longest utterance
    int labels = 0;                    // of the longest target
    std::vector<std::string> symbols;  // the text of each class; spelt: no_character() first
    double chance_loss = 0;
    const char* chance = "";
    std::string features;  // what a frame is, in words; empty: nobody knows
    std::string sha256;    // empty: drawn from the key alone
  };
  const Sizes& sizes() const { return sizes_; }

  /// What is taken from each number of a frame, and what the rest is divided by.
  const std::vector<float>& mean() const { return mean_; }
  const std::vector<float>& deviation() const { return deviation_; }

 protected:
  /// Mean and deviation of each number over frames [T, width] that are given piece by piece.
  class Moments {
   public:
    explicit Moments(std::size_t width) : sum_(width), squares_(width) {}
    void add(std::span<const float> frames);
    /// A number that never changes has deviation 1.
    void tell(std::vector<float>& mean, std::vector<float>& deviation) const;

   private:
    std::vector<double> sum_, squares_;
    double frames_ = 0;
  };
  void normalise(std::span<float> frames) const;

  Sizes sizes_;
  std::vector<float> mean_, deviation_;
};

/// Options of the words that are made (tone_words.hpp), and of the frames.
struct ToneWordOptions {
  std::int64_t seed = 0;
  std::int64_t letters = 3, min_letters = 0, alphabet = 5, words = 10;
  double snr = 20;
  std::int64_t mels = 40;
  double f_min = 0, f_max = 0;
};

/// Words of vowels, every one drawn anew. Throws Error(usage) for sizes that do not fit together.
std::unique_ptr<SpeechSet> tone_words(const ToneWordOptions&, SpeechTarget);

class LogMel;
/// What Sizes::features says of frames that were made of sound.
std::string speech_features(const LogMel&, int rate, double f_min, double f_max);

/// Utterances that are held in memory.
struct StoredUtterances {
  std::size_t width = 0;
  std::vector<float> frames;          // of all, one behind the other
  std::vector<std::size_t> begin{0};  // of each utterance's frames, and the end
  std::vector<std::int32_t> labels;   // likewise
  std::vector<std::size_t> label_begin{0};
  std::array<std::vector<std::uint32_t>, 3> parts;  // training, validation, test
  std::vector<std::string> symbols;
  std::string features, sha256;
};
/// Normalised by the training part, whose shares of symbols are the chance.
std::unique_ptr<SpeechSet> stored_speech(StoredUtterances, SpeechTarget);

}  // namespace rnnlab
