#include "corpora/check.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "data/corpus.hpp"

namespace rnnlab {

namespace fs = std::filesystem;

namespace {

std::int64_t tokens_in(std::string_view line) {
  std::int64_t tokens = 1;
  bool inside = false;
  for (const char c : line) {
    const bool word = c != ' ' && c != '\t';
    tokens += word && !inside;
    inside = word;
  }
  return tokens;
}

/// The first dimension: four bytes, the most significant first, after the magic number.
std::int64_t idx_items(const std::string& bytes, const std::string& where) {
  if (bytes.size() < 8 || bytes[0] != 0 || bytes[1] != 0)
    throw Error(Exit::data, "it is no idx file", where, "fetch it again");
  std::int64_t items = 0;
  for (std::size_t i = 4; i < 8; ++i) items = items << 8 | static_cast<unsigned char>(bytes[i]);
  return items;
}

std::vector<Count> counted(const KnownFile& file, const fs::path& path) {
  std::vector<Count> counts;
  if (file.counts.empty()) return counts;
  const Corpus corpus(path.string());
  const std::string member = file.member.empty() ? corpus.files().front() : file.member;
  if (!corpus.find(member))
    throw Error(Exit::data, "it has no " + member, path.string(), "fetch it again");
  const std::string bytes = corpus.bytes(*corpus.find(member));
  for (const Count& count : file.counts) {
    std::int64_t number = 0;
    switch (count.what) {
      case Counted::items: number = idx_items(bytes, path.string()); break;
      case Counted::lines: number = std::ssize(text_lines(bytes, path.string())); break;
      case Counted::tokens:
        for (const TextLine& line : text_lines(bytes, path.string()))
          number += tokens_in(line.text);
        break;
    }
    counts.push_back({count.what, number});
  }
  return counts;
}

}  // namespace

FileCheck check_file(const KnownFile& file, const fs::path& folder) {
  using State = FileCheck::State;
  const fs::path path = folder / file.name;
  std::error_code error;
  if (!fs::exists(path, error)) return {State::missing, "it is not there", "", {}};
  FileCheck found{State::right, "", "", {}};
  const auto differ = [&](const std::string& why) {
    found.state = State::differs;
    found.why += (found.why.empty() ? "" : ", ") + why;
  };
  const auto size = fs::file_size(path, error);
  const auto digest = error ? std::nullopt : file_sha256(path);
  if (!digest) {
    differ("it cannot be read");
    return found;
  }
  found.sha256 = *digest;
  if (size != static_cast<std::uintmax_t>(file.bytes))
    differ(std::to_string(size) + " bytes instead of " + std::to_string(file.bytes));
  if (!file.sha256.empty() && found.sha256 != file.sha256) differ("its SHA-256 differs");
  try {
    found.counts = counted(file, path);
  } catch (const Error& unreadable) {
    differ(unreadable.what());
  }
  for (std::size_t i = 0; i < found.counts.size(); ++i)
    if (found.counts[i].number != file.counts[i].number)
      differ(in_words(found.counts[i]) + " instead of " + std::to_string(file.counts[i].number));
  return found;
}

std::string in_words(const Count& count) {
  const char* const names[] = {"lines", "tokens", "items"};
  return std::to_string(count.number) + " " + names[static_cast<int>(count.what)];
}

}  // namespace rnnlab
