#include <array>
#include <cmath>

#include "captions.hpp"
#include "nats.hpp"

namespace rnnlab {
namespace {

using Words = std::span<const char* const>;
constexpr std::array sizes{"small", "large"};
constexpr std::array colours{"red", "green", "blue", "yellow", "black", "white"};
constexpr std::array kinds{"circle", "square", "triangle", "star", "ring"};
constexpr std::array relations{"above", "below", "beside", "inside"};

/// Attributes of a scene, in the order in which a sentence says them: two shapes, the relation
/// between them.
constexpr std::array<Words, 7> attributes{sizes, colours, kinds, relations, sizes, colours, kinds};
constexpr std::int32_t article = 1;                        // behind end_symbol
constexpr std::size_t words_said = attributes.size() + 3;  // two articles and the end

/// Two shapes and how they stand to each other, drawn evenly and independently; what is given are
/// the scene's one-hot attributes a, mixed by a matrix of independent normals, and noise z:
///
///   v = (M a + σ z) / √(1 + σ²),   M [F, 30] of variance 1/7, so that v has about variance 1
class Scenes final : public Captions {
 public:
  Scenes(const SceneOptions& o, std::uint64_t seed)
      : F_(static_cast<std::size_t>(o.features)), noise_(o.noise) {
    symbols_ = {"<end>", "a"};
    for (const Words words : {Words(sizes), Words(colours), Words(kinds), Words(relations)})
      symbols_.insert(symbols_.end(), words.begin(), words.end());
    std::size_t columns = 0;
    for (std::size_t i = 0; i < attributes.size(); ++i) {
      column_[i] = columns;
      columns += attributes[i].size();
      // Words that were listed once serve both shapes.
      symbol_[i] = i < 4 ? static_cast<std::int32_t>(2 + column_[i]) : symbol_[i - 4];
    }
    const double scale = 1 / std::sqrt(static_cast<double>(attributes.size()));
    for (std::size_t c = 0; c < columns; ++c) {
      Rng rng({seed, Stream::order}, c);  // that no example and no parameter is drawn from
      for (std::size_t f = 0; f < F_; ++f) mix_.push_back(static_cast<float>(scale * rng.normal()));
    }
  }

  int features() const override { return static_cast<int>(F_); }
  std::vector<std::string> symbols() const override { return symbols_; }
  int longest() const override { return static_cast<int>(words_said); }

  std::vector<Plateau> plateaus() const override {
    return {{word_shares, unigram()},
            {"the words so far, but no vector", (2 * shape() + relation()) / words_said},
            {"all but the second shape", shape() / words_said}};
  }
  std::vector<Baseline> baselines() const override {
    // The last word of a shape does not tell which of the two it was of.
    const double bigram = (2 * shape() + relation() + 2 * std::log(2.0)) / words_said;
    return {{"unigram", std::exp(unigram())}, {"bigram", std::exp(bigram)}};
  }

  void draw(Key key, std::uint64_t example, std::size_t b, Batch& out) const override {
    Rng rng(key, example);
    const std::span<float> v = vector_of(out, b);
    std::array<std::int32_t, words_said> sentence;
    std::size_t said = 0;
    for (std::size_t i = 0; i < attributes.size(); ++i) {
      const std::uint32_t value = rng.below(static_cast<std::uint32_t>(attributes[i].size()));
      if (i == 0 || i == 4) sentence[said++] = article;
      sentence[said++] = symbol_[i] + static_cast<std::int32_t>(value);
      const float* const column = &mix_[(column_[i] + value) * F_];
      for (std::size_t f = 0; f < F_; ++f) v[f] += column[f];
    }
    sentence[said] = end_symbol;
    const double scale = 1 / std::sqrt(1 + noise_ * noise_);
    for (float& x : v)
      x = static_cast<float>(scale * (static_cast<double>(x) + noise_ * rng.normal()));
    write(sentence, b, out);
  }

 private:
  /// Nats of what is drawn for a shape, and for the relation.
  static double shape() {
    return std::log(static_cast<double>(sizes.size() * colours.size() * kinds.size()));
  }
  static double relation() { return std::log(static_cast<double>(relations.size())); }
  static double unigram() {
    std::vector<double> count{1, 2};  // in a sentence
    for (const auto& [words, times] : {std::pair{Words(sizes), 2},
                                       {Words(colours), 2},
                                       {Words(kinds), 2},
                                       {Words(relations), 1}}) {
      const auto n = static_cast<double>(words.size());
      count.insert(count.end(), words.size(), times / n);
    }
    return weighted_nats(count) / words_said;
  }

  std::size_t F_;
  double noise_;
  std::vector<std::string> symbols_;
  std::array<std::size_t, attributes.size()> column_{};   // of M: each attribute's first
  std::array<std::int32_t, attributes.size()> symbol_{};  // each attribute's first
  std::vector<float> mix_;                                // M, a column behind the other
};

}  // namespace

void SceneOptions::describe(OptionVisitor& v) {
  v.visit({.name = "features",
           .help = "F: width of the vector of a made scene",
           .min = 1,
           .max = 65536},
          features);
  v.visit({.name = "noise",
           .help = "sigma: of the vector of a made scene, beside a signal of deviation 1",
           .min = 0,
           .max = 1e6},
          noise);
}

std::unique_ptr<Captions> scene_captions(const SceneOptions& o, std::uint64_t seed) {
  return std::make_unique<Scenes>(o, seed);
}

}  // namespace rnnlab
