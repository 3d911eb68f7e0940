#include "nn/models/models.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

#include "base/error.hpp"
#include "nn/cells/cells.hpp"
#include "nn/cores.hpp"
#include "nn/models/members.hpp"
#include "nn/models/model_run.hpp"
#include "places.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

ModelOptions options_of(const std::string& cell, int hidden, int layers) {
  ModelOptions options;
  options.cell = cell;
  options.hidden = hidden;
  options.layers = layers;
  return options;
}

std::string described(const ParamLayout& layout) {
  std::ostringstream text;
  for (const Parameter& p : layout) {
    text << p.name << " [" << p.rows;
    if (p.columns > 0) text << ", " << p.columns;
    text << "]\n";
  }
  return text.str();
}

const Facts ten_classes{.inputs = 7,
                        .outputs = 10,
                        .length = 6,
                        .loss = LossKind::cross_entropy,
                        .readout = Readout::every};

}  // namespace

TEST_CASE("models: parameters are named and shaped as PyTorch's", "[nn][models]") {
  CHECK(described(make_model<float>(options_of("lstm", 5, 2), ten_classes)->parameters()) ==
        "weight_ih_l0 [20, 7]\nweight_hh_l0 [20, 5]\nbias_ih_l0 [20]\nbias_hh_l0 [20]\n"
        "weight_ih_l1 [20, 5]\nweight_hh_l1 [20, 5]\nbias_ih_l1 [20]\nbias_hh_l1 [20]\n"
        "output.weight [10, 5]\noutput.bias [10]\n");
  CHECK(described(make_model<float>(options_of("gru", 4, 1), ten_classes)->parameters()) ==
        "weight_ih_l0 [12, 7]\nweight_hh_l0 [12, 4]\nbias_ih_l0 [12]\nbias_hh_l0 [12]\n"
        "output.weight [10, 4]\noutput.bias [10]\n");
  auto bare = options_of("elman", 3, 1);
  bare.bias = false;
  CHECK(described(make_model<float>(bare, ten_classes)->parameters()) ==
        "weight_ih_l0 [3, 7]\nweight_hh_l0 [3, 3]\noutput.weight [10, 3]\n");
}

TEST_CASE("models: the number of parameters", "[nn][models]") {
  struct Case {
    const char* cell;
    std::size_t gates;
  };
  const std::size_t I = 7, C = 10;
  for (const Case& c : {Case{"elman", 1}, Case{"lstm", 4}, Case{"gru", 3}}) {
    for (const std::size_t H : {1u, 16u, 37u}) {
      for (const std::size_t layers : {1u, 3u}) {
        const auto model = make_model<float>(
            options_of(c.cell, static_cast<int>(H), static_cast<int>(layers)), ten_classes);
        CHECK(model->parameters().size() ==
              c.gates * H * (I + H + 2) + (layers - 1) * c.gates * H * (2 * H + 2) + C * (H + 1));
      }
    }
  }
}

TEMPLATE_TEST_CASE("models: zero parameters answer the uniform distribution, exactly",
                   "[nn][models]", float, double) {
  for_each_cell([]<class Cell>(Cell) {
    auto options = options_of(Cell::name, 20, 2);
    options.activation = Cell::activation;
    ModelRun<TestType> run(options, ten_classes, 5);
    run.set(std::vector<double>(run.theta.size(), 0.0));
    Batch batch = ragged_batch(ten_classes, {6, 6, 6, 6, 6});
    std::fill(batch.weight.begin(), batch.weight.end(), 1.0f);
    const LossSums sums = run.evaluate(batch);
    CHECK(sums.weight == 30);
    CHECK(sums.loss / sums.weight == Approx(std::log(10.0)).epsilon(1e-15));
    batch = ragged_batch(ten_classes, {1});
    batch.weight.assign(batch.weight.size(), 0);
    batch.weight[0] = 1;
    CHECK(run.evaluate(batch).loss == Approx(std::log(10.0)).epsilon(3e-16));
  });
}

TEST_CASE("models: what does not fit together is the user's mistake", "[nn][models]") {
  for (const char* cell : {"lstm", "gru"}) {
    auto options = options_of(cell, 8, 1);
    options.activation = "relu";
    try {
      make_model<float>(options, ten_classes);
      FAIL("made");
    } catch (const Error& error) {
      CHECK(error.code() == Exit::usage);
      CHECK(static_cast<int>(error.code()) == 2);
    }
  }
}

TEST_CASE("models: a layer too wide to be numbered is the user's mistake", "[nn][models]") {
  const Facts wide{.inputs = 65536, .outputs = 2, .length = 40000};
  ModelOptions window{.cell = "none", .layers = 0, .window = 65537};
  CHECK_THROWS_WITH(make_model<float>(window, wide), Catch::Contains("model.window"));
  window.window = 0;  // all of the sequence
  CHECK_THROWS_WITH(make_model<float>(window, wide), Catch::Contains("model.window"));
  ModelOptions tcn{.architecture = "tcn", .activation = "relu", .kernel = 40000};
  CHECK_THROWS_WITH(make_model<float>(tcn, wide), Catch::Contains("model.kernel"));
}

TEST_CASE("models: initial parameters are a function of the key", "[nn][models]") {
  const auto initial = [](std::uint64_t seed) {
    const auto model = make_model<float>(options_of("gru", 20, 2), ten_classes);
    std::vector<float> theta(model->parameters().size(), std::nanf(""));
    model->initialize({seed, Stream::parameters}, theta.data());
    return theta;
  };
  CHECK((initial(1) == initial(1)));
  CHECK((initial(1) != initial(2)));
  for (const float v : initial(1)) CHECK(std::abs(v) < 1);

  // The first layer starts alike whatever stands on it.
  const auto shallow = make_model<float>(options_of("gru", 20, 1), ten_classes);
  std::vector<float> theta(shallow->parameters().size());
  shallow->initialize({1, Stream::parameters}, theta.data());
  const std::size_t first_layer = shallow->parameters()[4].offset;
  CHECK(std::equal(theta.begin(), theta.begin() + static_cast<std::ptrdiff_t>(first_layer),
                   initial(1).begin()));
}

TEST_CASE("models: each entry's gradient has a place of its own in the slab", "[nn][models]") {
  for (const Core& core : all_cores()) {
    if (core.recurrent_map != "none") continue;  // a gradient is a mixture of the slab's entries
    auto options = options_of(core.cell, 37, 2);
    core.set(options);
    CAPTURE(core.name());
    const auto model = make_model<double>(options, ten_classes);
    const Slab<double> slab(model->slab_size());
    for (std::size_t i = 0; i < slab.size(); ++i) slab[i] = static_cast<double>(i + 1);
    std::vector<double> gradient(model->parameters().size(), 0.0);
    const Slab<double> theta(model->parameters().size());
    model->unpack(theta.data(), slab.data(), 1, gradient.data());
    std::set<double> sources;
    for (const Parameter& p : model->parameters()) {
      // Share their sum with bias_ih, as do the biases of norms that are added up.
      if (p.name.find("bias_hh") == 0) continue;
      if (p.name.find("norm_") == 0 && p.name.ends_with(".bias") && p.name[5] != 'c') continue;
      // What a rule works on is a function of these.
      if (p.name.find("memory") == 0 || p.name.find("_log") != std::string::npos) continue;
      for (std::size_t i = 0; i < p.size(); ++i) {
        CHECK(gradient[p.offset + i] > 0);
        CHECK(sources.insert(gradient[p.offset + i]).second);
      }
    }
  }
}

TEST_CASE("presets: named once, described, with keys and values that exist", "[nn][models]") {
  std::set<std::string> names;
  for (const ModelPreset& preset : model_presets()) {
    CAPTURE(preset.name);
    CHECK(names.insert(preset.name).second);
    CHECK_FALSE(preset.summary.empty());
    ModelOptions options;
    Put put(preset.settings);
    options.describe(put);
    CHECK(put.used == preset.settings.size());
    options.hidden = 3;
    const auto model = make_model<float>(options, fitted(options, ten_classes, 2));
    const bool both = options.direction == "bidirectional";
    const std::map<std::string, int> traced{{"recurrent", options.cell == "none" ? 0
                                                          : both                 ? 2
                                                                                 : 1},
                                            {"transformer", 0},
                                            {"tcn", 0},
                                            {"md", both ? 4 : 1},
                                            {"renet", 4},
                                            {"grid", 1}};
    const bool decodes = is_recurrent(options) && writes_sequences(options);
    const std::int64_t per_layer = traced.at(options.architecture) + decodes;
    CHECK(model->traced().size() == static_cast<std::size_t>(per_layer * options.layers));
  }
  for (const char* name : {"vanilla", "lstm", "gru", "deep-rnn", "deep-lstm", "deep-gru"}) {
    CHECK(names.count(name) == 1);
  }
}

namespace {

/// The value of a formula of numbers, letters, + * and parentheses.
class Formula {
 public:
  Formula(const std::string& text, const std::map<char, std::size_t>& letters)
      : text_(text), letters_(letters) {}
  std::size_t value() {
    const std::size_t result = sum();
    REQUIRE(at_ == text_.size());
    return result;
  }

 private:
  bool take(char c) {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  std::size_t sum() {
    std::size_t result = product();
    while (take('+')) result += product();
    return result;
  }
  std::size_t product() {
    std::size_t result = factor();
    while (take('*')) result *= factor();
    return result;
  }
  std::size_t factor() {
    if (take('(')) {
      const std::size_t result = sum();
      REQUIRE(take(')'));
      return result;
    }
    take(' ');
    REQUIRE(at_ < text_.size());
    if (text_[at_] < '0' || text_[at_] > '9') return letters_.at(text_[at_++]);
    std::size_t number = 0;
    for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_)
      number = 10 * number + static_cast<std::size_t>(text_[at_] - '0');
    return number;
  }

  const std::string& text_;
  const std::map<char, std::size_t>& letters_;
  std::size_t at_ = 0;
};

}  // namespace

TEST_CASE("presets: each tells its equation, its source and its number of parameters",
          "[nn][models]") {
  for (const ModelPreset& preset : model_presets()) {
    CAPTURE(preset.name, preset.parameters);
    CHECK_FALSE(preset.equation.empty());
    CHECK_FALSE(preset.source.empty());
    CHECK_FALSE(preset.options.empty());
    for (const int I : {3, 12}) {
      for (const int H : {4, 18}) {
        for (const int O : {2, 7}) {
          ModelOptions options = options_of(preset);
          options.hidden = H;
          if (is_recurrent(options)) options.window = 5;
          const Facts facts{.inputs = I,
                            .outputs = O,
                            .length = 9,
                            .loss = LossKind::cross_entropy,
                            .readout = Readout::every};
          const std::map<char, std::size_t> letters{{'I', static_cast<std::size_t>(I)},
                                                    {'H', static_cast<std::size_t>(H)},
                                                    {'O', static_cast<std::size_t>(O)},
                                                    {'W', 5}};
          CHECK(make_model<float>(options, fitted(options, facts, 3))->parameters().size() ==
                Formula(preset.parameters, letters).value());
        }
      }
    }
  }
}

TEST_CASE("presets: the README names each", "[nn][models]") {
  std::ifstream file(checkout + "/README.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  for (const ModelPreset& preset : model_presets())
    CHECK_THAT(text, Catch::Contains("`" + preset.name + "`"));
}

TEST_CASE("match_parameters: the width whose number of parameters is nearest", "[nn][models]") {
  for (const Member& member : presets()) {
    if (member.options.layers == 0) continue;
    CAPTURE(member.name);
    const Facts facts = fitted(member.options, ten_classes, 2);
    for (const std::int64_t budget : {2000, 20000}) {
      ModelOptions options = member.options;
      options.match_parameters = budget;
      const ModelOptions chosen = matched(options, facts);
      const auto distance = [&](std::int64_t hidden) {
        ModelOptions other = chosen;
        other.hidden = hidden;
        const auto count = make_model<float>(other, facts)->parameters().size();
        return std::abs(static_cast<double>(count) - static_cast<double>(budget));
      };
      CHECK(chosen.match_parameters == 0);
      CHECK(distance(chosen.hidden) <= distance(chosen.hidden + 1));
      if (chosen.hidden > 1) CHECK(distance(chosen.hidden) <= distance(chosen.hidden - 1));
      CHECK(make_model<float>(options, facts)->parameters().size() ==
            make_model<float>(chosen, facts)->parameters().size());
    }
  }
  // Memory blocks and heads are whole.
  ModelOptions blocks{.cell = "lstm-1997", .match_parameters = 3000, .block = 4};
  CHECK(matched(blocks, ten_classes).hidden % 4 == 0);
  ModelOptions heads{.architecture = "transformer", .match_parameters = 20000, .heads = 3};
  CHECK(matched(heads, ten_classes).hidden % 3 == 0);
  ModelOptions options;
  options.match_parameters = 20;
  CHECK_THROWS_WITH(matched(options, ten_classes), Catch::Contains("match_parameters"));
}
