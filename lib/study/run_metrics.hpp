#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "record/run_reader.hpp"
#include "study/config.hpp"
#include "study/kaplan_meier.hpp"
#include "study/plateaus.hpp"
#include "study/yardstick.hpp"

namespace rnnlab {

/// The numbers of one run by the PATHs of claims and comparisons:
///
///   test/mse, valid/loss, …    below `/metrics`: the last row
///   alignment/diagonal, …      the last row of instrument alignment
///   PATH@best                  the row of the best validation
///   PATH@over-first            the last row divided by the first: what training made of it
///   PATH@last50                the mean of the last 50 rows, of all if there are fewer; any count
///   steps_to_target            first validated step that reached `train.target` (the task's own
///                              bar if that is 0); infinite if none did, and of a diverged run;
///                              NaN without a bar, and without a validation
///   plateau/2/steps            training steps between neighbouring validations whose losses are
///                              both within plateau_share() (study/plateaus.hpp) of the second
///                              highest of the task's plateaus; 1 is that of no input. NaN where
///                              the task has no such plateau, and without two validations
///   plateau/2/steps@0.05       the same within 5 % of it
///   gradients/hidden/slope     nats per step back: least squares of `log_norm` against T − t over
///                              t ∈ [10, T − 10], of `layers.0.forward`, at row 0; negative:
///                              vanishing
///   gradients/cell/slope       the same of the cell state
///   gradients/last/slope       the same of the last scored step's loss alone (T − t is its lag)
///   …/slope@last               at the last row
class RunMetrics {
 public:
  /// Throws Error(data) if the folder has no readable run.h5, or a finished one that is not as the
  /// run left it.
  RunMetrics(const std::filesystem::path& run_folder, const Config&);

  std::string outcome() const { return reader_.outcome(); }
  /// Of the file: what the program knew of itself and of the run.
  Attributes attributes() const { return reader_.attributes(); }
  /// NaN where the run has no such number.
  double value(const std::string& path) const;
  /// The unit of a PATH that is a series of the run.
  std::string units(const std::string& path) const {
    return reader_.attribute(dataset_of(path), "units");
  }
  /// When it reached its target, else the last validated step, infinite of a diverged run: nothing
  /// without a bar, and without a validation.
  std::optional<Passage> passage() const;
  /// What a run reaches: `valid/mse <= 0.01`; empty without a bar.
  std::string criterion() const;
  /// How it stands to the plateaus of its task: nothing if the task does not say when it is solved.
  std::optional<PlateauVisits> plateaus() const;
  const Yardstick& yardstick() const { return yardstick_; }
  /// `train/loss` and every metric of `valid` and `test`: what a summary shows.
  std::vector<std::string> summary_paths() const;

 private:
  static std::string dataset_of(const std::string& path) {
    return path.starts_with("alignment/") ? path : "metrics/" + path;
  }
  bool has(const std::string& dataset) const;
  std::optional<std::size_t> best_row() const;
  double at_best(const std::string& metric) const;
  double over_first(const std::string& metric) const;
  double last_mean(const std::string& metric, std::int64_t rows) const;
  /// Of the plateau of that place; NaN if there is none.
  double steps_at(std::size_t place, double share) const;
  std::optional<double> plateau_path(const std::string& path) const;
  std::optional<double> slope_of(const std::string& path) const;
  double slope(const std::string& signal, bool last_row) const;

  RunReader reader_;
  std::vector<std::string> datasets_;
  Yardstick yardstick_;
  double target_;    // 0: none
  bool own_target_;  // train.target is set
};

/// The least-squares slope of y over x; NaN with fewer than two different x. Pairs with a value
/// that is not finite are left out.
double least_squares_slope(const std::vector<double>& x, const std::vector<double>& y);

}  // namespace rnnlab
