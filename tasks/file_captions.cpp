#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <new>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "captions.hpp"
#include "data/archive.hpp"
#include "data/corpus.hpp"
#include "data/npz_file.hpp"
#include "data/text_tokens.hpp"
#include "data/token_vocabulary.hpp"
#include "data/tokeniser.hpp"
#include "file_examples.hpp"
#include "record/array_file.hpp"

namespace rnnlab {
namespace {

constexpr std::array<const char*, 3> parts{"train", "valid", "test"};
constexpr std::int64_t most_examples = 1'000'000'000, widest = 65536;

/// A folder's vectors and captions, part by part: `features` [N, F] of train.npz (or .h5, .hdf5)
/// and the N lines of train.txt, and so valid and test, where they are there. What is not is a
/// share of the training part, drawn from the seed.
class FileCaptions final : public Captions {
 public:
  FileCaptions(const CaptionFileOptions& o, const std::string& folder, const std::string& language,
               std::uint64_t seed)
      : folder_(folder) {
    check(o);
    std::array<std::size_t, 4> end{};
    for (std::size_t part = 0; part < parts.size(); ++part) {
      read(parts[part], part == 0);
      end[part + 1] = captions_.size();
    }
    for (std::size_t part = 0; part < parts.size(); ++part) {
      for (std::size_t n = end[part]; n < end[part + 1]; ++n)
        part_[part].push_back(static_cast<std::uint32_t>(n));
    }
    share_out(o, seed);
    make_symbols(o, language);
    for (const std::uint32_t n : part_[0])
      lengths_.push_back(static_cast<std::int32_t>(sentence(n).size() - 1));
  }

  int features() const override { return static_cast<int>(F_); }
  std::vector<std::string> symbols() const override { return vocabulary_->symbols(); }
  int longest() const override { return longest_; }
  std::int64_t examples(Stream split) const override { return std::ssize(of(split)); }
  std::span<const std::int32_t> lengths() const override { return lengths_; }
  std::string sha256() const override { return rnnlab::sha256(digests_); }
  std::vector<std::pair<std::string, std::string>> notes() const override {
    return {{"target_text", cut_->name()}};
  }

  std::vector<Plateau> plateaus() const override {
    return {{word_shares, word_entropy(sequences(Stream::train), vocabulary_->size())}};
  }
  std::vector<Baseline> baselines() const override {
    return caption_baselines(sequences(Stream::train), sequences(Stream::test),
                             vocabulary_->size());
  }

  void draw(Key key, std::uint64_t example, std::size_t b, Batch& out) const override {
    const auto& from = of(key.stream);
    const std::uint32_t n = from[example % from.size()];
    std::copy_n(&x_[n * F_], F_, vector_of(out, b).begin());
    write(sentence(n).subspan(1), b, out);
  }

 private:
  const std::vector<std::uint32_t>& of(Stream split) const {
    return part_[split == Stream::valid ? 1 : split == Stream::test ? 2 : 0];
  }
  /// An end, the caption and an end.
  std::span<const std::int32_t> sentence(std::uint32_t n) const {
    return std::span(text_).subspan(begin_[n], begin_[n + 1] - begin_[n]);
  }
  Sequences sequences(Stream split) const {
    Sequences all;
    for (const std::uint32_t n : of(split)) all.push_back(sentence(n));
    return all;
  }

  void check(const CaptionFileOptions& o) const {
    if (folder_.empty())
      throw Error(Exit::usage, "no folder is given", "task.path",
                  "name one with train.npz and train.txt");
    if (!std::filesystem::is_directory(folder_))
      throw Error(Exit::data, "there is no such folder", folder_,
                  "let task.path name one with train.npz and train.txt");
    if (o.valid_share + o.test_share >= 1)
      throw Error(Exit::usage, "validation and test leave nothing to train on", "task.valid_share",
                  "let task.valid_share + task.test_share be below 1");
  }

  /// Vectors and captions of a part, behind those that are there.
  void read(const std::string& part, bool needed) {
    const auto path_of = [&](const std::string& name) {
      return (std::filesystem::path(folder_) / name).string();
    };
    const auto there = [&](const std::string& name) {
      return std::filesystem::is_regular_file(path_of(name));
    };
    std::string arrays;
    for (const char* ending : {".npz", ".h5", ".hdf5"})
      if (arrays.empty() && there(part + ending)) arrays = part + ending;
    const bool texts = there(part + ".txt");
    if (arrays.empty() && !texts && !needed) return;
    if (arrays.empty() || !texts)
      throw Error(Exit::data,
                  "there is no " + part + (arrays.empty() ? ".npz, .h5 or .hdf5" : ".txt"), folder_,
                  "store a part's vectors, and a caption for each as a line of text");
    const std::int64_t count = read_vectors(path_of(arrays));
    read_captions(path_of(part + ".txt"), path_of(arrays), count);
  }

  std::int64_t read_vectors(const std::string& path) {
    const std::unique_ptr<ArrayFile> file =
        path.ends_with(".npz") ? open_npz(path) : open_hdf5_arrays(path);
    const char* const array = "features";
    const ArrayInfo info = file->info(array);
    const auto& shape = info.shape;
    if (shape.size() != 2 || shape[0] < 1 || shape[1] < 1)
      refuse_array(path, array, "has shape " + shape_text(shape) + ", not [N, F]",
                   "store a vector of F numbers for each caption");
    if (shape[0] > most_examples || shape[1] > widest)
      refuse_array(path, array, "is too large: its shape is " + shape_text(shape), "store less");
    if (F_ > 0 && shape[1] != static_cast<std::int64_t>(F_))
      refuse_array(path, array,
                   "has shape " + shape_text(shape) + ", but training has vectors of " +
                       std::to_string(F_) + " numbers",
                   "let all parts have the same F");
    F_ = static_cast<std::size_t>(shape[1]);
    const std::size_t begin = x_.size();
    try {
      x_.resize(begin + static_cast<std::size_t>(info.size()));
      file->read(array, std::span(x_).subspan(begin));
    } catch (const std::bad_alloc&) {
      refuse_array(path, array, "is too large for this machine's memory", "store less");
    }
    const auto bad = std::find_if(x_.begin() + static_cast<std::ptrdiff_t>(begin), x_.end(),
                                  [](float v) { return !std::isfinite(v); });
    if (bad != x_.end()) {
      const auto at = static_cast<std::size_t>(bad - x_.begin()) - begin;
      refuse_array(path, array,
                   "is not finite (as 32-bit floating point) at [" + std::to_string(at / F_) +
                       ", " + std::to_string(at % F_) + "]",
                   "give finite numbers");
    }
    add_digest(path);
    return shape[0];
  }

  void read_captions(const std::string& path, const std::string& arrays, std::int64_t count) {
    const std::string bytes = file_bytes(path);
    const std::vector<TextLine> lines = text_lines(bytes, path);
    for (const TextLine& line : lines) {
      if (trim(line.text).empty())
        throw Error(Exit::data, "an empty caption", line_name(path, line.number),
                    "write a caption, or leave its vector out too");
      captions_.emplace_back(line.text);
      captions_.back().shrink_to_fit();
    }
    if (std::ssize(lines) != count)
      throw Error(Exit::data,
                  std::to_string(lines.size()) + " captions for the " + std::to_string(count) +
                      " rows of array 'features' of " + arrays,
                  line_name(path, std::ssize(lines)), "write one caption a line for each row");
    add_digest(path);
  }

  void add_digest(const std::string& path) {
    const auto digest = file_sha256(path);
    if (!digest) throw Error(Exit::data, "cannot read the file", path, "check its permissions");
    digests_ += *digest;
  }

  /// A seeded order of the training part, cut, for what has no part of its own: first the test.
  void share_out(const CaptionFileOptions& o, std::uint64_t seed) {
    const std::uint64_t N = part_[0].size();
    const auto share = [&](std::size_t part, double wanted) -> std::uint64_t {
      if (!part_[part].empty()) return 0;
      const auto n = std::llround(wanted * static_cast<double>(N));
      return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(n));
    };
    const std::uint64_t test = share(2, o.test_share), valid = share(1, o.valid_share);
    if (test + valid == 0) return;
    if (test + valid >= N)
      throw Error(Exit::data,
                  "too few captions: " + std::to_string(N) + " for training, validation and test",
                  folder_, "give more, or files of the parts' own");
    part_[0].clear();
    for (std::uint64_t place = 0; place < N; ++place) {
      const std::size_t to = place < test ? 2 : place < test + valid ? 1 : 0;
      part_[to].push_back(static_cast<std::uint32_t>(permuted({seed, Stream::train}, 0, N, place)));
    }
  }

  void make_symbols(const CaptionFileOptions& o, const std::string& language) {
    CjkCount cjk;
    for (const std::uint32_t n : part_[0]) cjk.add(captions_[n]);
    const bool characters = o.tokens == "auto" ? cjk.most() : o.tokens == "characters";
    cut_.emplace(language, characters ? TokenUnit::characters : TokenUnit::words, o.lower_case);
    TokenNumbers numbers;
    std::vector<std::int32_t> tokens;
    for (std::string& caption : captions_) {
      begin_.push_back(tokens.size());
      numbers.append(cut_->tokens(caption), tokens);
      tokens.resize(std::min(tokens.size(), begin_.back() + static_cast<std::size_t>(o.length)));
      caption = {};
    }
    begin_.push_back(tokens.size());
    std::vector<std::int64_t> counts(numbers.size());
    for (const std::uint32_t n : part_[0]) {
      for (std::size_t i = begin_[n]; i < begin_[n + 1]; ++i)
        ++counts[static_cast<std::size_t>(tokens[i])];
    }
    vocabulary_.emplace(numbers, counts, std::vector<std::string>{"<end>"}, o.min_count, 0);
    text_.reserve(tokens.size() + 2 * captions_.size());
    for (std::size_t n = 0; n < captions_.size(); ++n) {
      const std::size_t begin = begin_[n];
      begin_[n] = text_.size();
      text_.push_back(end_symbol);
      for (std::size_t i = begin; i < begin_[n + 1]; ++i)
        text_.push_back(vocabulary_->symbol(tokens[i]));
      text_.push_back(end_symbol);
      longest_ = std::max(longest_, static_cast<int>(text_.size() - begin_[n]) - 1);
    }
    begin_.back() = text_.size();
  }

  std::string folder_, digests_;
  std::size_t F_ = 0;
  std::vector<float> x_;               // [N, F], of all parts
  std::vector<std::string> captions_;  // [N], until they are symbols
  std::array<std::vector<std::uint32_t>, 3> part_;
  std::optional<Tokeniser> cut_;
  std::optional<TokenVocabulary> vocabulary_;
  std::vector<std::int32_t> text_, lengths_;  // sentences one behind the other; of training
  std::vector<std::size_t> begin_;            // of each sentence, and the end
  int longest_ = 0;
};

}  // namespace

void CaptionFileOptions::describe(OptionVisitor& v) {
  v.visit({.name = "tokens",
           .help = "of a file's captions: words, characters; auto: characters where most of them "
                   "are Chinese or Japanese",
           .choices = {"auto", "words", "characters"}},
          tokens);
  v.visit({.name = "lower_case", .help = "whether a file's captions are read in lower case"},
          lower_case);
  v.visit({.name = "min_count",
           .help = "tokens that a file's training captions have less often are U+FFFD",
           .unit = "times",
           .min = 1,
           .max = 1e9},
          min_count);
  v.visit({.name = "length",
           .help = "a longer caption of a file is cut off there",
           .unit = "tokens",
           .min = 1,
           .max = 1e6},
          length);
  v.visit({.name = "valid_share",
           .help = "of a file's training captions, for validation, where that has no file",
           .min = 0.0001,
           .max = 0.9},
          valid_share);
  v.visit({.name = "test_share",
           .help = "of a file's training captions, for the test, where that has no file",
           .min = 0.0001,
           .max = 0.9},
          test_share);
}

std::unique_ptr<Captions> file_captions(const CaptionFileOptions& o, const std::string& folder,
                                        const std::string& language, std::uint64_t seed) {
  return std::make_unique<FileCaptions>(o, folder, language, seed);
}

}  // namespace rnnlab
