#include "data/translation_corpus.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "base/error.hpp"

namespace rnnlab {
namespace {

constexpr std::array<const char*, 3> part_names{"training", "validation", "test"};

void check(const TranslationOptions& o) {
  if (o.source.empty() || o.target.empty() || o.source == o.target)
    throw Error(Exit::usage, "source and target are not two languages", "task.source",
                "name both, as in --task.source en --task.target fr");
  if (o.valid_share + o.test_share >= 1)
    throw Error(Exit::usage, "validation and test leave nothing to train on", "task.valid_share",
                "let task.valid_share + task.test_share be below 1");
  if (o.vocabulary > 0 && o.vocabulary < 3)
    throw Error(Exit::usage, "a vocabulary of " + std::to_string(o.vocabulary) + " has no word",
                "task.vocabulary", "give at least 3, or 0 for all");
}

ParallelOptions reading(const TranslationOptions& o) {
  const bool first =
      o.source_column == 0 ? o.source == "en" || o.target != "en" : o.source_column == 1;
  return {o.path, o.source, o.target, first, o.test};
}

}  // namespace

TranslationCorpus::TranslationCorpus(const TranslationOptions& options, const Symbols* known) {
  check(options);
  const ParallelText text = read_parallel_text(reading(options));
  read(text, options);
  if (text.split) {
    keep_parts(text, options);
  } else {
    draw_parts(text, options);
  }
  for (std::size_t part = 0; part < parts_.size(); ++part) {
    if (!parts_[part].empty()) continue;
    throw Error(Exit::data,
                std::string("no pair is left for ") + part_names[part] + ", " +
                    std::to_string(left_out_) + " are too long",
                options.path, "give more of them, or a larger task.length or task.target_length");
  }
  encode(options, known);
}

/// All pairs as numbers, in the order of the parts.
void TranslationCorpus::read(const ParallelText& text, const TranslationOptions& options) {
  const Tokeniser source = options.source_tokeniser(), target = options.target_tokeniser();
  for (const auto& pairs : text.parts) {
    for (const SentencePair& pair : pairs) {
      source_numbers_.append(source.tokens(pair.source), source_.ids);
      target_numbers_.append(target.tokens(pair.target), target_.ids);
      source_.end.push_back(source_.ids.size());
      target_.end.push_back(target_.ids.size());
      const std::size_t last = source_.end.size() - 2;
      if (source_.length(last) > 0 && target_.length(last) > 0) continue;
      throw Error(Exit::data, "a sentence has no symbol", text.where(pair), "leave the pair out");
    }
  }
}

bool TranslationCorpus::fits(std::size_t pair, const TranslationOptions& options) const {
  return source_.length(pair) <= static_cast<std::size_t>(options.length) &&
         target_.length(pair) <= static_cast<std::size_t>(options.target_length);
}

void TranslationCorpus::keep_parts(const ParallelText& text, const TranslationOptions& options) {
  std::uint32_t pair = 0;
  for (std::size_t part = 0; part < parts_.size(); ++part) {
    for (const SentencePair& sentences : text.parts[part]) {
      const std::uint32_t number = pair++;
      if (!fits(number, options)) {
        ++left_out_;
        continue;
      }
      parts_[part].push_back(number);
      if (part > 0)
        texts_[part].push_back({std::string(sentences.source),
                                {options.target_tokeniser().compared(sentences.target)}});
    }
  }
}

void TranslationCorpus::draw_parts(const ParallelText& text, const TranslationOptions& options) {
  const std::vector<SentencePair>& pairs = text.parts[0];
  std::vector<std::vector<std::uint32_t>> groups;  // the pairs of a source
  std::unordered_map<std::string_view, std::size_t> group_of;
  for (std::uint32_t pair = 0; pair < pairs.size(); ++pair) {
    const auto ids = source_[pair];
    const std::string_view key(reinterpret_cast<const char*>(ids.data()), ids.size_bytes());
    const auto [at, added] = group_of.emplace(key, groups.size());
    if (added) groups.emplace_back();
    groups[at->second].push_back(pair);
  }
  left_out_ = std::ssize(pairs);
  std::erase_if(groups, [&](const auto& group) {
    return std::none_of(group.begin(), group.end(),
                        [&](std::uint32_t pair) { return fits(pair, options); });
  });

  const std::uint64_t N = groups.size();
  const auto share = [&](double part) {
    const auto n = std::llround(part * static_cast<double>(N));
    return part == 0 ? 0 : std::max<std::uint64_t>(1, static_cast<std::uint64_t>(n));
  };
  const std::uint64_t test = share(options.test_share), valid = share(options.valid_share);
  if (test + valid >= N)
    throw Error(
        Exit::data,
        "too few different sources: " + std::to_string(N) + " for training, validation and test",
        options.path, "give more, or a larger task.length or task.target_length");
  const Key key{static_cast<std::uint64_t>(options.seed), Stream::train};
  std::array<std::vector<std::uint64_t>, 3> drawn;
  for (std::uint64_t place = 0; place < N; ++place)
    drawn[place < test ? 2 : place < test + valid ? 1 : 0].push_back(permuted(key, 0, N, place));

  const Tokeniser target = options.target_tokeniser();
  for (std::size_t part = 0; part < parts_.size(); ++part) {
    std::sort(drawn[part].begin(), drawn[part].end());
    for (const std::uint64_t number : drawn[part]) {
      const std::vector<std::uint32_t>& group = groups[number];
      const auto fit = [&](std::uint32_t pair) { return fits(pair, options); };
      if (part == 0) {
        std::copy_if(group.begin(), group.end(), std::back_inserter(parts_[0]), fit);
        left_out_ -= std::count_if(group.begin(), group.end(), fit);
        continue;
      }
      parts_[part].push_back(*std::find_if(group.begin(), group.end(), fit));
      Texts& texts = texts_[part].emplace_back();
      texts.sentence = pairs[group.front()].source;
      for (const std::uint32_t pair : group)
        texts.references.push_back(target.compared(pairs[pair].target));
      left_out_ -= std::ssize(group);
    }
  }
  if (test == 0) {
    parts_[2] = parts_[1];
    texts_[2] = texts_[1];
  }
}

/// From numbers to symbols, which the training part alone decides where none are known.
void TranslationCorpus::encode(const TranslationOptions& options, const Symbols* known) {
  const auto counted = [&](const Side& side, const TokenNumbers& numbers,
                           std::vector<std::string> reserved) {
    std::vector<std::int64_t> counts(numbers.size());
    for (const std::uint32_t pair : parts_[0])
      for (const std::int32_t number : side[pair]) ++counts[static_cast<std::size_t>(number)];
    return TokenVocabulary(numbers, counts, std::move(reserved), options.min_count,
                           options.vocabulary);
  };
  const auto vocabulary = [&](Side& side, TokenNumbers& numbers, std::vector<std::string> reserved,
                              const std::vector<std::string>* symbols) {
    TokenVocabulary made =
        symbols ? TokenVocabulary(numbers, *symbols) : counted(side, numbers, std::move(reserved));
    for (std::int32_t& id : side.ids) id = made.symbol(id);
    numbers = {};
    return made;
  };
  sources_ = vocabulary(source_, source_numbers_, {}, known ? &known->sources : nullptr);
  targets_ = vocabulary(target_, target_numbers_, {"<end>"}, known ? &known->targets : nullptr);
  for (const auto& part : parts_) {
    for (const std::uint32_t pair : part) {
      longest_[0] = std::max(longest_[0], static_cast<int>(source_.length(pair)));
      longest_[1] = std::max(longest_[1], static_cast<int>(target_.length(pair)));
    }
  }
}

TranslationCorpus::Example TranslationCorpus::example(Stream split, std::uint64_t index) const {
  const std::vector<std::uint32_t>& pairs = parts_[part(split)];
  const std::uint32_t pair = pairs[index % pairs.size()];
  return {source_[pair], target_[pair]};
}

const std::string& TranslationCorpus::sentence(Stream split, std::uint64_t index) const {
  return texts_[part(split)][index].sentence;
}

const std::vector<std::string>& TranslationCorpus::references(Stream split,
                                                              std::uint64_t index) const {
  return texts_[part(split)][index].references;
}

}  // namespace rnnlab
