#include "melodies.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <map>

#include "base/error.hpp"
#include "base/statistics.hpp"
#include "drawn.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

constexpr std::size_t keys = 88;

std::unique_ptr<Task> melodies(const std::vector<std::pair<std::string, std::string>>& settings) {
  return configured("melodies", settings).make_task();
}

/// The class of example b and its MIDI notes; that one key sounds in each frame, and is shown a
/// step later, is checked.
struct Melody {
  std::size_t cls = 99;
  std::vector<int> notes;
};
Melody melody_of(const Batch& batch, std::size_t b) {
  Melody melody;
  const auto B = static_cast<std::size_t>(batch.B);
  bool clean = batch.length[b] == batch.T;
  for (std::size_t c = 0; c < 8; ++c) {
    const float given = batch.given[b * 8 + c];
    clean = clean && (given == 0 || (given == 1 && melody.cls == 99));
    if (given == 1) melody.cls = c;
  }
  for (std::size_t t = 0; t < static_cast<std::size_t>(batch.T); ++t) {
    clean = clean && batch.weight[t * B + b] == 1;
    std::vector<int> shown, sounding;
    for (std::size_t k = 0; k < keys; ++k) {
      const std::size_t at = (t * B + b) * keys + k;
      if (batch.x[at] != 0) shown.push_back(static_cast<int>(k) + 21);
      if (batch.y[at] != 0) sounding.push_back(static_cast<int>(k) + 21);
    }
    clean = clean && sounding.size() == 1;
    clean = clean && shown == (t == 0 ? std::vector<int>{} : std::vector{melody.notes.back()});
    melody.notes.push_back(sounding.empty() ? 0 : sounding.front());
  }
  CHECK(clean);
  return melody;
}

/// Intervals above the tonic, as a music book has them, by class.
const std::array<std::vector<int>, 8> book{
    {{0, 2, 4, 5, 7, 9, 11, 12, 11, 9, 7, 5, 4, 2, 0, 2},
     {0, -1, -3, -5, -7, -8, -10, -12, -10, -8, -7, -5, -3, -1, 0, -1},
     {0, 2, 3, 5, 7, 8, 10, 12, 10, 8, 7, 5, 3, 2, 0, 2},
     {0, -2, -4, -5, -7, -9, -10, -12, -10, -9, -7, -5, -4, -2, 0, -2},
     {0, 4, 7, 12, 7, 4, 0, 4, 7, 12, 7, 4, 0, 4, 7, 12},
     {0, -5, -8, -12, -8, -5, 0, -5, -8, -12, -8, -5, 0, -5, -8, -12},
     {0, 3, 7, 12, 7, 3, 0, 3, 7, 12, 7, 3, 0, 3, 7, 12},
     {0, -5, -9, -12, -9, -5, 0, -5, -9, -12, -9, -5, 0, -5, -9, -12}}};

double coin(double p) {
  return p <= 0 || p >= 1 ? 0 : -p * std::log(p) - (1 - p) * std::log(1 - p);
}

double plateau(const Task& task, const std::string& name) {
  for (const Plateau& p : task.plateaus())
    if (p.name == name) return p.loss;
  FAIL("no plateau " << name);
  return 0;
}

}  // namespace

TEST_CASE("melodies: scales and arpeggios as a book has them", "[tasks][melodies]") {
  const auto task = melodies({});
  CHECK(task->given_symbols() ==
        std::vector<std::string>{"scale-major-up", "scale-major-down", "scale-minor-up",
                                 "scale-minor-down", "arpeggio-major-up", "arpeggio-major-down",
                                 "arpeggio-minor-up", "arpeggio-minor-down"});
  std::vector<std::size_t> classes(8), tonics(12);
  const Batch batch = drawn(*task, Stream::train, 0, 4000);
  for (std::size_t b = 0; b < 4000; ++b) {
    const Melody melody = melody_of(batch, b);
    const int tonic = melody.notes.front();
    std::vector<int> expected;
    for (const int interval : book.at(melody.cls)) expected.push_back(tonic + interval);
    CHECK(melody.notes == expected);
    ++classes.at(melody.cls);
    ++tonics.at(static_cast<std::size_t>(tonic - 60));
  }
  CHECK(std::abs(chi_square_z(classes)) < 4);
  CHECK(std::abs(chi_square_z(tonics)) < 4);
}

TEST_CASE("melodies: the range of tonics stays on the piano", "[tasks][melodies]") {
  const auto wide = melodies({{"task.lowest", "33"}, {"task.tonics", "64"}});
  const Batch batch = drawn(*wide, Stream::test, 0, 2000);
  int least = 200, most = 0;
  for (std::size_t b = 0; b < 2000; ++b) {
    for (const int note : melody_of(batch, b).notes) {
      least = std::min(least, note);
      most = std::max(most, note);
    }
  }
  CHECK((least == 21 && most == 108));
  CHECK_THROWS_WITH(melodies({{"task.lowest", "90"}}),
                    Contains("the octave above the highest tonic, 101, leaves the piano") &&
                        Contains("give at most 7"));
}

TEST_CASE("melodies: what is lost by who knows a part, by hand", "[tasks][melodies]") {
  const auto task = melodies({});
  const double tonic = 12 * coin(1.0 / 12);
  CHECK(plateau(*task, "all there is: what is left is the tonic") == Approx(tonic / 16));
  CHECK(plateau(*task, "the class and the step, but no note") == Approx(tonic));
  // The second note: two of eight go up by 2, two down by 5, the others by what no other does. The
  // third: in half of all cases two are left.
  const double second = 2 * coin(0.25) + 4 * coin(0.125), third = 0.5 * 2 * coin(0.5);
  const double without = (tonic + second + third) / 16;
  CHECK(plateau(*task, "all notes so far, but not the class") == Approx(without));
  CHECK(task->facts().solved == Approx(tonic / 16 + 0.1 * (without - tonic / 16)));
}

TEST_CASE("melodies: plateaus and baselines are what Bayes' rule gets", "[tasks][melodies]") {
  for (const auto& [length, tonics] : {std::pair{16, 12}, {3, 2}, {6, 30}}) {
    CAPTURE(length, tonics);
    const auto task = melodies(
        {{"task.length", std::to_string(length)}, {"task.tonics", std::to_string(tonics)}});
    // All frames that there are, weighted alike: the key of a frame given what is known of it.
    struct Place {
      std::size_t cls;
      int t;
      std::vector<int> before;
    };
    const auto known_by = [](const std::string& who, const Place& p) -> std::vector<int> {
      const int cls = static_cast<int>(p.cls), last = p.before.empty() ? 0 : p.before.back();
      if (who == "always each key's share" || who == "marginal of each key") return {};
      if (who == "the step alone") return {p.t};
      if (who == "the class and the step, but no note") return {cls, p.t};
      if (who == "each key given the note before") return {last};
      if (who == "the same given the class too") return {cls, last};
      std::vector<int> known = p.before;
      if (who == "all there is: what is left is the tonic") known.insert(known.begin(), cls);
      return known;
    };
    std::vector<std::pair<std::string, double>> claimed;
    for (const Plateau& p : task->plateaus()) claimed.emplace_back(p.name, p.loss);
    for (const Baseline& b : task->baselines()) claimed.emplace_back(b.name, b.value);
    CHECK(claimed.size() == 8);
    double last = 1e300;
    for (const Plateau& p : task->plateaus()) {
      CHECK(p.loss <= last);
      last = p.loss;
    }
    CHECK(task->facts().chance_loss == task->plateaus().front().loss);
    const Batch batch = drawn(*task, Stream::test, 0, 4000);
    for (const auto& [who, loss] : claimed) {
      CAPTURE(who);
      std::map<std::vector<int>, std::map<int, double>> likely;  // by what is known
      std::map<std::vector<int>, double> total;
      const auto walk = [&](std::size_t cls, int first, auto&& f) {
        Place place{cls, 0, {}};
        for (; place.t < length; ++place.t) {
          const int note = first + book.at(cls)[static_cast<std::size_t>(place.t)];
          f(known_by(who, place), note);
          place.before.push_back(note);
        }
      };
      for (std::size_t cls = 0; cls < 8; ++cls) {
        for (int first = 60; first < 60 + tonics; ++first) {
          walk(cls, first, [&](const std::vector<int>& known, int note) {
            ++likely[known][note];
            ++total[known];
          });
        }
      }
      Mean nll;
      for (std::size_t b = 0; b < 4000; ++b) {
        const Melody melody = melody_of(batch, b);
        double sum = 0;
        walk(melody.cls, melody.notes.front(), [&](const std::vector<int>& known, int note) {
          for (const auto& [key, count] : likely[known]) {
            const double p = count / total[known];
            sum -= std::log(key == note ? p : 1 - p);
          }
        });
        nll.add(sum / length);
      }
      CAPTURE(nll.value(), nll.error(), loss);
      CHECK(nll.agrees(loss));
    }
  }
}
