#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "math/gemm.hpp"
#include "nn/layers/recurrent_weights.hpp"
#include "nn/losses/loss.hpp"
#include "nn/models/model_run.hpp"

// Identities that textbooks state of recurrent networks, of the code that training runs on.

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

/// [rows, n] from the panels that a product of RowBlocks writes: block k at begin(k)·G·n.
template <class S>
struct Blocks {
  const RowBlocks<S>& rows;
  int n;
  Slab<S> values{static_cast<std::size_t>(rows.rows()) * static_cast<std::size_t>(n)};

  /// += packed · x, x [N, n] column-major.
  void add(const S* packed, int N, const S* x) {
    for (int k = 0; k < rows.count(); ++k) {
      const int width = rows.gates() * rows.width(k), begin = rows.gates() * rows.begin(k);
      const Product<S> product({.m = width, .n = n, .k = N, .lda = width, .ldb = N, .ldc = width});
      product(packed + N * begin, x, values.data() + n * begin);
    }
  }
  /// The row of gate g, unit u in column b.
  double at(int g, int u, int b) const {
    const int k = u / rows.units(), width = rows.width(k);
    return static_cast<double>(
        values[static_cast<std::size_t>(n * rows.gates() * rows.begin(k) +
                                        b * rows.gates() * width + g * width + u - rows.begin(k))]);
  }
};

template <class S>
std::vector<S> as(const std::vector<double>& values) {
  return {values.begin(), values.end()};
}

}  // namespace

TEMPLATE_TEST_CASE("identity: X W_xh + H W_hh = [X H] [W_xh; W_hh]", "[nn][identities]", float,
                   double) {
  using S = TestType;
  const double bound = sizeof(S) == 4 ? 1e-6 : 1e-15;  // relative to the largest entry
  const int I = 7, b = 5;
  for (const int G : {1, 4}) {
    for (const int H : {1, 17, 64, 100}) {
      CAPTURE(G, H);
      std::vector<int> slots;
      for (int g = 0; g < G; ++g) slots.push_back(g);
      RecurrentWeights<S> weights({.inputs = I, .hidden = H},
                                  {.slots = G, .input_slot = slots, .recurrent_slot = slots});
      ParamLayout layout;
      weights.declare(layout);
      const auto theta = float_noise(layout.size(), 0.5, 1);
      const auto x = float_noise(static_cast<std::size_t>(I * b), 1, 2);
      const auto h = float_noise(static_cast<std::size_t>(H * b), 1, 3);

      // Apart, from the layer's own packed weights.
      Carver<S> count(nullptr);
      weights.packed(count);
      const Slab<S> memory(count.used());
      weights.pack(as<S>(theta).data(), memory.data());
      Carver<S> carver(memory.data());
      const auto packed = weights.packed(carver);
      Blocks<S> apart{weights.x_rows(), b};
      apart.add(packed.wx, I, as<S>(x).data());
      apart.add(packed.wh, H, as<S>(h).data());

      // As one: every row of W_ih followed by that of W_hh, every column of x by that of h.
      const auto joined = [](const double* first, int n_first, const double* second, int n_second,
                             int count_of_both) {
        std::vector<double> both;
        for (int i = 0; i < count_of_both; ++i) {
          both.insert(both.end(), first + i * n_first, first + (i + 1) * n_first);
          both.insert(both.end(), second + i * n_second, second + (i + 1) * n_second);
        }
        return both;
      };
      const double* w_ih = theta.data() + layout[0].offset;
      const double* w_hh = theta.data() + layout[1].offset;
      const auto w = joined(w_ih, I, w_hh, H, G * H);
      const auto xh = joined(x.data(), I, h.data(), H, b);
      Slab<S> packed_both(weights.x_rows().packed_size(I + H));
      weights.x_rows().pack(as<S>(w).data(), I + H, packed_both.data());
      Blocks<S> both{weights.x_rows(), b};
      both.add(packed_both.data(), I + H, as<S>(xh).data());

      // And by the definition, in double.
      double worst = 0, largest = 0;
      for (int column = 0; column < b; ++column) {
        for (int row = 0; row < G * H; ++row) {
          double exact = 0;
          for (int i = 0; i < I; ++i) exact += w_ih[row * I + i] * x[column * I + i];
          for (int j = 0; j < H; ++j) exact += w_hh[row * H + j] * h[column * H + j];
          const double a = apart.at(row / H, row % H, column);
          const double c = both.at(row / H, row % H, column);
          worst = std::max({worst, std::abs(a - c), std::abs(a - exact), std::abs(c - exact)});
          largest = std::max(largest, std::abs(exact));
        }
      }
      CHECK(worst <= bound * largest);
    }
  }
}

TEST_CASE("identity: the number of parameters does not depend on T", "[nn][identities]") {
  for (const char* cell : {"elman", "lstm", "gru"}) {
    for (const Readout readout : {Readout::last, Readout::every}) {
      ModelOptions options;
      options.cell = cell;
      options.hidden = 20;
      options.layers = 2;
      Facts facts{.inputs = 3, .outputs = 2, .length = 1, .readout = readout};
      const auto shortest = make_model<float>(options, facts);
      for (const int T : {2, 17, 1000}) {
        CAPTURE(cell, T);
        facts.length = T;
        const auto model = make_model<float>(options, facts);
        CHECK(model->parameters().size() == shortest->parameters().size());
        CHECK(model->packed_size() == shortest->packed_size());
        CHECK(model->slab_size() == shortest->slab_size());
        CHECK(model->frame_size(T, 4) > shortest->frame_size(1, 4));  // memory of states does
      }
    }
  }
}

TEMPLATE_TEST_CASE("identity: zero logits give exactly ln C", "[nn][identities]", float, double) {
  for (const int C : {2, 3, 8, 10, 16, 17, 65, 256, 4638}) {
    CAPTURE(C);
    const Facts facts{.inputs = 3,
                      .outputs = C,
                      .length = 4,
                      .loss = LossKind::cross_entropy,
                      .readout = Readout::every};
    ModelOptions options;
    options.hidden = 5;
    ModelRun<TestType> run(options, facts, 2);
    // Weights as they are drawn, but a head of zeros.
    std::vector<TestType> drawn(run.theta.size());
    run.model->initialize({3, Stream::parameters}, drawn.data());
    std::vector<double> theta(drawn.begin(), drawn.end());
    for (const Parameter& p : run.model->parameters()) {
      if (p.name.starts_with("output.")) std::fill_n(theta.begin() + p.offset, p.size(), 0.0);
    }
    run.set(theta);

    Batch batch = ragged_batch(facts, {4, 3});
    std::fill(batch.weight.begin(), batch.weight.end(), 0.0f);
    for (const float w : {1.0f, 0.5f, 4.0f}) {  // powers of two: no rounding of w ln C
      for (std::size_t position = 0; position < batch.weight.size(); ++position) {
        batch.weight[position] = w;
        const LossSums sums = run.evaluate(batch);
        CHECK(sums.loss / sums.weight == Approx(std::log(static_cast<double>(C))).epsilon(3e-16));
        batch.weight[position] = 0;
      }
    }
    // One unit off, and it is another number.
    theta.back() = 0.25;
    run.set(theta);
    batch.weight[0] = 1;
    CHECK(run.evaluate(batch).loss != std::log(static_cast<double>(C)));
  }
}
