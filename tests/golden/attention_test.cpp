#include <catch2/catch.hpp>

#include "golden/golden.hpp"
#include "nn/layers/attention_core.hpp"
#include "nn/layers/dense.hpp"
#include "nn/layers/layer_run.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

constexpr int H = 10, heads = 2, Tq = 19, Tm = 35, B = 3;

std::vector<double> read(const std::string& path) {
  return read_golden("multihead-attention", path);
}

/// A dense layer at H rows of a weight and a bias, from row `first` on.
template <class S>
LayerRun<S> map(int T, const std::vector<double>& weight, const std::vector<double>& bias,
                int first) {
  LayerRun<S> run(make_dense<S>({.inputs = H, .outputs = H}), T, B);
  std::vector<double> values(weight.begin() + first * H, weight.begin() + (first + H) * H);
  values.insert(values.end(), bias.begin() + first, bias.begin() + first + H);
  run.set(values);
  return run;
}

/// [T, B, H] with columns padded to whole lane groups.
template <class S>
struct Sequence {
  Slab<S> memory;
  Seq<S> seq;

  Sequence(int T, const std::vector<double>& values)
      : memory(size(T, B, round_up(H, lanes<S>))),
        seq{memory.data(), T, B, H, round_up(H, lanes<S>)} {
    for (int column = 0; column < T * B && !values.empty(); ++column) {
      for (int i = 0; i < H; ++i)
        seq.at(0, column)[i] = static_cast<S>(values[size(column, H) + size(1, i)]);
    }
  }
};

}  // namespace

TEMPLATE_TEST_CASE("goldens: queries over a memory are PyTorch's MultiheadAttention", "[golden]",
                   float, double) {
  using S = TestType;
  const bool causal = GENERATE(false, true);
  const std::string place = std::string(causal ? "causal" : "padding") + "/" +
                            (sizeof(S) == 4 ? "float32" : "float64") + "/";
  const double bound = sizeof(S) == 4 ? 1e-5 : 1e-10;
  const auto weight = read("parameters/in_proj_weight"), bias = read("parameters/in_proj_bias");
  std::vector<int> length;
  for (const double steps : read("length")) length.push_back(static_cast<int>(steps));

  Sequence<S> queries(Tq, read("queries")), memory(Tm, read("memory")), dy(Tq, read("dy"));
  memory.seq.length = length.data();
  const auto q = map<S>(Tq, weight, bias, 0), k = map<S>(Tm, weight, bias, H);
  const auto v = map<S>(Tm, weight, bias, 2 * H);
  const auto out =
      map<S>(Tq, read("parameters/out_proj.weight"), read("parameters/out_proj.bias"), 0);
  const AttentionCore<S> core(H, heads, causal);
  Slab<S> frame(core.frame_size(Tq, Tm, B));
  const auto with_length = [&](Seq<const S> x) {
    x.length = length.data();
    return x;
  };
  const Seq<const S> ks = with_length(k.forward(memory.seq)),
                     vs = with_length(v.forward(memory.seq));
  const Seq<const S> qs = q.forward(queries.seq);
  const Seq<const S> mixed = core.forward(qs, ks, vs, frame.data());
  CHECK(relative_difference(dense_copy<S>(out.forward(mixed)), read(place + "y")) <= bound);

  // Theirs are [B, heads, Tq, Tm].
  const auto theirs = read(place + "weights");
  const Seq<const S> ours = core.weights(frame.data(), Tq, Tm, B, nullptr, length.data());
  std::vector<double> turned;
  for (int b = 0; b < B; ++b) {
    for (int row = 0; row < heads * Tq; ++row) {
      const S* from = ours.at(row % Tq, b) + row / Tq * Tm;
      turned.insert(turned.end(), from, from + Tm);
    }
  }
  CHECK(relative_difference(turned, theirs) <= bound);

  const Sequence<S> dq(Tq, {}), dk(Tm, {}), dv(Tm, {});
  core.backward(qs, ks, vs, out.backward(mixed, {.every = dy.seq}), dq.seq, dk.seq, dv.seq,
                frame.data());
  const Seq<const S> from_k = k.backward(memory.seq, {.every = dk.seq}),
                     from_v = v.backward(memory.seq, {.every = dv.seq});
  std::vector<double> dmemory = dense_copy<S>(from_k);
  const std::vector<double> more = dense_copy<S>(from_v);
  for (std::size_t i = 0; i < dmemory.size(); ++i) dmemory[i] += more[i];
  CHECK(relative_difference(dense_copy<S>(q.backward(queries.seq, {.every = dq.seq})),
                            read(place + "dqueries")) <= bound);
  CHECK(relative_difference(dmemory, read(place + "dmemory")) <= bound);

  std::vector<double> dweight, dbias;
  for (const auto* of : {&q, &k, &v}) {
    const std::vector<double> g = of->gradient();
    dweight.insert(dweight.end(), g.begin(), g.begin() + H * H);
    dbias.insert(dbias.end(), g.begin() + H * H, g.end());
  }
  const std::vector<double> g = out.gradient();
  CHECK(relative_difference(dweight, read(place + "gradient/in_proj_weight")) <= bound);
  CHECK(relative_difference(dbias, read(place + "gradient/in_proj_bias")) <= bound);
  CHECK(relative_difference({g.begin(), g.begin() + H * H},
                            read(place + "gradient/out_proj.weight")) <= bound);
  CHECK(relative_difference({g.begin() + H * H, g.end()}, read(place + "gradient/out_proj.bias")) <=
        bound);
}
