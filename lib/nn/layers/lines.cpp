#include "nn/layers/lines.hpp"

#include <algorithm>

#include "base/arena.hpp"
#include "base/check.hpp"
#include "math/lanes.hpp"

namespace rnnlab {
namespace {

template <class S>
class Lines final : public Layer<S> {
 public:
  Lines(std::unique_ptr<Layer<S>> layer, const LinesOptions& o)
      : layer_(std::move(layer)),
        o_(o),
        steps_(o.down ? o.rows : o.columns),
        lines_(o.down ? o.columns : o.rows),
        ld_x_(round_up(o.inputs, lanes<S>)),
        ld_y_(round_up(o.outputs, lanes<S>)) {}

  void declare(ParamLayout& layout) override { layer_->declare(layout); }
  void initialize(Key key, S* theta) const override { layer_->initialize(key, theta); }
  std::size_t packed_size() const override { return layer_->packed_size(); }
  void pack(const S* theta, S* packed) const override { layer_->pack(theta, packed); }
  std::size_t slab_size() const override { return layer_->slab_size(); }
  void unpack(const S* theta, const S* slab, S scale, S* gradient) const override {
    layer_->unpack(theta, slab, scale, gradient);
  }
  bool regularizes() const override { return layer_->regularizes(); }
  int da_rows(int state) const override { return layer_->da_rows(state); }
  int h_rows(int state) const override { return layer_->h_rows(state); }

  std::size_t frame_size(int T, int b) const override {
    return room_for<S>([&](Carver<S>& carver) { frame(carver, T, b); });
  }
  Seq<const S> output(S* memory, int T, int b) const override {
    Carver<S> carver(memory);
    return {frame(carver, T, b).y, T, b, o_.outputs, ld_y_};
  }
  std::vector<NamedSeq<S>> tensors(S* memory, int T, int b) const override {
    return {{"y", output(memory, T, b)}};
  }

  Seq<S> forward(const S* packed, Seq<const S> x, S* memory, const Pass<S>&) const override;
  Upstream<S> backward(const S* packed, Seq<const S> x, const Upstream<S>& dy, S* slab, S* memory,
                       const StateTrace& trace) const override;

 private:
  struct Frame {
    S *x, *dy;                        // as the layer reads them: [steps, lines · b, …]
    S *y, *dx;                        // [T, b, …]
    int* length;                      // [lines · b]
    int *exponent_in, *exponent_out;  // [steps, lines · b], [T, b]
    int* exponent;                    // [lines · b], a sweep's scratch
    // A trace in the layer's order.
    double *scale, *hidden, *cell, *da, *h_before, *log_hidden, *factor, *weight, *omega;
    S* layer;
  };
  Frame frame(Carver<S>& c, int T, int b) const {
    const auto doubles = [&](std::size_t count) { return take_objects<double>(c, count); };
    const std::size_t all = size(T, b), columns = size(lines_, b);
    const auto rows = [&](int n) { return all * static_cast<std::size_t>(n); };
    Frame f{};
    f.x = c.take(rows(ld_x_));
    f.dy = c.take(rows(ld_y_));
    f.y = c.take(rows(ld_y_));
    f.dx = c.take(o_.input_gradient ? rows(ld_x_) : 0);
    f.length = take_ints(c, columns);
    f.exponent_in = take_ints(c, all);
    f.exponent_out = take_ints(c, all);
    f.exponent = take_ints(c, columns);
    f.scale = doubles(columns);
    f.hidden = doubles(all);
    f.cell = doubles(all);
    f.da = doubles(rows(da_rows(0)));
    f.h_before = doubles(rows(h_rows(0)));
    f.log_hidden = doubles(all);
    f.factor = doubles(2 * columns);
    f.weight = doubles(columns);
    f.omega = doubles(columns);
    f.layer = c.take(layer_->frame_size(steps_, lines_ * b));
    return f;
  }

  /// f(step in the image, step of the layer, line)
  template <class F>
  void for_each_point(F&& f) const {
    for (int line = 0; line < lines_; ++line) {
      for (int s = 0; s < steps_; ++s) {
        const int along = o_.reverse ? steps_ - 1 - s : s;
        f(o_.down ? along * o_.columns + line : line * o_.columns + along, s, line);
      }
    }
  }
  void into_lines(Seq<const S> from, Seq<S> to) const {
    for_each_point([&](int t, int s, int line) {
      for (int b = 0; b < from.B; ++b) {
        S* const column = to.at(s, line * from.B + b);
        std::fill(std::copy_n(from.at(t, b), from.F, column), column + to.ld, S{0});
      }
    });
  }
  void into_image(Seq<const S> from, Seq<S> to) const {
    for_each_point([&](int t, int s, int line) {
      for (int b = 0; b < to.B; ++b) {
        S* const column = to.at(t, b);
        std::fill(std::copy_n(from.at(s, line * to.B + b), to.F, column), column + to.ld, S{0});
      }
    });
  }
  /// Values [steps, rows, lines · b] as [T, rows, ld].
  void trace_into_image(const double* from, int rows, int b, int ld, double* to) const {
    if (!to) return;
    for_each_point([&](int t, int s, int line) {
      for (int r = 0; r < rows; ++r) {
        std::copy_n(from + size(s * rows + r, lines_ * b) + size(line, b), b,
                    to + size(t * rows + r, ld));
      }
    });
  }
  Seq<S> x_of(const Frame& f, int b) const {
    return {f.x, steps_, lines_ * b, o_.inputs, ld_x_, f.length};
  }

  const std::unique_ptr<Layer<S>> layer_;
  const LinesOptions o_;
  const int steps_, lines_, ld_x_, ld_y_;
};

template <class S>
Seq<S> Lines<S>::forward(const S* packed, Seq<const S> x, S* memory, const Pass<S>& pass) const {
  RNNLAB_CHECK_EQ(x.T, steps_ * lines_);
  Carver<S> carver(memory);
  const Frame f = frame(carver, x.T, x.B);
  std::fill_n(f.length, size(lines_, x.B), steps_);
  into_lines(x, x_of(f, x.B));
  const Seq<S> y{f.y, x.T, x.B, o_.outputs, ld_y_, x.length};
  into_image(layer_->forward(packed, x_of(f, x.B), f.layer, {.noise = pass.noise}), y);
  return y;
}

template <class S>
Upstream<S> Lines<S>::backward(const S* packed, Seq<const S> x, const Upstream<S>& dy, S* slab,
                               S* memory, const StateTrace& trace) const {
  Carver<S> carver(memory);
  const Frame f = frame(carver, x.T, x.B);
  const int columns = lines_ * x.B;
  const auto for_each_column = [&](auto&& use) {
    for (int column = 0; column < columns; ++column) use(column, column % x.B);
  };
  const Seq<S> dy_of_lines{f.dy, steps_, columns, o_.outputs, ld_y_};
  into_lines(dy.every, dy_of_lines);
  const auto at = [&](int t, int s, int line, int b) {
    return std::pair{size(t, x.B) + static_cast<std::size_t>(b),
                     size(s, columns) + size(line, x.B) + static_cast<std::size_t>(b)};
  };
  for_each_point([&](int t, int s, int line) {
    for (int b = 0; dy.exponent && b < x.B; ++b) {
      const auto [in_image, in_line] = at(t, s, line, b);
      f.exponent_in[in_line] = dy.exponent[in_image];
    }
  });

  LogSweep sweep{f.log_hidden, columns, f.exponent, f.factor};
  Omega omega{0, f.weight, f.omega};
  StateTrace inner{.hidden = trace.hidden ? f.hidden : nullptr,
                   .cell = trace.cell ? f.cell : nullptr,
                   .ld = columns,
                   .scale = f.scale,
                   .sweep = trace.sweep ? &sweep : nullptr,
                   .da = trace.da ? f.da : nullptr,
                   .h_before = trace.da ? f.h_before : nullptr,
                   .omega = trace.omega ? &omega : nullptr};
  for_each_column([&](int column, int b) {
    if (trace.scale) f.scale[column] = trace.scale[b];
    if (!trace.omega) return;
    omega.strength = trace.omega->strength;
    f.weight[column] = trace.omega->weight[b];
    f.omega[column] = 0;
  });
  const Upstream<S> dx_of_lines =
      layer_->backward(packed, x_of(f, x.B),
                       {.every = dy_of_lines, .exponent = dy.exponent ? f.exponent_in : nullptr},
                       slab, f.layer, inner);

  trace_into_image(f.hidden, 1, x.B, trace.ld, trace.hidden);
  trace_into_image(f.cell, 1, x.B, trace.ld, trace.cell);
  trace_into_image(f.da, da_rows(0), x.B, trace.ld, trace.da);
  trace_into_image(f.h_before, h_rows(0), x.B, trace.ld, trace.h_before);
  if (trace.sweep) trace_into_image(f.log_hidden, 1, x.B, trace.sweep->ld, trace.sweep->log_hidden);
  if (trace.omega)
    for_each_column([&](int column, int b) { trace.omega->value[b] += f.omega[column]; });
  if (!o_.input_gradient) return {};
  const Seq<S> dx{f.dx, x.T, x.B, o_.inputs, ld_x_};
  into_image(dx_of_lines.every, dx);
  const bool exponents = dx_of_lines.exponent;
  for_each_point([&](int t, int s, int line) {
    for (int b = 0; exponents && b < x.B; ++b) {
      const auto [in_image, in_line] = at(t, s, line, b);
      f.exponent_out[in_image] = dx_of_lines.exponent[in_line];
    }
  });
  return {.every = dx, .exponent = exponents ? f.exponent_out : nullptr};
}

}  // namespace

template <class S>
std::unique_ptr<Layer<S>> make_lines(std::unique_ptr<Layer<S>> layer, const LinesOptions& options) {
  return std::make_unique<Lines<S>>(std::move(layer), options);
}

template std::unique_ptr<Layer<float>> make_lines(std::unique_ptr<Layer<float>>,
                                                  const LinesOptions&);
template std::unique_ptr<Layer<double>> make_lines(std::unique_ptr<Layer<double>>,
                                                   const LinesOptions&);

}  // namespace rnnlab
