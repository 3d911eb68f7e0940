#include <catch2/catch.hpp>
#include <cmath>

#include "train/gradcheck.hpp"
#include "train/named_task.hpp"
#include "train/stepper.hpp"

using namespace rnnlab;

namespace {

ModelOptions model(const std::string& cell, const std::string& fixed) {
  ModelOptions o;
  o.cell = cell;
  o.hidden = 19;
  o.layers = 2;
  o.fixed = fixed;
  o.leak = 0.3;
  o.h0 = "random";
  return o;
}

bool is_fixed(const std::string& name, const std::string& fixed) {
  if (name.starts_with("leak") || name.starts_with("h0") || name.starts_with("c0")) return true;
  if (fixed == "recurrent") return name.starts_with("weight_hh");
  return fixed == "reservoir" && !name.starts_with("output");
}

}  // namespace

TEST_CASE("untrained parameters keep their first bits, under every rule", "[train]") {
  const auto adding = task("adding", {});
  Pool pool(2);
  for (const char* cell : {"leaky", "lstm-peephole"}) {
    for (const std::string fixed : {"none", "recurrent", "reservoir"}) {
      for (const char* rule : {"sgd", "rmsprop", "adam", "adamw"}) {
        CAPTURE(cell, fixed, rule);
        TrainOptions o;
        o.optimizer = rule;
        o.momentum = 0.5;
        o.epsilon = 0;
        o.weight_decay = 0.1;
        o.batch = 20;
        Stepper<float> stepper(*adding, {}, 0, model(cell, fixed), o, pool);
        const std::vector<float> start(stepper.parameters().begin(), stepper.parameters().end());
        for (int step = 0; step < 3; ++step) {
          const StepResult result = stepper.gradient(step, {});
          const StepView view = stepper.view(step);
          double square = 0;
          for (std::size_t i = 0; i < stepper.model().parameters().count(); ++i) {
            const bool still = is_fixed(stepper.model().parameters()[i].name, fixed);
            CHECK((view.parameter_norms[i] == 0) == still);
            square += std::pow(view.parameter_norms[i], 2);
          }
          CHECK(result.grad_norm == Approx(std::sqrt(square)));
          stepper.update(step);
        }
        for (const Parameter& p : stepper.model().parameters()) {
          CAPTURE(p.name);
          CHECK(p.trained == !is_fixed(p.name, fixed));
          std::size_t moved = 0;
          for (std::size_t i = p.offset; i < p.offset + p.size(); ++i)
            moved += stepper.parameters()[i] != start[i];
          CHECK((moved == 0) == !p.trained);
        }
      }
    }
  }
}

TEST_CASE("what is not trained changes no gradient of what is", "[train]") {
  const auto adding = task("adding", {});
  Pool pool(1);
  TrainOptions o;
  o.optimizer = "sgd";
  o.lr = 1;
  Stepper<double> all(*adding, {}, 0, model("gru", "none"), o, pool);
  for (const std::string fixed : {"recurrent", "reservoir"}) {
    Stepper<double> some(*adding, {}, 0, model("gru", fixed), o, pool);
    all.gradient(0, {});
    some.gradient(0, {});
    for (std::size_t i = 0; i < some.model().parameters().count(); ++i) {
      if (some.model().parameters()[i].trained)
        CHECK(some.view(0).parameter_norms[i] == all.view(0).parameter_norms[i]);
    }
  }
}

TEST_CASE("gradcheck leaves out what is not trained and says so", "[train][gradcheck]") {
  ModelOptions options = model("leaky", "recurrent");
  options.hidden = 5;
  for (const GradientError& e : gradcheck(*task("copy", {{"delay", 5}}), options, 0, 3)) {
    CAPTURE(e.parameter);
    CHECK(e.trained == !is_fixed(e.parameter, "recurrent"));
    CHECK((e.entries == 0) == !e.trained);
    CHECK(e.error <= 1e-6);
  }
}

TEST_CASE("the regulariser enters the recurrent gradient as a mean over examples", "[train]") {
  const auto adding = task("adding", {});
  Pool pool(2);
  for (const char* reduction : {"mean", "sum"}) {
    CAPTURE(reduction);
    const auto gradient = [&](double omega, double& value) {
      TrainOptions o;
      o.optimizer = "sgd";
      o.lr = 1;
      o.batch = 20;
      o.omega = omega;
      o.reduction = reduction;
      ModelOptions tanh = model("elman", "none");
      tanh.h0 = "zero";
      Stepper<double> stepper(*adding, {}, 0, tanh, o, pool);
      std::vector<double> g(stepper.parameters().begin(), stepper.parameters().end());
      value = stepper.gradient(0, {}).omega;
      stepper.update(0);
      for (std::size_t i = 0; i < g.size(); ++i) g[i] -= stepper.parameters()[i];
      return std::pair(g, stepper.model().parameters());
    };
    double none, once, twice;
    const auto [zero, layout] = gradient(0, none);
    const auto one = gradient(1, once).first, two = gradient(2, twice).first;
    CHECK(none == 0);
    CHECK(once > 0);
    CHECK(twice == once);
    for (const Parameter& p : layout) {
      for (std::size_t i = p.offset; i < p.offset + p.size(); ++i) {
        if (p.name.starts_with("weight_hh")) {
          CHECK(two[i] - zero[i] == Approx(2 * (one[i] - zero[i])).epsilon(1e-6).margin(1e-12));
        } else {
          CHECK(one[i] == zero[i]);
        }
      }
    }
  }
}
