#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "nn/models/exact.hpp"
#include "nn/models/members.hpp"
#include "nn/models/model_run.hpp"
#include "train/named_task.hpp"
#include "train/stepper.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

constexpr int rows = 3, columns = 4, T = rows * columns;

Facts image_facts(Readout readout = Readout::every) {
  return {.inputs = 2,
          .outputs = 3,
          .length = T,
          .rows = rows,
          .columns = columns,
          .loss = LossKind::cross_entropy,
          .readout = readout};
}

ModelOptions preset(const std::string& name) {
  for (const Member& member : presets(6)) {
    if (member.name == name) return member.options;
  }
  throw std::logic_error("no preset " + name);
}

/// Whether the prediction at step t changes, in any bit, with the input at step s.
std::vector<std::vector<bool>> dependence(const ModelOptions& options) {
  const Facts facts = image_facts();
  Batch batch = ragged_batch(facts, {T});
  ModelRun<double> run(options, facts, 1);
  run.set(random_parameters(options, facts));
  const auto predicted = [&] {
    return dense_copy<double>(run.model->predict(run.packed.data(), batch, run.frame.data()));
  };
  const std::vector<double> before = predicted();
  std::vector<std::vector<bool>> depends(T, std::vector<bool>(T));
  for (std::size_t s = 0; s < T; ++s) {
    const std::vector<float> x = batch.x;
    for (std::size_t i = 0; i < 2; ++i) batch.x[2 * s + i] += 1;
    const std::vector<double> after = predicted();
    batch.x = x;
    for (std::size_t t = 0; t < T; ++t) {
      for (std::size_t o = 0; o < 3; ++o)
        depends[t][s] = depends[t][s] || before[3 * t + o] != after[3 * t + o];
    }
  }
  return depends;
}

/// Checks that a step depends on another exactly where `sees(t, s)`.
template <class F>
void check_dependence(const ModelOptions& options, F&& sees) {
  const auto depends = dependence(options);
  int too_much = 0, too_little = 0;
  for (int t = 0; t < T; ++t) {
    for (int s = 0; s < T; ++s) {
      const bool does = depends[static_cast<std::size_t>(t)][static_cast<std::size_t>(s)];
      too_much += does && !sees(t, s);
      too_little += !does && sees(t, s);
    }
  }
  CHECK(too_much == 0);
  CHECK(too_little == 0);
}

}  // namespace

TEST_CASE("architectures: a step sees what it should, and nothing else",
          "[nn][models][architectures]") {
  const auto everything = [](int, int) { return true; };
  const auto past = [](int t, int s) { return s <= t; };
  ModelOptions o = preset("transformer");
  check_dependence(o, past);
  o.causal = "no";
  check_dependence(o, everything);

  o = preset("tcn");
  o.activation = "tanh";  // a rectifier may be shut
  o.layers = 2;
  o.kernel = 2;  // 2 (2 − 1) (2² − 1) = 6 steps back
  check_dependence(o, [](int t, int s) { return s <= t && t - s <= 6; });

  for (const char* name : {"md-rnn", "md-lstm"}) {
    o = preset(name);
    check_dependence(o, everything);
    o.direction = "forward";
    check_dependence(
        o, [](int t, int s) { return s / columns <= t / columns && s % columns <= t % columns; });
    o.direction = "reverse";
    check_dependence(
        o, [](int t, int s) { return s / columns >= t / columns && s % columns >= t % columns; });
  }
  check_dependence(preset("renet"), everything);
  o = preset("grid-lstm");
  check_dependence(o, everything);
  o.layers = 1;
  check_dependence(
      o, [](int t, int s) { return s / columns <= t / columns && s % columns <= t % columns; });
}

TEST_CASE("architectures: what does not fit is refused with the key and what fits",
          "[nn][models][architectures]") {
  struct Case {
    const char *preset, *where, *word;
    void (*set)(ModelOptions&, Facts&);
  };
  const Case cases[] = {
      {"transformer", "model.cell", "recurrent", [](ModelOptions& o, Facts&) { o.cell = "gru"; }},
      {"transformer", "model.direction", "recurrent",
       [](ModelOptions& o, Facts&) { o.direction = "bidirectional"; }},
      {"transformer", "model.heads", "divisor", [](ModelOptions& o, Facts&) { o.heads = 4; }},
      {"transformer", "model.kernel", "tcn", [](ModelOptions& o, Facts&) { o.kernel = 3; }},
      {"transformer", "model.layers", "linear", [](ModelOptions& o, Facts&) { o.layers = 0; }},
      {"transformer", "model.max_positions", "sinusoidal, which has no limit",
       [](ModelOptions& o, Facts&) { o.positions = "learned", o.max_positions = T - 1; }},
      {"transformer", "model.max_positions", "learned",
       [](ModelOptions& o, Facts&) { o.max_positions = 100; }},
      {"tcn", "model.heads", "transformer", [](ModelOptions& o, Facts&) { o.heads = 2; }},
      {"lstm", "model.kernel", "tcn", [](ModelOptions& o, Facts&) { o.kernel = 3; }},
      {"lstm", "model.patch", "renet", [](ModelOptions& o, Facts&) { o.patch = 2; }},
      {"md-lstm", "model.architecture", "marks", [](ModelOptions&, Facts& f) { f.rows = 0; }},
      {"renet", "model.architecture", "bi-lstm", [](ModelOptions&, Facts& f) { f.rows = 0; }},
      {"md-lstm", "model.cell", "elman or lstm", [](ModelOptions& o, Facts&) { o.cell = "gru"; }},
      {"md-lstm", "model.activation", "tanh",
       [](ModelOptions& o, Facts&) { o.activation = "relu"; }},
      {"md-lstm", "model.depth", "recurrent", [](ModelOptions& o, Facts&) { o.depth = "dt"; }},
      {"renet", "model.cell", "another", [](ModelOptions& o, Facts&) { o.cell = "jordan"; }},
      {"renet", "model.direction", "md", [](ModelOptions& o, Facts&) { o.direction = "reverse"; }},
      {"renet", "model.patch", "divisor",
       [](ModelOptions& o, Facts& f) { o.patch = 2, f.readout = Readout::last; }},
      {"renet", "model.patch", "one target",
       [](ModelOptions& o, Facts& f) { o.patch = 2, f.rows = 2, f.columns = 6; }},
      {"grid-lstm", "model.merge", "md", [](ModelOptions& o, Facts&) { o.merge = "sum"; }},
  };
  for (const Case& c : cases) {
    CAPTURE(c.preset, c.where, c.word);
    ModelOptions options = preset(c.preset);
    Facts facts = image_facts();
    c.set(options, facts);
    try {
      make_model<float>(options, facts);
      FAIL("made");
    } catch (const Error& error) {
      CHECK(error.code() == Exit::usage);
      CHECK_THAT(error.what(), Catch::Contains(c.where) && Catch::Contains(c.word));
    }
  }
}

TEST_CASE("architectures: those without a state to carry on do not read piece by piece",
          "[nn][models][architectures]") {
  for (const Member& member : presets()) {
    if (is_recurrent(member.options)) continue;
    CAPTURE(member.name);
    CHECK_THROWS_WITH(check_reads_in_windows(member.options),
                      Catch::Contains("model.architecture") && Catch::Contains("train.truncate") &&
                          Catch::Contains("lstm"));
  }
}

TEST_CASE("architectures: patches are the textbook's, however they are pooled",
          "[nn][models][architectures]") {
  Facts facts = image_facts(Readout::last);
  facts.rows = 4;
  facts.columns = 6;
  facts.length = 24;
  for (const char* pool : {"last", "mean", "max", "attention"}) {
    CAPTURE(pool);
    ModelOptions o = preset("renet");
    o.patch = 2;
    o.pool = pool;
    const Batch batch = ragged_batch(facts, {24, 24, 24});
    const auto theta = random_parameters(o, facts);
    const Exact right = exact(o, facts, batch, theta);
    ModelRun<double> ours(o, facts, batch.B);
    ours.set(theta);
    CHECK(ours.model->traced().empty());
    CHECK(ours.train(batch).loss == Approx(right.sums.loss).epsilon(1e-11));
    CHECK(relative_error(ours.model->parameters(), ours.gradient(), right.gradient) <= 1e-8);
  }
}

TEST_CASE("architectures: a regulariser of recurrent matrices needs one",
          "[nn][models][architectures]") {
  for (const char* name : {"linear", "transformer", "tcn", "md-lstm", "grid-lstm"})
    CHECK_THROWS_WITH(check_has_recurrent_matrix(preset(name)), Catch::Contains("train.omega"));
  for (const char* name : {"lstm", "renet"})
    CHECK_NOTHROW(check_has_recurrent_matrix(preset(name)));
}

TEST_CASE("architectures: marks need all four directions", "[nn][models][architectures]") {
  const auto accuracy = [](const std::string& name, const char* direction) {
    const auto data = task("marks", {{"rows", 4}, {"columns", 4}});
    ModelOptions model = preset(name);
    if (*direction) model.direction = direction;
    model.hidden = 12;
    TrainOptions train;
    train.batch = 32;
    train.lr = 1e-2;
    Pool pool(1);
    Stepper<float> stepper(*data, {}, 5, model, train, pool);
    for (int k = 0; k < 500; ++k) {
      stepper.gradient(k, {});
      stepper.update(k);
    }
    const LossSums sums = stepper.evaluate(Stream::test, 500);
    return sums.metric / sums.weight;
  };
  for (const char* name : {"md-rnn", "md-lstm"}) {
    CAPTURE(name);
    CHECK(accuracy(name, "bidirectional") > 0.98);
    CHECK(accuracy(name, "forward") < 0.93);
  }
  CHECK(accuracy("renet", "") > 0.98);
  CHECK(accuracy("grid-lstm", "") > 0.98);
}
