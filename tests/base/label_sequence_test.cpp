#include "base/label_sequence.hpp"

#include <catch2/catch.hpp>
#include <string_view>
#include <vector>

#include "base/rng.hpp"
#include "reference/ctc.hpp"

using namespace rnnlab;

namespace {

using reference::Labels;

Labels collapsed(Labels path) {
  path.resize(static_cast<std::size_t>(collapse(path)));
  return path;
}

int distance(std::string_view a, std::string_view b) {
  std::vector<int> row(b.size() + 1, -7);
  return levenshtein(std::span<const char>(a), std::span<const char>(b), row.data());
}

}  // namespace

TEST_CASE("collapse: equal neighbours are merged, then blanks left out", "[base][ctc]") {
  CHECK(collapsed({}).empty());
  CHECK(collapsed({0, 0, 0}).empty());
  CHECK(collapsed({2}) == Labels{2});
  CHECK(collapsed({2, 2, 2}) == Labels{2});
  CHECK(collapsed({2, 0, 2}) == Labels{2, 2});
  CHECK(collapsed({0, 3, 3, 0, 3, 1, 1}) == Labels{3, 3, 1});
  CHECK(collapsed({1, 2, 1, 0, 0, 1, 2, 2, 0}) == Labels{1, 2, 1, 1, 2});
}

TEST_CASE("fewest_steps: of all paths the shortest that stands for the labels", "[base][ctc]") {
  const std::vector<Labels> cases{{},        {1},       {1, 2},    {1, 1},       {1, 1, 1},
                                  {1, 2, 1}, {2, 2, 1}, {1, 2, 2}, {2, 1, 1, 2}, {1, 1, 2, 2}};
  for (const Labels& labels : cases) {
    int steps = 0;
    for (bool found = labels.empty(); !found;) {
      int paths = 1;
      for (int t = 0; t <= steps; ++t) paths *= 3;
      ++steps;
      for (int code = 0; code < paths && !found; ++code) {
        Labels path;
        for (int t = 0, rest = code; t < steps; ++t, rest /= 3) path.push_back(rest % 3);
        found = collapsed(path) == labels;
      }
    }
    CAPTURE(labels);
    CHECK(fewest_steps(labels) == steps);
  }
}

TEST_CASE("levenshtein: by hand, and by the definition", "[base][ctc]") {
  CHECK(distance("", "") == 0);
  CHECK(distance("abc", "") == 3);
  CHECK(distance("", "abcd") == 4);
  CHECK(distance("kitten", "sitting") == 3);
  CHECK(distance("ab", "ba") == 2);  // a transposition is none of its edits
  Rng rng({3, Stream::test}, 0);
  for (int n = 0; n < 300; ++n) {
    std::string a, b;
    for (auto* text : {&a, &b}) {
      for (std::uint32_t left = rng.below(6); left > 0; --left)
        *text += static_cast<char>('a' + rng.below(3));
    }
    CAPTURE(a, b);
    CHECK(distance(a, b) == reference::edits_between(a, b));
  }
}
