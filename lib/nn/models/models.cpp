#include "nn/models/models.hpp"

#include <numeric>

#include "base/error.hpp"
#include "nn/model.hpp"
#include "nn/models/fitting.hpp"
#include "nn/models/seq2seq.hpp"
#include "nn/models/sequence.hpp"
#include "nn/models/transformer_seq2seq.hpp"

namespace rnnlab {
namespace {

template <class S>
std::unique_ptr<Model<S>> wired(const ModelOptions& options, const Facts& facts) {
  if (facts.readout != Readout::sequence) return make_sequence_model<S>(options, facts);
  return options.architecture == "transformer" ? make_transformer_seq2seq<S>(options, facts)
                                               : make_seq2seq_model<S>(options, facts);
}

}  // namespace

ModelOptions matched(ModelOptions options, const Facts& facts) {
  if (options.match_parameters == 0) return options;
  if (options.layers == 0)
    throw Error(Exit::usage, "a model without hidden layers has no width to choose",
                "model.match_parameters", "leave it 0, or give model.layers");
  const auto budget = static_cast<std::size_t>(std::exchange(options.match_parameters, 0));
  const std::int64_t unit = unit_of_width(options), most = widest / unit;
  const auto count = [&](std::int64_t units) {
    options.hidden = units * unit;
    return wired<float>(options, facts)->parameters().size();
  };
  std::int64_t below = 1, above = most + 1;  // count(below) ≤ budget < count(above)
  if (const std::size_t least = count(below); least > budget)
    throw Error(Exit::usage,
                "a width of " + std::to_string(unit) + " already makes " + std::to_string(least) +
                    " parameters, more than " + std::to_string(budget),
                "model.match_parameters", "give more, or fewer layers");
  while (above - below > 1) {
    const std::int64_t middle = std::midpoint(below, above);
    (count(middle) <= budget ? below : above) = middle;
  }
  const bool next = above <= most && count(above) - budget < budget - count(below);
  options.hidden = unit * (next ? above : below);
  return options;
}

template <class S>
std::unique_ptr<Model<S>> make_model(const ModelOptions& options, const Facts& facts) {
  return wired<S>(matched(options, facts), facts);
}

template std::unique_ptr<Model<float>> make_model(const ModelOptions&, const Facts&);
template std::unique_ptr<Model<double>> make_model(const ModelOptions&, const Facts&);

}  // namespace rnnlab
