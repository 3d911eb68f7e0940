#include <Eigen/Core>
#include <catch2/catch.hpp>

#include "nn/cores.hpp"
#include "nn/models/members.hpp"
#include "nn/models/model_run.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

const std::vector<int> lengths{20, 1, 16, 17, 7};

Facts facts_of(bool symbols) {
  return {.inputs = 11,
          .symbols = symbols,
          .outputs = 11,
          .length = 20,
          .loss = LossKind::cross_entropy,
          .readout = Readout::every};
}

/// The same examples with symbols and with one-hot columns.
std::pair<Batch, Batch> twins() {
  Facts facts = facts_of(false);
  Batch dense = ragged_batch(facts, lengths), symbols = dense;
  std::fill(dense.x.begin(), dense.x.end(), 0.0f);
  symbols.x.clear();
  symbols.symbol.assign(symbols.weight.size(), 0);
  Rng rng({8, Stream::test}, 0);
  for (std::size_t p = 0; p < symbols.symbol.size(); ++p) {
    if (static_cast<int>(p / lengths.size()) >= lengths[p % lengths.size()]) continue;
    symbols.symbol[p] = static_cast<std::int32_t>(rng.below(11));
    dense.x[p * 11 + static_cast<std::size_t>(symbols.symbol[p])] = 1.0f;
  }
  return {symbols, dense};
}

Matrix read(const std::vector<double>& from, const ParamLayout& layout, const std::string& name) {
  for (const Parameter& p : layout) {
    if (p.name == name) return Eigen::Map<const Matrix>(from.data() + p.offset, p.rows, p.columns);
  }
  throw std::logic_error(name);
}

double error(const Matrix& ours, const Matrix& right) {
  return (ours - right).norm() / std::max(right.norm(), 1e-8);
}

}  // namespace

TEST_CASE("a symbol is the one-hot column that it stands for", "[nn][models]") {
  for (const Core& core : all_cores()) {
    ModelOptions options;
    options.hidden = 21;
    core.set(options);
    options.layers = 2;
    const auto [symbols, dense] = twins();
    ModelRun<double> ours(options, facts_of(true), 5), right(options, facts_of(false), 5);
    const auto theta = random_parameters(options, facts_of(false));
    ours.set(theta);
    right.set(theta);
    CAPTURE(core.name());
    CHECK(ours.train(symbols).loss == Approx(right.train(dense).loss).epsilon(1e-13));
    const auto a = ours.gradient(), b = right.gradient();
    CHECK(error(Eigen::Map<const Matrix>(a.data(), 1, static_cast<int>(a.size())),
                Eigen::Map<const Matrix>(b.data(), 1, static_cast<int>(b.size()))) < 1e-13);
  }
}

TEST_CASE("a symbol is that column in every direction and wiring, and in a window",
          "[nn][models]") {
  const auto [symbols, dense] = twins();
  std::vector<Member> members = wirings(9);
  for (Member& member : presets(9)) members.push_back(std::move(member));
  for (const Member& member : members) {
    if (reads_images(member.options)) continue;
    CAPTURE(member.name);
    ModelRun<double> ours(member.options, facts_of(true), 5),
        right(member.options, facts_of(false), 5);
    const auto theta = random_parameters(member.options, facts_of(false));
    ours.set(theta);
    right.set(theta);
    CHECK(ours.train(symbols).loss == Approx(right.train(dense).loss).epsilon(1e-12));
    CHECK(relative_error(right.model->parameters(), ours.gradient(), right.gradient()) < 1e-10);
  }
}

TEST_CASE("a tied output is one whose matrix is the embedding, and both send it their gradient",
          "[nn][models]") {
  ModelOptions tied;
  tied.hidden = tied.embedding = 6;
  tied.tied = true;
  ModelOptions apart = tied;
  apart.tied = false;
  const Batch batch = twins().first;
  ModelRun<double> ours(tied, facts_of(true), 5), right(apart, facts_of(true), 5);
  const ParamLayout &layout = ours.model->parameters(), &plain = right.model->parameters();
  CHECK(layout.size() + 11 * 6 == plain.size());
  const auto theta = random_parameters(tied, facts_of(true));
  std::vector<double> separate(plain.size());
  for (const Parameter& p : plain) {
    for (const Parameter& q : layout) {
      if (q.name != (p.name == "output.weight" ? "embedding.weight" : p.name)) continue;
      std::copy_n(theta.begin() + static_cast<std::ptrdiff_t>(q.offset), q.size(),
                  separate.begin() + static_cast<std::ptrdiff_t>(p.offset));
    }
  }
  ours.set(theta);
  right.set(separate);
  CHECK(ours.train(batch).loss == Approx(right.train(batch).loss).epsilon(1e-13));
  const auto a = ours.gradient(), b = right.gradient();
  CHECK(error(read(a, layout, "embedding.weight"),
              read(b, plain, "embedding.weight") + read(b, plain, "output.weight")) < 1e-12);
  CHECK(error(read(a, layout, "weight_ih_l0"), read(b, plain, "weight_ih_l0")) < 1e-12);

  tied.hidden = 7;
  CHECK_THROWS_WITH(make_model<float>(tied, facts_of(true)),
                    Catch::Contains("model.tied") && Catch::Contains("model.embedding = 7"));
}

// W_ih E^T of a model with an embedding is W_ih of one without. So with D = ∂L/∂(W_ih E^T):
// ∂L/∂E = D^T W_ih and ∂L/∂W_ih = D E.
TEST_CASE("an embedding is a factor of the first layer's input matrix", "[nn][models]") {
  ModelOptions with;
  with.cell = GENERATE("elman", "lstm", "gru");
  with.hidden = 21;
  with.embedding = 6;
  with.layers = GENERATE(1, 2);
  ModelOptions without = with;
  without.embedding = 0;
  const Batch batch = twins().first;
  ModelRun<double> ours(with, facts_of(true), 5), right(without, facts_of(true), 5);
  const auto theta = random_parameters(with, facts_of(true));
  ours.set(theta);
  const ParamLayout &layout = ours.model->parameters(), &plain = right.model->parameters();
  const Matrix E = read(theta, layout, "embedding.weight"), W = read(theta, layout, "weight_ih_l0");
  REQUIRE(E.rows() == 11);
  REQUIRE(E.cols() == 6);
  std::vector<double> merged(plain.size());
  for (const Parameter& p : plain) {
    const Matrix m = p.name == "weight_ih_l0" ? Matrix(W * E.transpose())
                     : p.columns == 0         ? Matrix()
                                              : read(theta, layout, p.name);
    if (p.columns > 0) {
      std::copy_n(m.data(), p.size(), merged.begin() + static_cast<std::ptrdiff_t>(p.offset));
      continue;
    }
    for (const Parameter& q : layout) {
      if (q.name != p.name) continue;
      std::copy_n(theta.begin() + static_cast<std::ptrdiff_t>(q.offset), q.size(),
                  merged.begin() + static_cast<std::ptrdiff_t>(p.offset));
    }
  }
  right.set(merged);
  CHECK(ours.train(batch).loss == Approx(right.train(batch).loss).epsilon(1e-13));
  const auto a = ours.gradient(), b = right.gradient();
  const Matrix D = read(b, plain, "weight_ih_l0");
  CHECK(error(read(a, layout, "embedding.weight"), D.transpose() * W) < 1e-12);
  CHECK(error(read(a, layout, "weight_ih_l0"), D * E) < 1e-12);
  CHECK(error(read(a, layout, "weight_hh_l0"), read(b, plain, "weight_hh_l0")) < 1e-12);
  CHECK(error(read(a, layout, "output.weight"), read(b, plain, "output.weight")) < 1e-12);
}

TEST_CASE("numbers cannot be looked up in an embedding", "[nn][models]") {
  ModelOptions options;
  options.embedding = 3;
  CHECK_THROWS_WITH(make_model<float>(options, facts_of(false)),
                    Catch::Contains("model.embedding"));
}
