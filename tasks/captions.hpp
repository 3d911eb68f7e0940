#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "data/ngram.hpp"
#include "data/task.hpp"
#include "digits.hpp"

namespace rnnlab {

/// Vectors and the sentences that say them: what task caption is about. A sentence is its words'
/// symbols and, behind them, end_symbol.
class Captions {
 public:
  static constexpr const char* word_shares = "always each word's share, ends among them";

  virtual ~Captions() = default;
  virtual int features() const = 0;  // F: width of a vector
  virtual std::vector<std::string> symbols() const = 0;
  virtual int longest() const = 0;  // of all sentences, the end included
  /// Examples of a split; 0: as many as one asks for.
  virtual std::int64_t examples(Stream) const { return 0; }
  virtual std::span<const std::int32_t> lengths() const { return {}; }  // of the training examples
  virtual std::string sha256() const { return {}; }                     // of the files
  virtual std::vector<std::pair<std::string, std::string>> notes() const { return {}; }

  /// As of a task: the first is that of the words' shares, named word_shares; the second, if there
  /// is one, of all words so far without the vector.
  virtual std::vector<Plateau> plateaus() const = 0;
  /// Perplexities of those who see no vector.
  virtual std::vector<Baseline> baselines() const = 0;

  /// Column b of a batch that has been reset, no weight set.
  virtual void draw(Key, std::uint64_t example, std::size_t b, Batch& out) const = 0;

 protected:
  /// Puts a sentence into column b: the word before is read, the first behind an end.
  static void write(std::span<const std::int32_t> sentence, std::size_t b, Batch& out);
  /// Where column b has its vector.
  static std::span<float> vector_of(Batch& out, std::size_t b);
};

/// Entropy in nats of the words' shares among `sentences`, each of which has an end before it that
/// does not count.
double word_entropy(const Sequences& sentences, int symbols);
/// Counted n-grams of such sentences, as perplexities.
std::vector<Baseline> caption_baselines(const Sequences& training, const Sequences& scored,
                                        int symbols);

/// Scenes of two shapes (scenes.cpp).
struct SceneOptions {
  std::int64_t features = 64;
  double noise = 0.1;
  void describe(OptionVisitor&);
};
std::unique_ptr<Captions> scene_captions(const SceneOptions&, std::uint64_t seed);

/// The points of MNIST's images and their digits' names.
std::unique_ptr<Captions> digit_captions(const DigitOptions&, const std::string& language);

/// Captions of the user's own (file_captions.cpp).
struct CaptionFileOptions {
  std::string tokens = "auto";
  bool lower_case = true;
  std::int64_t min_count = 2, length = 40;
  double valid_share = 0.1, test_share = 0.1;
  void describe(OptionVisitor&);
};
/// Throws Error(data), naming file and line or array, for what cannot be read.
std::unique_ptr<Captions> file_captions(const CaptionFileOptions&, const std::string& folder,
                                        const std::string& language, std::uint64_t seed);

}  // namespace rnnlab
