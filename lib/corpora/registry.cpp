#include "corpora/registry.hpp"

#include "base/error.hpp"
#include "base/shown.hpp"
#include "base/text.hpp"

namespace rnnlab {

std::int64_t KnownCorpus::bytes() const {
  std::int64_t sum = 0;
  for (const KnownFile& file : files) sum += file.bytes;
  return sum;
}

const std::vector<KnownCorpus>& known_corpora() {
  static const std::vector<KnownCorpus> all = [] {
    std::vector<KnownCorpus> list;
    for (const auto& family :
         {text_corpora(), sentiment_corpora(), translation_corpora(), other_corpora()})
      list.insert(list.end(), family.begin(), family.end());
    return list;
  }();
  return all;
}

const KnownCorpus& known_corpus(std::string_view name, const std::string& where) {
  std::vector<std::string> names;
  for (const KnownCorpus& corpus : known_corpora()) {
    if (corpus.name == name) return corpus;
    names.push_back(corpus.name);
  }
  throw Error(Exit::usage, "no corpus is known as " + shown(name), where,
              "did you mean " + nearest(name, names) + "? See rnnlab data list");
}

std::vector<std::string> below(const std::vector<std::string>& bases, std::string_view name) {
  constexpr std::string_view plain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (plain.find(c) != plain.npos) {
      encoded += c;
    } else {
      encoded += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  std::vector<std::string> urls;
  for (const std::string& base : bases)
    urls.push_back(base + (base.ends_with('/') ? "" : "/") + encoded);
  return urls;
}

}  // namespace rnnlab
