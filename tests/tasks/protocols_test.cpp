#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "allocations.hpp"
#include "drawn.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

/// What a protocol makes of the keys, for one model.
std::map<std::string, std::string> resolved(const std::string& task, const std::string& model) {
  std::map<std::string, std::string> values;
  const Config config = configured(task, {{"model.name", model}});
  for (const Config::Entry& entry : config.entries()) values[entry.spec.key] = entry.value;
  return values;
}

void check(const std::string& task, const std::string& model,
           const std::map<std::string, std::string>& expected) {
  CAPTURE(task, model);
  const auto values = resolved(task, model);
  for (const auto& [key, value] : expected) {
    CAPTURE(key);
    CHECK(values.at(key) == value);
  }
}

/// Whether no key is set twice.
bool once_each(const Settings& settings) {
  std::set<std::string> keys;
  for (const auto& [key, value] : settings) keys.insert(key);
  return keys.size() == settings.size();
}

std::vector<float> example(const Batch& batch, int width, std::size_t b) {
  std::vector<float> all = inputs_of(batch, width, b);
  for (const int label : labels_of(batch, b)) all.push_back(static_cast<float>(label));
  const auto B = static_cast<std::size_t>(batch.B);
  const std::size_t O = batch.y.size() / batch.weight.size(), F = batch.given.size() / B;
  for (std::size_t r = b; r < batch.weight.size(); r += B) {
    for (std::size_t o = 0; o < O; ++o) all.push_back(batch.y[r * O + o]);
  }
  for (std::size_t f = 0; f < F; ++f) all.push_back(batch.given[b * F + f]);
  for (std::size_t i = b; i < batch.symbol.size(); i += static_cast<std::size_t>(batch.B)) {
    all.push_back(static_cast<float>(batch.symbol[i]));
  }
  all.push_back(static_cast<float>(batch.length[b]));
  return all;
}

}  // namespace

TEST_CASE("protocols: what they set, per model", "[tasks][protocols]") {
  const std::map<std::string, std::string> arjovsky{{"task.train_examples", "100000"},
                                                    {"task.test_examples", "10000"},
                                                    {"train.batch", "20"},
                                                    {"train.optimizer", "rmsprop"},
                                                    {"train.lr", "0.001"},
                                                    {"train.decay", "0.9"},
                                                    {"train.epsilon_at", "none"},
                                                    {"train.accumulator", "0.001"},
                                                    {"train.clip_value", "1"},
                                                    {"train.clip_norm", "0"},
                                                    {"train.eval_every", "50"},
                                                    {"model.init", "glorot"},
                                                    {"model.recurrent_init", "glorot"},
                                                    {"model.layers", "1"}};
  for (const char* task : {"adding@arjovsky2016", "copy@arjovsky2016"}) {
    check(task, "lstm", arjovsky);
    check(task, "vanilla", arjovsky);
    check(task, "lstm", {{"model.forget_bias", "1"}});
  }
  check("adding@arjovsky2016", "lstm",
        {{"model.hidden", "128"}, {"task.length", "100"}, {"train.steps", "10000"}});
  check("adding@arjovsky2016", "vanilla", {{"model.hidden", "128"}});
  check("copy@arjovsky2016", "lstm", {{"model.hidden", "40"}, {"task.delay", "100"}});
  check("copy@arjovsky2016", "vanilla", {{"model.hidden", "80"}});

  check("adding@bai2018", "lstm",
        {{"task.length", "600"},
         {"task.markers", "anywhere"},
         {"task.train_examples", "50000"},
         {"task.test_examples", "1000"},
         {"train.batch", "32"},
         {"train.optimizer", "adam"},
         {"train.lr", "0.001"},
         {"train.clip_norm", "5"},
         {"model.hidden", "130"},
         {"model.forget_bias", "1"}});
  check("copy@bai2018", "lstm",
        {{"task.delay", "1000"},
         {"task.train_examples", "10000"},
         {"task.test_examples", "1000"},
         {"train.batch", "32"},
         {"train.optimizer", "rmsprop"},
         {"train.lr", "5e-04"},
         {"train.decay", "0.99"},
         {"train.epsilon_at", "outside"},
         {"train.clip_norm", "0"},
         {"train.clip_value", "0"},
         {"model.hidden", "50"},
         {"model.forget_bias", "0"}});

  check("adding@arjovsky2016", "irnn", {{"model.recurrent_init", "identity"}});
  check("copy@arjovsky2016", "irnn",
        {{"model.recurrent_init", "identity"}, {"model.hidden", "80"}});
  check("adding@helfrich2018", "scornn",
        {{"task.markers", "uneven"},
         {"task.length", "200"},
         {"train.batch", "50"},
         {"train.optimizer", "adam"},
         {"train.steps", "20000"},
         {"model.hidden", "170"},
         {"model.recurrent_map", "cayley"},
         {"model.recurrent_init", "helfrich"}});
  check("adding@hu2018", "irnn",
        {{"task.markers", "anywhere"},
         {"train.batch", "32"},
         {"train.lr", "1e-04"},
         {"train.clip_value", "100"},
         {"model.hidden", "100"},
         {"model.recurrent_init", "identity"}});
  check("adding@hu2018", "lstm",
        {{"model.forget_bias", "0"}, {"model.recurrent_init", "orthogonal"}});
  check("adding@hs1997", "lstm-1997",
        {{"task.length", "100"},
         {"task.stretch", "0.1"},
         {"task.stretch_end", "closed"},
         {"task.markers", "hs1997"},
         {"task.values", "signed"},
         {"task.target", "scaled"},
         {"train.batch", "1"},
         {"train.optimizer", "sgd"},
         {"model.hidden", "4"},
         {"model.block", "2"},
         {"model.input_gate_bias", "-3"},
         {"model.input_gate_bias_step", "-3"}});
  check("multiplication@hs1997", "lstm-1997",
        {{"task.values", "unit"},
         {"task.markers", "hs1997"},
         {"model.hidden", "4"},
         {"model.input_gate_bias", "0"}});
  for (const auto& [task, cells] :
       {std::pair{"temporal-order@hs1997", "4"}, std::pair{"temporal-order@hs1997-6b", "6"}}) {
    check(task, "lstm-1997",
          {{"task.encoding", "hs1997"},
           {"train.batch", "1"},
           {"model.hidden", cells},
           {"model.block", "2"},
           {"model.input_gate_bias", "-2"},
           {"model.input_gate_bias_step", "-2"}});
  }
  check("copy@wisdom2016", "lstm",
        {{"task.delay", "1000"},
         {"train.steps", "10000"},
         {"train.decay", "0.9"},
         {"train.clip_value", "1"},
         {"model.hidden", "68"},
         {"model.h0", "learned"}});
  check("copy@helfrich2018", "scornn",
        {{"task.train_examples", "20000"},
         {"train.accumulator", "1"},
         {"train.epsilon_at", "inside"},
         {"model.hidden", "190"}});
  check("copy@lezcano2019", "exprnn",
        {{"task.answer", "at"},
         {"train.batch", "128"},
         {"train.steps", "4000"},
         {"train.lr", "2e-04"},
         {"model.hidden", "190"},
         {"model.recurrent_map", "exp"},
         {"model.recurrent_init", "henaff"}});
  check("copy@kerg2019", "vanilla",
        {{"task.input", "scalar"}, {"train.decay", "0.9"}, {"model.activation", "modrelu"}});
  check("copy@kerg2019", "exprnn", {{"train.decay", "0.99"}, {"model.hidden", "128"}});
  check("copy@tallec2018", "lstm", {{"model.forget_bias", "1"}, {"model.chrono", "0"}});
  check("copy@tallec2018", "lstm-chrono", {{"task.delay", "500"}, {"model.chrono", "750"}});
  check("copy@tallec2018-variable", "lstm-chrono",
        {{"task.delay", "501"}, {"task.min_delay", "2"}, {"model.chrono", "500"}});
  check("temporal-order@pascanu2013", "vanilla", {{"train.omega", "0"}});
  check("temporal-order@pascanu2013-cr", "vanilla", {{"train.omega", "4"}});
  check("temporal-order@pascanu2013-3bit", "vanilla",
        {{"task.symbols", "3"}, {"train.omega", "4"}});
  check("temporal-order@pascanu2013-smart-tanh", "vanilla",
        {{"model.recurrent_init", "sparse"},
         {"model.init_connections", "15"},
         {"model.spectral_radius", "0.95"},
         {"model.init_std", "0.01"}});
  check("temporal-order@pascanu2013-sigmoid", "vanilla", {{"model.activation", "sigmoid"}});
  check("multiplication@pascanu2013", "vanilla",
        {{"train.omega", "4"}, {"task.markers", "early"}, {"model.init_std", "0.1"}});

  for (const char* model : {"vanilla", "lstm"}) {
    check("parity@deletang2023", model,
          {{"task.length", "40"},
           {"task.min_length", "1"},
           {"task.test_min_length", "41"},
           {"task.test_length", "500"},
           {"task.train_examples", "0"},
           {"task.test_examples", "235520"},
           {"train.batch", "128"},
           {"train.optimizer", "adam"},
           {"train.clip_norm", "1"},
           {"model.hidden", "256"},
           {"model.recurrent_init", "normal"}});
  }
  check("parity@deletang2023", "vanilla", {{"model.activation", "relu"}});
  check("parity@deletang2023", "lstm", {{"model.activation", "tanh"}, {"model.forget_bias", "1"}});

  for (const char* task : {"temporal-order@pascanu2013", "adding@pascanu2013"}) {
    check(task, "vanilla",
          {{"task.length", "199"},
           {"task.min_length", "50"},
           {"task.train_examples", "0"},
           {"task.test_examples", "10000"},
           {"train.batch", "20"},
           {"train.optimizer", "sgd"},
           {"train.lr", "0.01"},
           {"train.momentum", "0"},
           {"train.clip_norm", "1"},
           {"train.steps", "5000000"},
           {"model.hidden", "50"},
           {"model.activation", "tanh"},
           {"model.init", "normal"},
           {"model.recurrent_init", "normal"}});
  }
}

TEST_CASE("protocols: each depends on nothing of its task that it does not set",
          "[tasks][protocols]") {
  const Registry registry = make_registry(task_list());
  const std::set<std::string> these{"adding", "multiplication", "copy", "parity", "temporal-order"};
  for (const TaskEntry& entry : registry.tasks) {
    if (!these.contains(entry.name)) continue;
    const Config config = configured(entry.name);
    for (const Protocol& protocol : entry.protocols) {
      std::set<std::string> known{"task.name", "task.protocol", "task.seed"};
      for (const auto& [key, value] : protocol.settings) known.insert(key);
      for (const Config::Entry& key : config.entries()) {
        CAPTURE(entry.name, protocol.name, key.spec.key);
        CHECK((!key.spec.key.starts_with("task.") || known.contains(key.spec.key)));
      }
    }
  }
}

TEST_CASE("protocols: standard deviations of initial weights are the published ones",
          "[tasks][protocols]") {
  const auto deviation = [](const std::string& task, const std::string& model) {
    const Config config = configured(task, {{"model.name", model}});
    const double inputs = config.make_task()->facts().inputs;
    const ModelOptions o = config.model();
    return std::pair{o.input_gain / std::sqrt(inputs),
                     o.spectral_radius / std::sqrt(static_cast<double>(o.hidden))};
  };
  for (const char* task :
       {"temporal-order@pascanu2013", "adding@pascanu2013", "multiplication@pascanu2013"}) {
    CHECK(configured(task, {{"model.name", "vanilla"}}).model().init_std == 0.1);
  }
  CHECK(configured("temporal-order@pascanu2013-sigmoid", {{"model.name", "vanilla"}})
            .model()
            .init_std == 0.01);
  // Uniform on [−a, a] has the standard deviation a/√3, a Glorot normal matrix √(2/(in + out)).
  const double sixtieth = 0.01 / std::sqrt(3.0);
  CHECK(deviation("adding@helfrich2018", "scornn").first == Approx(sixtieth).epsilon(1e-8));
  CHECK(deviation("copy@helfrich2018", "scornn").first == Approx(sixtieth).epsilon(1e-8));
  for (const char* task : {"adding@hs1997", "multiplication@hs1997", "temporal-order@hs1997",
                           "temporal-order@hs1997-6b"}) {
    CHECK(configured(task, {{"model.name", "lstm-1997"}}).model().init_std ==
          Approx(0.1 / std::sqrt(3.0)).epsilon(1e-8));
  }
  CHECK(deviation("adding@hu2018", "irnn").first == Approx(0.001).epsilon(1e-8));
  CHECK(deviation("copy@lezcano2019", "exprnn").first == Approx(std::sqrt(0.2)).epsilon(1e-8));
  for (const char* model : {"vanilla", "exprnn"}) {
    CHECK(deviation("copy@kerg2019", model).first == Approx(std::sqrt(2.0 / 129)).epsilon(1e-6));
  }
  CHECK(deviation("copy@kerg2019", "vanilla").second == Approx(std::sqrt(2.0 / 256)).epsilon(1e-8));
  // Normal of deviation 1/√(fan in), cut at two deviations: the share of variance that is left.
  const double density = std::exp(-2.0) / std::sqrt(2 * M_PI), inside = std::erf(std::sqrt(2.0));
  const double left = std::sqrt(1 - 4 * density / inside);
  CHECK(deviation("parity@deletang2023", "vanilla").first ==
        Approx(left / std::sqrt(3.0)).epsilon(1e-4));
  CHECK(deviation("parity@deletang2023", "vanilla").second == Approx(left / 16).epsilon(1e-4));
  CHECK(deviation("parity@deletang2023", "lstm").first ==
        Approx(left / std::sqrt(259.0)).epsilon(1e-4));
  CHECK(deviation("parity@deletang2023", "lstm").second ==
        Approx(left / std::sqrt(259.0)).epsilon(1e-4));
}

TEST_CASE("protocols: they resolve for every model, and say what deviates", "[tasks][protocols]") {
  const Registry registry = make_registry(task_list());
  for (const TaskEntry& entry : registry.tasks) {
    for (const Protocol& protocol : entry.protocols) {
      CAPTURE(entry.name, protocol.name);
      CHECK_FALSE(protocol.source.empty());
      CHECK_FALSE(protocol.deviates.empty());
      CHECK(once_each(protocol.settings));
      for (const auto& [model, settings] : protocol.per_model) {
        CHECK(registry.model(model));
        CHECK(once_each(settings));
      }
      for (const ModelPreset& model : registry.models) {
        const Config config =
            configured(entry.name + "@" + protocol.name, {{"model.name", model.name}});
        CHECK(config.value("task.protocol") == protocol.name);
        if (!needs_a_file(entry)) CHECK(config.make_task()->facts().chance_loss > 0);
      }
    }
  }
}

TEST_CASE("protocols: an example is a function of key and index in every split",
          "[tasks][protocols]") {
  for (const std::string& name : tasks_and_protocols()) {
    CAPTURE(name);
    const auto task = configured(name).make_task();
    const int width = task->facts().inputs;
    for (const Stream split : {Stream::train, Stream::valid, Stream::test}) {
      const Batch together = drawn(*task, split, 7, 9);
      CHECK(together.T <= task->facts().length);
      Batch reused;
      const std::vector<std::uint64_t> shuffled{12, 7, 15, 9, 8};
      task->draw({5, split}, shuffled, reused);
      for (std::size_t i = 0; i < shuffled.size(); ++i) {
        CHECK((example(reused, width, i) == example(together, width, shuffled[i] - 7)));
      }
      task->draw({5, split}, std::span(shuffled).first(1), reused);
      CHECK((example(reused, width, 0) == example(together, width, 12 - 7)));
    }
  }
}

TEST_CASE("protocols: past an example's end there are zeros and nothing is scored",
          "[tasks][protocols]") {
  for (const std::string& name : tasks_and_protocols()) {
    CAPTURE(name);
    const auto task = configured(name).make_task();
    const Facts facts = task->facts();
    const auto I = static_cast<std::size_t>(facts.inputs);
    Batch batch;
    std::vector<std::uint64_t> ids(30);
    std::iota(ids.begin(), ids.end(), 0);
    for (const Stream split : {Stream::test, Stream::train}) {
      task->draw({5, split}, ids, batch);
      std::size_t wrong = 0;
      for (std::size_t b = 0; b < 30; ++b) {
        const int length = batch.length[b];
        CHECK((length >= 1 && length <= batch.T));
        for (int t = length; t < batch.T; ++t) {
          const std::size_t column = static_cast<std::size_t>(t) * 30 + b;
          if (facts.symbols) wrong += batch.symbol[column] != 0;
          for (std::size_t i = 0; i < (facts.symbols ? 0 : I); ++i)
            wrong += batch.x[column * I + i] != 0;
          if (facts.readout == Readout::every) wrong += batch.weight[column] != 0;
        }
        if (facts.readout != Readout::sequence) continue;
        for (int r = batch.target_steps[b]; r < batch.rows(); ++r) {
          const std::size_t column = static_cast<std::size_t>(r) * 30 + b;
          wrong += batch.weight[column] != 0 || batch.label[column] != 0;
        }
      }
      CHECK(wrong == 0);
    }
  }
}

TEST_CASE("protocols: drawing allocates nothing after the first time", "[tasks][allocations]") {
  for (const std::string& name : tasks_and_protocols()) {
    CAPTURE(name);
    const auto task = configured(name).make_task();
    Batch batch;
    batch.reset(task->facts(), 16);
    std::vector<std::uint64_t> ids(16);
    std::iota(ids.begin(), ids.end(), 0);
    const std::size_t before = rnnlab_test_allocations();
    for (const Stream split : {Stream::train, Stream::test, Stream::valid, Stream::train}) {
      task->draw({5, split}, ids, batch);
      task->draw({5, split}, std::span(ids).first(9), batch);
    }
    CHECK(rnnlab_test_allocations() - before == 0);
  }
}
