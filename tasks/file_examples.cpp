#include "file_examples.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>

#include "base/text.hpp"

namespace rnnlab {
namespace {

constexpr std::int64_t most_examples = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t longest = 1'000'000;  // steps of a sequence, numbers of a step, classes

class Reader {
 public:
  Reader(const ArrayFile& file, const std::string& path, const std::string& suffix)
      : file_(file), path_(path), suffix_(suffix) {}

  FileExamples read() {
    const ArrayInfo inputs = info("inputs"), targets = info("targets");
    take_sizes(inputs, targets);
    e_.length.assign(count(), static_cast<std::int32_t>(e_.steps));
    if (file_.has("lengths" + suffix_)) e_.length = lengths("lengths", e_.steps);
    if (e_.target_steps > 0) e_.target_length = lengths("target_lengths", e_.target_steps);
    if (file_.has("weights" + suffix_)) weights();
    e_.width == 0 ? symbols(inputs) : numbers(inputs);
    e_.outputs == 0 ? labels(targets) : values(targets);
    return std::move(e_);
  }

 private:
  std::size_t count() const { return static_cast<std::size_t>(e_.count); }

  [[noreturn]] void refuse(const std::string& array, const std::string& why,
                           const std::string& next) const {
    refuse_array(path_, array + suffix_, why, next);
  }
  ArrayInfo info(const std::string& array) const { return file_.info(array + suffix_); }

  void take_sizes(const ArrayInfo& inputs, const ArrayInfo& targets) {
    const auto& in = inputs.shape;
    const auto& out = targets.shape;
    const std::string next = "see rnnlab list tasks --long";
    if (in.size() == 2 && !inputs.integers) {
      refuse("inputs", "has one floating point number per step; its shape is " + shape_text(in),
             "store symbols as integers, or a number per step as [N, T, 1]");
    }
    if (in.size() != 2 && in.size() != 3) {
      refuse("inputs", "has shape " + shape_text(in) + ", not [N, T, I], or [N, T] of symbols",
             next);
    }
    if (std::count(in.begin(), in.end(), 0) > 0) {
      refuse("inputs", "is empty: its shape is " + shape_text(in), "store some examples");
    }
    if (in[0] > most_examples || *std::max_element(in.begin() + 1, in.end()) > longest) {
      refuse("inputs", "is too large: its shape is " + shape_text(in), "store less");
    }
    e_.count = in[0];
    e_.steps = static_cast<std::size_t>(in[1]);
    e_.width = in.size() == 3 ? static_cast<std::size_t>(in[2]) : 0;

    const std::size_t axes = out.size();
    const bool values = !targets.integers;
    const bool sequence = file_.has("target_lengths" + suffix_);
    const bool every = axes == (values ? 3 : 2) && !sequence;
    if (sequence && (values || axes != 2 || out[1] < 1 || out[1] > longest)) {
      refuse("targets",
             "has shape " + shape_text(out) + (values ? " of floating point" : " of integers") +
                 " beside target_lengths",
             "store sequences of classes as integers, [N, U]");
    }
    if (axes < 1 || axes > (values ? 3 : 2)) {
      refuse("targets",
             "has shape " + shape_text(out) + (values ? " of floating point" : " of integers") +
                 ", not [N] or [N, T] of classes, or [N, O] or [N, T, O] of values",
             "store classes as integers, values as floating point");
    }
    if (out[0] != in[0] || (every && out[1] != in[1])) {
      refuse("targets", "of shape " + shape_text(out) + " does not fit inputs of " + shape_text(in),
             "give every example (and every step, or none) its target");
    }
    e_.readout = every ? Readout::every : sequence ? Readout::sequence : Readout::last;
    if (sequence) e_.target_steps = static_cast<std::size_t>(out[1]);
    e_.outputs = !values ? 0 : axes == 1 ? 1 : static_cast<std::size_t>(out.back());
    if (values && (e_.outputs == 0 || e_.outputs > static_cast<std::size_t>(longest))) {
      refuse("targets", "has no values: its shape is " + shape_text(out), next);
    }
  }

  /// The place of a value in its array, as NumPy numbers it.
  std::string place(std::size_t example, std::size_t row, std::size_t rows) const {
    return "[" + std::to_string(example) + (rows > 1 ? ", " + std::to_string(row) : "") + "]";
  }

  template <class T>
  std::vector<T> all(const std::string& array, const ArrayInfo& info) const {
    try {
      std::vector<T> result(static_cast<std::size_t>(info.size()));
      file_.read(array + suffix_, result);
      return result;
    } catch (const std::bad_alloc&) {
      refuse(array, "is too large for this machine's memory", "store less");
    }
  }

  std::vector<std::int32_t> lengths(const std::string& array, std::size_t most) const {
    const ArrayInfo info = this->info(array);
    if (!info.integers || info.shape != std::vector{e_.count}) {
      refuse(array,
             "has shape " + shape_text(info.shape) + ", not that of " + std::to_string(e_.count) +
                 " integers",
             "store the number of steps of each example");
    }
    std::vector<std::int32_t> lengths = all<std::int32_t>(array, info);
    for (std::size_t n = 0; n < count(); ++n) {
      if (lengths[n] >= 1 && lengths[n] <= static_cast<std::int64_t>(most)) continue;
      refuse(array, "is out of range at " + place(n, 0, 1) + ": " + std::to_string(lengths[n]),
             "give 1 .. " + std::to_string(most));
    }
    return lengths;
  }

  void weights() {
    const ArrayInfo info = this->info("weights");
    std::vector<std::int64_t> shape{e_.count};
    if (e_.readout == Readout::sequence) {
      refuse("weights", "is there beside target_lengths", "leave it out: all of a sequence counts");
    }
    if (e_.readout == Readout::every) shape.push_back(static_cast<std::int64_t>(e_.steps));
    if (info.shape != shape) {
      refuse("weights", "has shape " + shape_text(info.shape) + ", not " + shape_text(shape),
             "give every target its weight");
    }
    e_.weight = all<float>("weights", info);
    for (std::size_t n = 0; n < count(); ++n) {
      double sum = 0;
      for (std::size_t r = 0; r < e_.rows(); ++r) {
        const float weight = e_.weight_at(n, r);
        if (!(weight >= 0) || !std::isfinite(weight)) {
          refuse("weights", "is negative or not finite at " + place(n, r, e_.rows()),
                 "give numbers from 0 on");
        }
        sum += static_cast<double>(weight);
      }
      if (sum > 0) continue;
      refuse("weights", "leaves nothing of example " + std::to_string(n),
             "give each example a weight above 0, or leave it out");
    }
  }

  /// Makes what does not count 0, and refuses whole numbers that are out of range; the largest.
  std::int32_t checked(std::vector<std::int32_t>& values, const std::string& array,
                       std::size_t rows, std::int32_t least, auto&& counts) const {
    std::int32_t largest = 0;
    for (std::size_t n = 0; n < count(); ++n) {
      for (std::size_t r = 0; r < rows; ++r) {
        std::int32_t& value = values[n * rows + r];
        if (!counts(n, r)) {
          value = 0;
        } else if (value < least || value >= longest) {
          refuse(array, "is out of range at " + place(n, r, rows) + ": " + std::to_string(value),
                 "give " + std::to_string(least) + " .. " + std::to_string(longest - 1) +
                     (least > 0            ? ", the end is 0"
                      : array == "targets" ? ", or weight 0 to what has no target"
                                           : ""));
        }
        largest = std::max(largest, value);
      }
    }
    return largest;
  }

  void checked(std::vector<float>& values, const std::string& array, std::size_t rows,
               std::size_t width, auto&& counts) const {
    for (std::size_t n = 0; n < count(); ++n) {
      for (std::size_t r = 0; r < rows; ++r) {
        float* const at = &values[(n * rows + r) * width];
        if (!counts(n, r)) {
          std::fill_n(at, width, 0.0f);
        } else if (!std::all_of(at, at + width, [](float v) { return std::isfinite(v); })) {
          refuse(array, "is not finite (as 32-bit floating point) at " + place(n, r, rows),
                 "give finite numbers");
        }
      }
    }
  }

  bool within(std::size_t n, std::size_t t) const {
    return t < static_cast<std::size_t>(e_.length[n]);
  }
  bool scored(std::size_t n, std::size_t row) const { return e_.weight_at(n, row) != 0; }

  void symbols(const ArrayInfo& info) {
    e_.symbol = all<std::int32_t>("inputs", info);
    e_.largest_symbol = checked(e_.symbol, "inputs", e_.steps, 0,
                                [&](std::size_t n, std::size_t t) { return within(n, t); });
  }
  void numbers(const ArrayInfo& info) {
    e_.x = all<float>("inputs", info);
    checked(e_.x, "inputs", e_.steps, e_.width,
            [&](std::size_t n, std::size_t t) { return within(n, t); });
  }
  void labels(const ArrayInfo& info) {
    e_.label = all<std::int32_t>("targets", info);
    e_.largest_label =
        checked(e_.label, "targets", e_.rows(), e_.readout == Readout::sequence ? 1 : 0,
                [&](std::size_t n, std::size_t r) { return scored(n, r); });
    if (e_.readout == Readout::sequence) add_ends();
  }
  /// A 0 behind every sequence of targets: one column more.
  void add_ends() {
    const std::size_t U = e_.target_steps++;
    std::vector<std::int32_t> ended(count() * e_.target_steps);
    for (std::size_t n = 0; n < count(); ++n) {
      std::copy_n(&e_.label[n * U], U, &ended[n * e_.target_steps]);
      ++e_.target_length[n];
    }
    e_.label = std::move(ended);
  }
  void values(const ArrayInfo& info) {
    e_.y = all<float>("targets", info);
    checked(e_.y, "targets", e_.rows(), e_.outputs,
            [&](std::size_t n, std::size_t r) { return scored(n, r); });
  }

  const ArrayFile& file_;
  const std::string& path_;
  const std::string& suffix_;
  FileExamples e_;
};

}  // namespace

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::vector<std::string> sizes;
  for (const std::int64_t n : shape) sizes.push_back(std::to_string(n));
  return "(" + join(sizes, ", ") + (shape.size() == 1 ? ",)" : ")");
}

FileExamples read_examples(const ArrayFile& file, const std::string& path,
                           const std::string& suffix) {
  return Reader(file, path, suffix).read();
}

}  // namespace rnnlab
