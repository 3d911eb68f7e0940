#include "train/instruments/alignment.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numeric>

#include "base/error.hpp"
#include "base/view.hpp"

namespace rnnlab {
namespace {

/// [R, B, T] of a step.
const double* weights_of(const StepView& view, int r, int b, int B, int T) {
  return view.alignments.data() + size(r, B, T) + size(b, T);
}

void expect_attention(const RunShape& shape, const char* name) {
  if (shape.attends) return;
  throw Error(Exit::usage, std::string("instrument ") + name + " needs attention over a source",
              "record.instruments",
              "leave it out, or choose a task of sequence to sequence and model.attention");
}

Axis steps(const char* name, int count) {
  Axis axis{name, "steps", std::string("step of the ") + name + ", 0 the first",
            std::vector<std::int64_t>(static_cast<std::size_t>(count))};
  std::iota(axis.values.begin(), axis.values.end(), 0);
  return axis;
}

}  // namespace

Alignment::Alignment(const RunShape& shape, Sink& sink) : T_(shape.length), B_(shape.batch) {
  expect_attention(shape, "alignment");
  table_ = &sink.table(
      {.group = "alignment",
       .columns = {{"diagonal", "1",
                    "share of target steps r whose largest weight is at source step r, give or "
                    "take one"},
                   {"antidiagonal", "1",
                    "share of target steps r whose largest weight is at source step T - 1 - r, "
                    "give or take one"},
                   {"entropy", "nats", "mean entropy of a target step's weights"}}});
}

void Alignment::observe(const StepView& view) {
  double steps = 0, diagonal = 0, antidiagonal = 0, entropy = 0;
  for (int b = 0; b < B_; ++b) {
    const auto column = static_cast<std::size_t>(b);
    const int T = view.length[column];
    for (int r = 0; r + 1 < view.target_steps[column]; ++r) {
      const double* const a = weights_of(view, r, b, B_, T_);
      const int at = static_cast<int>(std::max_element(a, a + T) - a);
      ++steps;
      diagonal += std::abs(at - r) <= 1;
      antidiagonal += std::abs(at - (T - 1 - r)) <= 1;
      for (int t = 0; t < T; ++t) entropy -= a[t] > 0 ? a[t] * std::log(a[t]) : 0.0;
    }
  }
  table_->row(view.step, std::array{diagonal / steps, antidiagonal / steps, entropy / steps});
}

AlignmentExample::AlignmentExample(const RunShape& shape, Sink& sink)
    : T_(shape.length),
      R_(shape.target_length),
      B_(shape.batch),
      row_(size(shape.target_length, shape.length)) {
  expect_attention(shape, "alignment-example");
  table_ = &sink.table({.group = "alignment/example",
                        .axes = {steps("target", R_), steps("source", T_)},
                        .columns = {{"weights",
                                     "1",
                                     "attention of the batch's first example, a distribution over "
                                     "its source at every target step",
                                     {0, 1}}}});
}

void AlignmentExample::observe(const StepView& view) {
  std::fill(row_.begin(), row_.end(), std::numeric_limits<double>::quiet_NaN());
  for (int r = 0; r < view.target_steps[0]; ++r)
    std::copy_n(weights_of(view, r, 0, B_, T_), view.length[0], row_.data() + size(r, T_));
  table_->row(view.step, row_);
}

}  // namespace rnnlab
