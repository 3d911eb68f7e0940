#include "captions.hpp"

#include <cmath>

#include "digit_words.hpp"
#include "nats.hpp"

namespace rnnlab {

void Captions::write(std::span<const std::int32_t> sentence, std::size_t b, Batch& out) {
  const auto B = static_cast<std::size_t>(out.B);
  out.length[b] = static_cast<int>(sentence.size());
  for (std::size_t t = 0; t < sentence.size(); ++t) {
    const std::size_t at = t * B + b;
    out.symbol[at] = t == 0 ? end_symbol : sentence[t - 1];
    out.label[at] = sentence[t];
    out.weight[at] = 1;
  }
}

std::span<float> Captions::vector_of(Batch& out, std::size_t b) {
  const std::size_t F = out.given.size() / static_cast<std::size_t>(out.B);
  return std::span(out.given).subspan(b * F, F);
}

double word_entropy(const Sequences& sentences, int symbols) {
  std::vector<double> count(static_cast<std::size_t>(symbols));
  double all = 0;
  for (const auto& sentence : sentences) {
    for (const std::int32_t word : sentence.subspan(1)) ++count[static_cast<std::size_t>(word)];
    all += static_cast<double>(sentence.size() - 1);
  }
  return weighted_nats(count) / all;
}

std::vector<Baseline> caption_baselines(const Sequences& training, const Sequences& scored,
                                        int symbols) {
  std::vector<Baseline> perplexities;
  for (const Baseline& bits : ngram_baselines(training, scored, symbols)) {
    if (bits.name != "trigram" && bits.name != "4-gram")
      perplexities.push_back({bits.name, std::exp2(bits.value)});
  }
  return perplexities;
}

namespace {

class DigitCaptions final : public Captions {
 public:
  DigitCaptions(const DigitOptions& o, const std::string& language) : digits_(o), words_(language) {
    for (std::size_t c = 0; c < words_.word.size(); ++c) {
      sentence_[c] = {end_symbol};
      sentence_[c].insert(sentence_[c].end(), words_.word[c].begin(), words_.word[c].end());
    }
  }

  int features() const override { return digits_.rows() * digits_.columns(); }
  std::vector<std::string> symbols() const override { return words_.symbols; }
  int longest() const override { return static_cast<int>(words_.longest()); }
  std::int64_t examples(Stream split) const override { return digits_.examples(split); }
  std::string sha256() const override { return digits_.sha256(); }

  std::vector<Plateau> plateaus() const override {
    double letters = 0;
    for (std::size_t c = 0; c < words_.word.size(); ++c)
      letters += digits_.shares()[c] * static_cast<double>(words_.word[c].size());
    return {{word_shares, word_entropy(sequences(Stream::train), size())},
            {"the letters so far, but no image", digits_.entropy() / letters}};
  }
  std::vector<Baseline> baselines() const override {
    return caption_baselines(sequences(Stream::train), sequences(Stream::test), size());
  }

  void draw(Key key, std::uint64_t example, std::size_t b, Batch& out) const override {
    const Digits::Image image = digits_.image(key.stream, example);
    const std::span<float> to = vector_of(out, b);
    for (std::size_t i = 0; i < to.size(); ++i) to[i] = digits_.shown(image.points[i]);
    write(words_.of(image.label), b, out);
  }

 private:
  int size() const { return static_cast<int>(words_.symbols.size()); }
  Sequences sequences(Stream split) const {
    Sequences all;
    for (std::int64_t n = 0; n < examples(split); ++n) {
      const int label = digits_.image(split, static_cast<std::uint64_t>(n)).label;
      all.push_back(sentence_[static_cast<std::size_t>(label)]);
    }
    return all;
  }

  Digits digits_;
  DigitWords words_;
  std::array<std::vector<std::int32_t>, Digits::classes> sentence_;  // an end, and the word
};

}  // namespace

std::unique_ptr<Captions> digit_captions(const DigitOptions& o, const std::string& language) {
  return std::make_unique<DigitCaptions>(o, language);
}

}  // namespace rnnlab
