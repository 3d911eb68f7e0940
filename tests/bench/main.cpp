// rnnlab_bench: every workload of ours, by Google Benchmark. Its rivals are programs of their own,
// <workload>/<rival>; scripts/bench_report runs them side by side.
#include <benchmark/benchmark.h>
#include <string>
#include <variant>

#include "fma_peak.hpp"
#include "memory_read.hpp"
#include "record/provenance.hpp"
#include "train_step/rnnlab.hpp"

int main(int argc, char** argv) {
  using namespace rnnlab::bench;
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  const Peaks peaks{fma_peak(1), fma_peak(2)};
  for (const auto& [name, value] : rnnlab::provenance()) {
    if (const auto* text = std::get_if<std::string>(&value)) {
      benchmark::AddCustomContext(name, *text);
    } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
      benchmark::AddCustomContext(name, std::to_string(*number));
    }
  }
  benchmark::AddCustomContext("fma_instruction_set", fma_instruction_set());
  benchmark::AddCustomContext("fma_flops_1_thread", std::to_string(peaks[0]));
  benchmark::AddCustomContext("fma_flops_2_threads", std::to_string(peaks[1]));
  register_train_step(peaks);
  register_memory_read();
  benchmark::RunSpecifiedBenchmarks();
}
