#include "noise.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/normal.hpp"

namespace rnnlab {
namespace {

// A step is a few numbers: two pieces of fixed size that may overlap are copied without a call.
void copy_few(const float* from, std::size_t n, float* to) {
  const auto ends = [&](std::size_t piece) {
    float last[8];
    std::memcpy(last, from + n - piece, piece * sizeof(float));
    std::memcpy(to, from, piece * sizeof(float));
    std::memcpy(to + n - piece, last, piece * sizeof(float));
  };
  if (n > 16) {
    std::memcpy(to, from, n * sizeof(float));
  } else if (n >= 8) {
    ends(8);
  } else if (n >= 4) {
    ends(4);
  } else {
    for (std::size_t i = 0; i < n; ++i) to[i] = from[i];
  }
}

/// Nothing to learn, for measuring: dense inputs x_t ~ N(0, 1), `inputs` wide, and at every step,
/// or at the last one only, a label that is uniform over `classes` and independent of everything;
/// or a target sequence of `target_length` such labels, none of them the end symbol but the last.
///
///   T = 3, inputs = 2   x  (0.3, −1.1)  (0.8, 0.1)  (−0.2, 2.0)     labels  4  0  7
///                       x  (−0.9, 0.5)  (1.6, −0.3) (0.1, −0.7)     labels  2  9  2
///
/// Cross-entropy cannot fall below ln(classes) on fresh data.
class Noise final : public Task {
 public:
  struct Options {
    std::int64_t length = 100;
    std::int64_t inputs = 10;
    std::int64_t classes = 10;
    std::string readout = "every";
    std::int64_t target_length = 0;
    DataOptions data;

    void describe(OptionVisitor& v) {
      v.visit(
          {.name = "length", .help = "steps of a sequence", .unit = "steps", .min = 1, .max = 1e6},
          length);
      v.visit({.name = "inputs", .help = "width of an input step", .min = 1, .max = 65536}, inputs);
      v.visit({.name = "classes", .help = "labels to choose from", .min = 2, .max = 65536},
              classes);
      v.visit({.name = "readout",
               .help = "steps that have a label: every one, or the last alone; or sequence: the "
                       "target is a sequence of labels",
               .choices = {"every", "last", "sequence"}},
              readout);
      v.visit({.name = "target_length",
               .help = "labels of a target sequence, its end among them; 0: as many as steps",
               .unit = "steps",
               .min = 0,
               .max = 1e6},
              target_length);
      data.describe(v);
    }
  };

  explicit Noise(const Options& options) : o_(options) {}

  Facts facts() const override {
    const bool writes = o_.readout == "sequence";
    const double classes = static_cast<double>(o_.classes), R = static_cast<double>(targets());
    return {.inputs = static_cast<int>(o_.inputs),
            .outputs = static_cast<int>(o_.classes),
            .length = static_cast<int>(o_.length),
            .target_length = writes ? targets() : 0,
            .loss = LossKind::cross_entropy,
            .readout = writes                 ? Readout::sequence
                       : o_.readout == "last" ? Readout::last
                                              : Readout::every,
            .chance_loss = writes ? std::log(classes - 1) * (R - 1) / R : std::log(classes),
            .solved = 1,
            .chance = writes ? "(1 - 1/R) ln(classes - 1): uniform until the end, which is known"
                             : "ln(classes): the uniform distribution"};
  }

  void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
    const auto B = examples.size(), I = static_cast<std::size_t>(o_.inputs);
    out.reset(facts(), static_cast<int>(B));
    constexpr std::size_t chunk = 1024;
    float normals[chunk];
    for (std::size_t b = 0; b < B; ++b) {
      Rng rng(key, examples[b]);
      const std::size_t count = static_cast<std::size_t>(o_.length) * I;
      float* step = out.x.data() + b * I;
      std::size_t feature = 0;  // the next one of this step
      for (std::size_t i = 0; i < count; i += chunk) {
        const std::size_t n = std::min(chunk, count - i);
        fill_normal(rng, normals, n);
        for (std::size_t j = 0; j < n;) {
          const std::size_t run = std::min(n - j, I - feature);
          copy_few(normals + j, run, step + feature);
          j += run;
          feature += run;
          if (feature < I) continue;
          feature = 0;
          step += B * I;
        }
      }
      const std::uint32_t end = o_.readout == "sequence" ? 1 : 0;  // labels that are none
      const std::size_t labels = out.label.size() / B;
      rng.fill_below(static_cast<std::uint32_t>(o_.classes) - end, labels,
                     [&](std::size_t i, std::uint32_t label) {
                       out.label[i * B + b] = static_cast<std::int32_t>(label + end);
                     });
      if (end > 0) out.label[(labels - 1) * B + b] = end_symbol;
    }
  }

 private:
  int targets() const {
    return static_cast<int>(o_.target_length > 0 ? o_.target_length : o_.length);
  }

  Options o_;
};

}  // namespace

TaskEntry noise_entry() {
  return task_entry<Noise>("noise",
                           "nothing to learn: dense inputs and random labels, for measuring",
                           "x (0.3, -1.1) (0.8, 0.1) (-0.2, 2.0)     labels 4 0 7\n"
                           "x (-0.9, 0.5) (1.6, -0.3) (0.1, -0.7)    labels 2 9 2",
                           {});
}

}  // namespace rnnlab
