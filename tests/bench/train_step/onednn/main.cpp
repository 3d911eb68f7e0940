// oneDNN's training step on a case of ours. Its answers are checked first: where they differ from
// the case's it times nothing and exits 1. Prints one line of JSON, ms_per_step the median.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <omp.h>
#include <string>
#include <sys/resource.h>
#include <vector>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#include "train_step/answers.hpp"
#include "train_step/onednn/network.hpp"

namespace rnnlab::bench::onednn {
namespace {

constexpr int warm_up = 3;
constexpr std::size_t fewest = 3;  // steps that a median is taken of

struct Options {
  std::string file;
  int threads = 1;
  double seconds = 0.8;
  bool check = false;
};

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double median_ms(Network& network, double seconds) {
  const auto step = [&] {
    network.gradient();
    network.update();
  };
  for (int i = 0; i < warm_up; ++i) step();
  std::vector<double> times;
  const double until = now() + seconds;
  while (times.size() < fewest || now() < until) {
    const double begin = now();
    step();
    times.push_back(now() - begin);
  }
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  return 1e3 * *middle;
}

std::string check(Network& network, const CaseFile& file) {
  Answers answers;
  for (std::size_t i = 0; i < file.at("loss").values.size(); ++i) {
    answers.loss.push_back(network.gradient());
    if (i == 0) answers.gradient = network.arrays(Network::Of::gradient);
    network.update();
    if (i == 0) answers.updated = network.arrays(Network::Of::value);
  }
  return first_difference(file, answers);
}

int run(const Options& options) {
  omp_set_num_threads(options.threads);
#if defined(__SSE2__)
  // As ours does: denormals, of operands and of results, are not to hold a rival up.
#pragma omp parallel
  _mm_setcsr(_mm_getcsr() | 0x8040);
#endif
  CaseFile file = read_case(options.file);
  Network network(file);
  if (const std::string difference = check(network, file); !difference.empty()) {
    std::fprintf(stderr, "onednn: %s; not timed\n", difference.c_str());
    return 1;
  }
  if (options.check) return 0;
  file.arrays.clear();
  const double ms = median_ms(network, options.seconds);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const dnnl_version_t* version = dnnl_version();
  const Case& c = file.shape;
  std::printf(
      "{\"rival\": \"onednn\", \"version\": \"%d.%d.%d\", \"cell\": \"%s\", \"B\": %d, "
      "\"T\": %d, \"H\": %d, \"layers\": %d, \"threads\": %d, \"ms_per_step\": %.4f, "
      "\"peak_rss_mb\": %.1f}\n",
      version->major, version->minor, version->patch, c.cell.c_str(), c.B, c.T, c.H, c.layers,
      options.threads, ms, static_cast<double>(usage.ru_maxrss) / 1024);
  return 0;
}

}  // namespace
}  // namespace rnnlab::bench::onednn

int main(int argc, char** argv) {
  using namespace rnnlab::bench::onednn;
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const char* value = i + 1 < argc ? argv[i + 1] : "";
    if (word == "--check") {
      options.check = true;
    } else if (word == "--threads") {
      options.threads = std::atoi(value);
      ++i;
    } else if (word == "--seconds") {
      options.seconds = std::atof(value);
      ++i;
    } else {
      options.file = word;
    }
  }
  if (options.file.empty() || options.threads < 1) {
    std::fprintf(stderr, "usage: rnnlab_bench_onednn CASE [--threads N] [--seconds S] [--check]\n");
    return 2;
  }
  try {
    return run(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "onednn: error: %s\n", error.what());
    return 1;
  }
}
