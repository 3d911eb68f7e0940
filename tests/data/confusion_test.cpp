#include "data/confusion.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "base/rng.hpp"

using namespace rnnlab;

namespace {

/// F1 of a class from its definition: precision and recall, counted text by text.
double f1_of(int c, const std::vector<int>& truth, const std::vector<int>& predicted) {
  double both = 0, said = 0, were = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    both += truth[i] == c && predicted[i] == c;
    said += predicted[i] == c;
    were += truth[i] == c;
  }
  const double precision = said == 0 ? 0 : both / said, recall = were == 0 ? 0 : both / were;
  return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
}

}  // namespace

TEST_CASE("confusion: accuracy and F1 from their definitions", "[data][confusion]") {
  for (std::uint64_t i = 0; i < 300; ++i) {
    Rng rng({7, Stream::test}, i);
    const int classes = 2 + static_cast<int>(rng.below(5));
    const auto one = [&] {
      return static_cast<int>(rng.below(static_cast<std::uint32_t>(classes)));
    };
    std::vector<int> truth(1 + rng.below(30)), predicted(truth.size());
    std::generate(truth.begin(), truth.end(), one);
    std::generate(predicted.begin(), predicted.end(), one);
    Confusion seen(classes);
    double right = 0;
    for (std::size_t n = 0; n < truth.size(); ++n) {
      seen.add(truth[n], predicted[n]);
      right += truth[n] == predicted[n];
    }
    CHECK(seen.accuracy() == Approx(right / static_cast<double>(truth.size())));
    std::set<int> there(truth.begin(), truth.end());
    there.insert(predicted.begin(), predicted.end());
    double sum = 0;
    for (const int c : there) sum += f1_of(c, truth, predicted);
    for (int c = 0; c < classes; ++c) CHECK(seen.f1(c) == Approx(f1_of(c, truth, predicted)));
    CHECK(seen.macro_f1() == Approx(sum / static_cast<double>(there.size())));
  }
  CHECK(std::isnan(Confusion(3).accuracy()));
  CHECK(std::isnan(Confusion(3).macro_f1()));
}

TEST_CASE("confusion: the scorer counts what has a weight", "[data][confusion]") {
  const Facts facts{.inputs = 1,
                    .outputs = 2,
                    .length = 3,
                    .loss = LossKind::cross_entropy,
                    .readout = Readout::every};
  Batch batch;
  batch.reset(facts, 2);
  batch.label = {1, 0, 1, 1, 0, 0};
  batch.weight = {1, 1, 1, 0.5, 1, 0};
  //                                  1        1        0        1        1        –
  const std::vector<float> logits{-1, 2, /**/ 0, 1, /**/ 3, 1, /**/ 0, 4, /**/ 0, 1, /**/ 9, 0};
  const auto scorer = class_scorer(2);
  const std::vector<std::uint64_t> ids{0, 1};
  scorer->add(batch, ids, logits);
  CHECK(class_metrics(2).size() == 2);
  CHECK(class_metrics(2)[0].name == "f1");
  CHECK(class_metrics(3).size() == 1);
  // Class 1: two right, two said too often, one missed. Class 0: none right.
  const std::vector<double> values = scorer->values();
  REQUIRE(values.size() == 2);
  CHECK(values[0] == Approx(4.0 / 7));
  CHECK(values[1] == Approx(2.0 / 7));
}
