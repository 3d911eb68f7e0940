#include "nn/models/wiring.hpp"

#include <catch2/catch.hpp>
#include <cstring>

#include "base/error.hpp"
#include "math/gemm.hpp"
#include "nn/models/exact.hpp"
#include "nn/models/members.hpp"
#include "nn/models/model_run.hpp"
#include "train/shards.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

constexpr int T = 10;  // more than a block of time steps
const std::vector<int> ragged{T, 1, 9, 4};

/// Images are all of one size.
std::vector<int> lengths_of(const Facts& facts) {
  return facts.rows > 0 ? std::vector<int>(ragged.size(), T) : ragged;
}

Facts facts_of(Readout readout, LossKind kind = LossKind::cross_entropy) {
  return {.inputs = 3, .outputs = 4, .length = T, .loss = kind, .readout = readout};
}

/// Every wiring and every preset under every readout and pool that it can have.
template <class F>
void for_each_case(F&& f) {
  std::vector<Member> all = wirings();
  for (const Member& member : presets()) all.push_back(member);
  // Of whole lane groups: joined gradients are read where they lie.
  for (const Member& member : wirings(16)) {
    const bool plain = !member.options.residual && !member.options.layer_norm;
    if (plain && member.options.cell != "gru" && member.options.direction != "forward")
      all.push_back({member.name + " of 16", member.options});
  }
  for (const Member& member : cores()) all.push_back(member);
  for (const Member& member : architectures()) all.push_back(member);
  Facts once = facts_of(Readout::every);
  once.once = true;
  for (Member member : presets()) {
    if (reads_images(member.options)) continue;
    for (const char* at : {"first", "every-step"}) {
      member.options.input_at = at;
      f(member, once);
    }
  }
  for (Member member : all) {
    f(member, fitted(member.options, facts_of(Readout::every), 2));
    for (const char* pool : {"last", "mean", "max", "attention", "every"}) {
      member.options.pool = pool;
      // What follows a pool does not ask where its input came from.
      if (member.options.pool != "last" && (member.options.residual != member.options.layer_norm))
        continue;
      f(member, fitted(member.options, facts_of(Readout::last, LossKind::mse), 2));
    }
  }
}

std::string title(const Member& member, const Facts& facts) {
  return member.name + ", " + (facts.once ? "input at " + member.options.input_at + ", " : "") +
         (facts.readout == Readout::every ? "every step" : "pool " + member.options.pool);
}

}  // namespace

TEST_CASE("wiring: loss, gradient and the states' gradients are the textbook's",
          "[nn][models][wiring]") {
  for_each_case([](const Member& member, const Facts& facts) {
    const ModelOptions& options = member.options;
    CAPTURE(title(member, facts));
    const std::vector<int> lengths = lengths_of(facts);
    const Batch batch = ragged_batch(facts, lengths);
    const auto theta = random_parameters(options, facts);
    const Exact right = exact(options, facts, batch, theta);

    ModelRun<double> ours(options, facts, batch.B);
    ours.set(theta);
    std::vector<double> scale(lengths.size());
    example_weights(batch, scale.data());
    for (double& s : scale) s = 1 / s;
    std::vector<std::vector<double>> hidden(ours.model->traced().size(),
                                            std::vector<double>(T * lengths.size()));
    std::vector<StateTrace> traces;
    for (auto& values : hidden)
      traces.push_back({.hidden = values.data(), .ld = batch.B, .scale = scale.data()});
    const LossSums sums = ours.train(batch, traces);
    CHECK(sums.loss == Approx(right.sums.loss).epsilon(1e-11));
    CHECK(sums.weight == Approx(right.sums.weight).epsilon(1e-6));
    std::vector<double> gradient = ours.gradient(), wanted = right.gradient;
    for (const Parameter& p : ours.model->parameters()) {
      if (p.trained) continue;  // its gradient need not be taken
      for (std::size_t i = p.offset; i < p.offset + p.size(); ++i) gradient[i] = wanted[i] = 0;
    }
    CHECK(relative_error(ours.model->parameters(), gradient, wanted) <= 1e-8);
    for (std::size_t l = 0; l < hidden.size(); ++l)
      CHECK(relative_error(hidden[l], right.hidden[l]) <= 1e-7);

    ModelRun<float> single(options, facts, batch.B);
    single.set(theta);
    CHECK(single.train(batch).loss == Approx(right.sums.loss).epsilon(1e-4));
    CHECK(single.evaluate(batch).loss == Approx(right.sums.loss).epsilon(1e-4));
  });
}

TEST_CASE("wiring: the gradient is the central difference", "[nn][models][wiring]") {
  for_each_case([](const Member& member, const Facts& facts) {
    CAPTURE(title(member, facts));
    const std::vector<int> lengths = lengths_of(facts);
    if (member.options.truncated_gradient) return;  // no derivative, by its definition
    const Batch batch = ragged_batch(facts, lengths);
    ModelRun<double> run(member.options, facts, batch.B);
    std::vector<double> theta = random_parameters(member.options, facts);
    run.set(theta);
    run.train(batch);
    const std::vector<double> gradient = run.gradient();
    double worst = 0, largest = 0;
    // An entry of every parameter; the other oracle sees them all.
    for (const Parameter& p : run.model->parameters()) {
      if (!p.trained) continue;
      const std::size_t i = p.offset + p.size() / 2;
      const double begun = theta[i], h = 1e-5;
      theta[i] = begun + h;
      run.set(theta);
      const double up = run.evaluate(batch).loss;
      theta[i] = begun - h;
      run.set(theta);
      const double down = run.evaluate(batch).loss;
      theta[i] = begun;
      worst = std::max(worst, std::abs((up - down) / (2 * h) - gradient[i]));
      largest = std::max(largest, std::abs(gradient[i]));
    }
    CHECK(worst <= 1e-6 * largest);
  });
}

TEST_CASE("wiring: log norms of the last step's loss are the logarithms of its plain norms",
          "[nn][models][wiring]") {
  for_each_case([](const Member& member, const Facts& facts) {
    CAPTURE(title(member, facts));
    const std::vector<int> lengths = lengths_of(facts);
    Batch batch = ragged_batch(facts, lengths);
    const auto B = lengths.size();
    ModelRun<double> run(member.options, facts, batch.B);
    run.set(random_parameters(member.options, facts));
    const std::size_t layers = run.model->traced().size();
    std::vector<std::vector<double>> logs(layers, std::vector<double>(T * B)), plain = logs;
    std::vector<int> exponent(B), length(B);
    std::vector<double> factor(2 * B), scale(B, 1.0);
    std::vector<LogSweep> sweeps;
    std::vector<StateTrace> traces;
    for (std::size_t l = 0; l < layers; ++l) {
      sweeps.push_back({logs[l].data(), batch.B, exponent.data(), factor.data()});
      traces.push_back({.hidden = plain[l].data(), .ld = batch.B, .scale = scale.data()});
    }
    run.train(batch);
    run.model->sweep_last(run.packed.data(), batch, run.slab.data(), run.frame.data(), sweeps,
                          length.data());
    CHECK(length == lengths);
    // The same loss by weights alone; a repeated target has no weights of its own to take away.
    if (facts.readout == Readout::last && member.options.pool == "every") return;
    for (std::size_t b = 0; b < B; ++b) {
      for (std::size_t p = b; p < batch.weight.size(); p += B) {
        const bool last =
            facts.readout == Readout::last || static_cast<int>(p / B) == lengths[b] - 1;
        batch.weight[p] = last ? 1 : 0;
      }
    }
    run.train(batch, traces);
    double worst = 0;
    for (std::size_t l = 0; l < layers; ++l) {
      for (std::size_t i = 0; i < logs[l].size(); ++i) {
        if (plain[l][i] == 0) {
          CHECK(logs[l][i] == -HUGE_VAL);
        } else {
          worst = std::max(worst, std::abs(logs[l][i] - std::log(plain[l][i])));
        }
      }
    }
    CHECK(worst <= 1e-9);
  });
}

TEST_CASE("wiring: more steps past every end change no bit", "[nn][models][wiring][padding]") {
  if (best_backend() != Backend::xsmm) {
    WARN("skipped: only libxsmm promises it, and it is not built in");
    return;
  }
  for_each_case([](const Member& member, const Facts& facts) {
    CAPTURE(title(member, facts));
    if (facts.rows > 0) return;
    const Batch batch = ragged_batch(facts, ragged);
    Facts wide = facts;
    wide.length = T + 9;
    ModelOptions options = member.options;
    if (is_recurrent(options)) options.window = 3;  // 0 would grow with the padding
    const auto theta = random_parameters(options, facts);
    ModelRun<float> tight(options, facts, batch.B), loose(options, wide, batch.B);
    Batch padded;
    padded.reset(wide, batch.B);
    padded.length = batch.length;
    std::fill(padded.weight.begin(), padded.weight.end(), 0.0f);
    std::copy(batch.x.begin(), batch.x.end(), padded.x.begin());
    std::copy(batch.y.begin(), batch.y.end(), padded.y.begin());
    std::copy(batch.label.begin(), batch.label.end(), padded.label.begin());
    std::copy(batch.weight.begin(), batch.weight.end(), padded.weight.begin());
    tight.set(theta);
    loose.set(theta);
    CHECK(tight.train(batch).loss == loose.train(padded).loss);
    CHECK(std::memcmp(tight.slab.data(), loose.slab.data(), tight.slab.size() * sizeof(float)) ==
          0);
  });
}

TEST_CASE("wiring: permuting the batch permutes the answer", "[nn][models][wiring]") {
  for_each_case([](const Member& member, const Facts& facts) {
    CAPTURE(title(member, facts));
    const std::vector<int> lengths = lengths_of(facts);
    const auto theta = random_parameters(member.options, facts);
    const Batch batch = ragged_batch(facts, lengths);
    Batch turned = batch;
    const auto B = static_cast<std::size_t>(batch.B);
    for (std::size_t t = 0; t < (facts.once ? 1 : T); ++t) {
      for (std::size_t b = 0; b < B; ++b) {
        std::copy_n(&batch.x[(t * B + b) * 3], 3, &turned.x[(t * B + (B - 1 - b)) * 3]);
      }
    }
    std::reverse(turned.length.begin(), turned.length.end());
    ModelRun<float> one(member.options, facts, batch.B), other(member.options, facts, batch.B);
    one.set(theta);
    other.set(theta);
    const Seq<float> y = one.model->predict(one.packed.data(), batch, one.frame.data());
    const Seq<float> z = other.model->predict(other.packed.data(), turned, other.frame.data());
    int different = 0;
    for (int t = 0; t < y.T; ++t) {
      for (int b = 0; b < y.B; ++b) {
        if (facts.readout == Readout::every && t >= lengths[static_cast<std::size_t>(b)]) continue;
        different += std::memcmp(y.at(t, b), z.at(t, y.B - 1 - b), 4 * sizeof(float)) != 0;
      }
    }
    CHECK(different == 0);
  });
}

TEST_CASE("wiring: windows with the state carried on answer as the whole sequence does",
          "[nn][models][wiring]") {
  for_each_case([](const Member& member, const Facts& facts) {
    if (facts.readout == Readout::last || facts.once || !reads_in_windows(member.options)) return;
    CAPTURE(title(member, facts));
    const Batch batch = ragged_batch(facts, {T, T, T});
    ModelRun<double> run(member.options, facts, batch.B);
    run.set(random_parameters(member.options, facts));
    const auto predicted = [&](const Batch& window, CarriedState<double> carried) {
      return dense_copy<double>(
          run.model->predict(run.packed.data(), window, run.frame.data(), carried));
    };
    const std::vector<double> whole = predicted(batch, {});
    const int entries = run.model->state_size();
    const Slab<double> state(static_cast<std::size_t>(entries * batch.B));
    std::vector<double> pieces;
    bool fresh[] = {true, true, true};
    for (const auto& [first, count] : {std::pair{0, 6}, std::pair{6, 1}, std::pair{7, 3}}) {
      Batch window = batch;
      window.keep_steps(first, count);
      const auto y = predicted(window, {.p = state.data(), .ld = entries, .fresh = fresh});
      pieces.insert(pieces.end(), y.begin(), y.end());
      std::fill_n(fresh, 3, false);
    }
    CHECK(relative_error(pieces, whole) <= 1e-13);
  });
}

TEST_CASE("wiring: a reversed sequence through the reverse layer is the forward one, bit for bit",
          "[nn][models][wiring]") {
  for (const char* cell : {"elman", "lstm", "gru"}) {
    const Facts facts = facts_of(Readout::last);
    ModelOptions forward;
    forward.cell = cell;
    forward.hidden = 19;
    ModelOptions reverse = forward;
    reverse.direction = "reverse";
    const auto theta = random_parameters(forward, facts);
    const Batch batch = ragged_batch(facts, ragged);
    Batch turned = batch;
    for (int b = 0; b < batch.B; ++b) {
      const int steps = ragged[static_cast<std::size_t>(b)];
      for (int t = 0; t < steps; ++t)
        std::copy_n(&batch.x[static_cast<std::size_t>(t * batch.B + b) * 3], 3,
                    &turned.x[static_cast<std::size_t>((steps - 1 - t) * batch.B + b) * 3]);
    }
    ModelRun<float> one(forward, facts, batch.B), other(reverse, facts, batch.B);
    one.set(theta);
    other.set(theta);
    CHECK(one.train(batch).loss == other.train(turned).loss);
    CHECK((one.gradient() == other.gradient()));
  }
}

TEST_CASE("wiring: what does not fit is refused with the key and the members that fit",
          "[nn][models][wiring]") {
  struct Case {
    const char *name, *where, *word;
    Readout readout;
    void (*set)(ModelOptions&);
  };
  const Case cases[] = {
      {"pool over targets at every step", "model.pool", "one target", Readout::every,
       [](ModelOptions& o) { o.pool = "mean"; }},
      {"feed-forward with a direction", "model.direction", "bi-lstm", Readout::every,
       [](ModelOptions& o) { o.cell = "none", o.direction = "bidirectional"; }},
      {"feed-forward with skips", "model.depth", "stacked", Readout::every,
       [](ModelOptions& o) { o.cell = "none", o.depth = "skip"; }},
      {"recurrent without layers", "model.layers", "linear", Readout::every,
       [](ModelOptions& o) { o.layers = 0; }},
      {"an embedding of numbers", "model.embedding", "text", Readout::every,
       [](ModelOptions& o) { o.embedding = 4; }},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    ModelOptions options;
    c.set(options);
    try {
      make_model<float>(options, facts_of(c.readout));
      FAIL("made");
    } catch (const Error& error) {
      CHECK(error.code() == Exit::usage);
      CHECK_THAT(error.what(), Catch::Contains(c.where) && Catch::Contains(c.word));
    }
  }
}
