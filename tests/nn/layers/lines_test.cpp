#include "nn/layers/lines.hpp"

#include <catch2/catch.hpp>

#include "nn/layers/layer_run.hpp"
#include "nn/layers/recurrent.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

TEST_CASE("lines: a layer along rows or columns is that layer on each of them", "[nn][lines]") {
  constexpr int rows = 3, columns = 5, B = 2, I = 4, H = 6;
  const bool down = GENERATE(false, true), reverse = GENERATE(false, true);
  const int steps = down ? rows : columns, lines = down ? columns : rows;
  const auto recurrent = [] {
    return make_recurrent<double>(
        {.cell = "lstm", .inputs = I, .hidden = H, .input_gradient = true});
  };
  LayerRun<double> whole(make_lines<double>(recurrent(), {.rows = rows,
                                                          .columns = columns,
                                                          .down = down,
                                                          .reverse = reverse,
                                                          .inputs = I,
                                                          .outputs = H,
                                                          .input_gradient = true}),
                         rows * columns, B);
  LayerRun<double> alone(recurrent(), steps, 1);
  const auto theta = float_noise(whole.theta.size(), 0.5, 3);
  const auto values = float_noise(size(rows * columns, B, 8), 1, 4);
  const auto gradients = float_noise(size(rows * columns, B, 8), 1, 5);
  whole.set(theta);
  alone.set(theta);
  const auto filled = [](const std::vector<double>& from, int width) {
    Slab<double> slab(from.size());
    for (std::size_t i = 0; i < from.size(); ++i)
      slab[i] = static_cast<int>(i % 8) < width ? from[i] : 0;
    return slab;
  };
  const Slab<double> x = filled(values, I), dy = filled(gradients, H);
  const Seq<double> image{x.data(), rows * columns, B, I, 8};
  const Seq<double> image_dy{dy.data(), rows * columns, B, H, 8};
  const Seq<const double> y = whole.forward(image);
  const Seq<const double> dx = whole.backward(image, {.every = image_dy});

  int different = 0;
  Slab<double> line(size(steps, 8)), line_dy(size(steps, 8));
  const int length = steps;
  const Seq<double> one{line.data(), steps, 1, I, 8, &length};
  const Seq<double> one_dy{line_dy.data(), steps, 1, H, 8};
  double worst = 0;
  for (int b = 0; b < B; ++b) {
    for (int n = 0; n < lines; ++n) {
      const auto point = [&](int s) {
        const int along = reverse ? steps - 1 - s : s;
        return down ? along * columns + n : n * columns + along;
      };
      for (int s = 0; s < steps; ++s) {
        std::copy_n(image.at(point(s), b), 8, one.at(s));
        std::copy_n(image_dy.at(point(s), b), 8, one_dy.at(s));
      }
      const Seq<const double> right = alone.forward(one);
      const Seq<const double> right_dx = alone.backward(one, {.every = one_dy});
      for (int s = 0; s < steps; ++s) {
        for (int u = 0; u < H; ++u) different += right.at(s)[u] != y.at(point(s), b)[u];
        for (int u = 0; u < I; ++u)
          worst = std::max(worst, std::abs(right_dx.at(s)[u] - dx.at(point(s), b)[u]));
      }
    }
  }
  CHECK(different == 0);
  CHECK(worst <= 1e-13);
  CHECK(relative_error(whole.layout, whole.gradient(), alone.gradient()) <= 1e-12);
}
