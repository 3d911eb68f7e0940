#include "data/corrector.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "data/utf8.hpp"

namespace rnnlab {

std::string Corrector::best(std::string_view word, std::string_view rest) {
  std::vector<WordList::Candidate> candidates = words_.candidates(word);
  std::stable_sort(candidates.begin(), candidates.end(), [&](const auto& a, const auto& b) {
    return a.log_share - cost(a) > b.log_share - cost(b);
  });
  choose(candidates, rest);
  return candidates.empty() ? std::string(word) : candidates.front().word;
}

std::string Corrector::operator()(std::string_view line, const std::string& where) {
  if (const std::size_t valid = decode_utf8(line).bytes; valid < line.size())
    throw Error(Exit::data, "invalid UTF-8 at byte " + std::to_string(valid + 1), where,
                "give text in UTF-8");
  std::string corrected;
  std::size_t done = 0;
  const auto keep = [&](std::size_t end) {
    read(line.substr(done, end - done));
    corrected += line.substr(done, end - done);
    done = end;
  };
  for (const WordPlace& place : word_places(line)) {
    const std::string_view word = line.substr(place.begin, place.size);
    if (words_.knows(word)) continue;
    keep(place.begin);
    done += place.size;
    const std::string chosen = best(word, line.substr(done));
    read(chosen);
    corrected += chosen;
  }
  keep(line.size());
  end_line();
  return corrected;
}

}  // namespace rnnlab
