#include "train_step/rnnlab.hpp"

#include <benchmark/benchmark.h>
#include <chrono>
#include <memory>
#include <string>

#include "train_step/cases.hpp"
#include "train_step/session.hpp"

namespace rnnlab::bench {
namespace {

/// The session of the case that runs: kept while Google Benchmark calls the same case again, to
/// find its number of iterations or to repeat it, so that it warms up once.
Session& session_of(const Case& c) {
  static std::string title;
  static std::unique_ptr<Session> session;
  if (title != c.title()) {
    session.reset();
    session = std::make_unique<Session>(c);
    title = c.title();
  }
  return *session;
}

// The rates are taken from a clock of our own: Google Benchmark's are per second of the first
// thread's processor time unless the benchmark's name gets a suffix.
void train_step(benchmark::State& state, const Case& c, double peak) {
  Session& session = session_of(c);
  const auto begin = std::chrono::steady_clock::now();
  for (auto _ : state) session.step();
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  const double flop = operations(session.model().parameters(), c);
  const double rate = flop * static_cast<double>(state.iterations()) / taken.count();
  state.counters["FLOP"] = flop;
  state.counters["FLOP/s"] = rate;
  state.counters["bytes"] = bytes_kept(session.model(), c);
  state.counters["moved"] = bytes_moved(session.model(), c);
  state.counters["peak"] = 100 * rate / peak;
}

}  // namespace

void register_train_step(const Peaks& peaks) {
  for (const Case& c : grid()) {
    const double peak = peaks.at(static_cast<std::size_t>(c.threads) - 1);
    benchmark::RegisterBenchmark(c.title().c_str(), [c, peak](benchmark::State& state) {
      train_step(state, c, peak);
    })->Unit(benchmark::kMillisecond);
  }
}

}  // namespace rnnlab::bench
