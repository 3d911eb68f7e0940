#include "study/comparison_notes.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"

namespace rnnlab {
namespace {

using Group = ComparedGroup;

constexpr std::size_t few = 5;         // runs; with fewer the middle half is one or two of them
constexpr double most_pairs = 10000;   // beyond, a number of pairs is no advice
constexpr std::size_t most_names = 4;  // in one sentence

class Notes {
 public:
  explicit Notes(const Comparison& comparison) : comparison_(comparison) {}

  void add(const std::string& text) { all_.push_back(text); }

  /// "3 runs pending: …", over a number of each group; nothing at 0.
  template <class F>
  void count(F&& of, const std::string& thing, const std::string& rest) {
    std::size_t sum = 0;
    for (const Group& group : comparison_.groups) sum += of(group);
    if (sum > 0) add(std::to_string(sum) + " " + thing + (sum == 1 ? "" : "s") + " " + rest);
  }

  static void shorten(std::vector<std::string>& names) {
    if (names.size() <= most_names) return;
    const std::size_t more = names.size() - most_names;
    names.resize(most_names);
    names.push_back(std::to_string(more) + " more");
  }

  std::vector<std::string> take() { return std::move(all_); }

 private:
  const Comparison& comparison_;
  std::vector<std::string> all_;
};

std::string needed(const Group::Difference& difference) {
  if (!(difference.pairs_needed <= most_pairs))
    return "more than " + format_short(most_pairs, 5) + " pairs needed";
  return "about " + format_short(difference.pairs_needed, 5) + " pairs needed";
}

void note_differences(const Comparison& comparison, Notes& notes) {
  const std::string chosen = comparison.name(comparison.groups[comparison.against]);
  std::vector<std::string> unsure;
  bool unpaired = false;
  for (std::size_t i = 0; i < comparison.groups.size(); ++i) {
    const Group& group = comparison.groups[i];
    if (i == comparison.against) continue;
    unpaired |= !group.difference;
    // Of fewer pairs the lines below speak.
    if (!group.difference || group.difference->pairs < 2 || !group.difference->cannot_tell())
      continue;
    unsure.push_back(comparison.name(group) + " (n = " + std::to_string(group.difference->pairs) +
                     ", " + needed(*group.difference) + ")");
  }
  notes.count([](const Group& g) { return std::size_t{g.difference && g.difference->pairs == 0}; },
              "row", "without a seed in common with " + chosen + ": no paired difference");
  notes.count([](const Group& g) { return std::size_t{g.difference && g.difference->pairs == 1}; },
              "row", "with one seed in common with " + chosen + ": no interval, cannot tell apart");
  if (unpaired) notes.add("a row with two runs of one seed has no paired difference");
  if (unsure.empty()) return;
  Notes::shorten(unsure);
  notes.add("cannot tell apart from " + chosen + ": " + join(unsure, "; ") +
            ". Pairs needed: for 80 % power at this mean and spread, a rough guess from few");
}

}  // namespace

std::vector<std::string> comparison_notes(const Comparison& comparison,
                                          const std::vector<std::string>& mixed) {
  Notes notes(comparison);
  const bool of_target = comparison.metric == "steps_to_target";
  notes.count([](const Group& g) { return g.pending; }, "run", "pending: no result yet, left out");
  notes.count([](const Group& g) { return g.diverged; }, "run",
              of_target ? "diverged: never reached it" : "diverged");
  notes.count([](const Group& g) { return g.failed; }, "run",
              of_target ? "failed: never reached it"
              : comparison.criterion.empty()
                  ? "failed: no result, left out"
                  : "failed: no result, left out of the values, not successful");
  notes.count(
      [](const Group& g) { return g.infinite; }, "run",
      std::string("with an infinite value: the mean is infinite and has no interval, the ") +
          (of_target ? "quartiles by which they reached it hold" : "median holds"));
  notes.count([](const Group& g) { return std::size_t{g.n == 1}; }, "row",
              "of one run: n = 1 cannot tell");
  notes.count([](const Group& g) { return std::size_t{g.n > 1 && g.n < few}; }, "row",
              "of fewer than " + std::to_string(few) +
                  " runs: a median or an IQM of so few says little, and their spread less");
  note_differences(comparison, notes);
  if (!mixed.empty()) {
    std::vector<std::string> names = mixed;
    Notes::shorten(names);
    notes.add("the runs of a row differ in " + join(names, ", ") + " too: --by " +
              join(comparison.by, ",") + "," + mixed.front() + " tells them apart");
  }
  return notes.take();
}

}  // namespace rnnlab
