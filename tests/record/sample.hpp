#pragma once

#include <cstdint>
#include <numeric>
#include <vector>

#include "record/recorder.hpp"

namespace rnnlab::test {

/// A small run file with every kind of dataset; its numbers are functions of the row, so that any
/// reader can check any prefix.
struct Sample {
  static constexpr std::int64_t time = 700;  // wide enough for several chunks in a test
  static double loss(std::size_t row) { return 1.0 / (1.0 + static_cast<double>(row)); }
  static double norm(std::size_t row, std::int64_t t) {
    return static_cast<double>(row) * 1000.0 + static_cast<double>(t) + 0.5;
  }
  static std::int64_t step(std::size_t row) { return static_cast<std::int64_t>(row) * 100; }

  explicit Sample(Recorder& recorder)
      : train(recorder.table({.group = "metrics/train",
                              .axes = {},
                              .columns = {{"loss", "1", "mean loss"},
                                          {"seconds", "s", "wall time"},
                                          {"examples", "1", "seen so far", {}, Type::int64}}})),
        hidden(recorder.table(
            {.group = "gradients/hidden/layers.0.forward",
             .axes = {{"time", "steps", "time step", iota(time)}},
             .columns = {{"norm", "1", "norm of the gradient", {0}},
                         {"zeros", "1", "examples without a gradient", {0}, Type::int64}}})) {
    recorder.array({"model/parameters/weight_ih_l0", {12, 5}, "1", "input weights", true});
    recorder.array({"model/parameters/weight_hh_l0", {12, 12}, "1", "recurrent weights", false});
    recorder.array({"model/parameters/bias_ih_l0", {12}, "1", "input bias", true});
    recorder.start();
  }

  void row(std::size_t i) {
    const double count = static_cast<double>(i) * 32.0;
    train.row(step(i), std::vector<double>{loss(i), 0.25, count});
    std::vector<double> values;
    for (std::int64_t t = 0; t < time; ++t) values.push_back(norm(i, t));
    for (std::int64_t t = 0; t < time; ++t) values.push_back(static_cast<double>(t) + count);
    hidden.row(step(i), values);
  }

  static std::vector<std::int64_t> iota(std::int64_t n) {
    std::vector<std::int64_t> values(static_cast<std::size_t>(n));
    std::iota(values.begin(), values.end(), 0);
    return values;
  }

  Table& train;
  Table& hidden;
};

}  // namespace rnnlab::test
