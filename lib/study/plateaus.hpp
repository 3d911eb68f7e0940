#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/task.hpp"

namespace rnnlab {

/// How close a loss must be to a plateau to be at it, as a share of the plateau: 2 %, and with
/// squared errors 3/√n on n targets where that is more, three standard errors of a mean whose terms
/// scatter about as much as they measure (a network that answers with one distribution has no such
/// error); never above 20 %, where plateaus would run into each other.
double plateau_share(const Facts&, std::int64_t targets);

/// The plateau nearest to a loss, if it is within `share` of it.
std::optional<std::size_t> nearest_plateau(const std::vector<Plateau>&, double loss, double share);

/// Training steps between neighbouring rows that are both within `share` of a level: a curve that
/// falls past it has none. NaN without two rows.
double steps_near(double level, double share, const std::vector<double>& step,
                  const std::vector<double>& loss);

/// A run among the plateaus of its task (Task::plateaus).
struct PlateauVisits {
  struct Visit {
    Plateau plateau;
    double steps;  // that its validation was near, by steps_near; NaN without one
  };
  std::vector<Visit> visits;  // one per plateau, the highest first
  bool solved = false;        // its test metric meets the task's criterion, or it has reached the
                              // train.target that it was given
  bool diverged = false;
  std::optional<std::size_t> at = {};  // the plateau that its test loss is near
};

/// Many runs among plateaus.
struct PlateauSummary {
  struct Count {
    Plateau plateau;
    std::size_t runs = 0;     // that are not solved and sit on it
    double steps = 0;         // the median of what they have spent there; NaN: not known
    std::size_t visited = 0;  // runs, solved or not, that have spent any steps there
  };
  std::size_t runs = 0;      // whose task says when it is solved
  std::size_t unsolved = 0;  // of them
  std::size_t diverged = 0;  // of the unsolved
  std::vector<Count> plateaus = {};

  /// `3 of 5 runs not solved: 2 at 0.1667 (nothing, 9500 steps there), 1 at none`; empty if all
  /// are solved.
  std::string text() const;
};

PlateauSummary summarise_plateaus(const std::vector<PlateauVisits>&);

}  // namespace rnnlab
