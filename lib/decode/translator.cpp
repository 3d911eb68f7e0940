#include "decode/translator.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/error.hpp"

namespace rnnlab {
namespace {

Facts lengthened(Facts facts, int longest) {
  const int more = std::max(0, longest - facts.length);
  facts.length += more;
  facts.target_length += more;
  return facts;
}

const SourceDecoder<float>& decoder_of(const Model<float>& model) {
  RNNLAB_CHECK_EQ(model.decoder() != nullptr, true);
  return *model.decoder();
}

}  // namespace

Translator::Translator(const ModelOptions& options, const Facts& trained, int longest,
                       std::span<const double> parameters, const BeamOptions& beam)
    : facts_(lengthened(trained, longest)),
      length_(trained.length),
      target_length_(trained.target_length),
      model_(make_model<float>(options, facts_)),
      packed_(model_->packed_size()),
      search_(decoder_of(*model_), packed_.data(), beam) {
  if (parameters.size() != model_->parameters().size())  // positions that were not trained
    throw Error(Exit::usage, "the model has parameters for each step of a source",
                "model.positions", "give no more than " + std::to_string(length_) + " symbols");
  const std::vector<float> theta(parameters.begin(), parameters.end());
  model_->pack(theta.data(), packed_.data());
}

std::vector<Hypothesis> Translator::operator()(std::span<const std::int32_t> source) {
  RNNLAB_CHECK_LE(source.size(), static_cast<std::size_t>(facts_.length));
  Facts own = facts_;
  own.length = static_cast<int>(source.size());
  source_.reset(own, 1);
  std::copy(source.begin(), source.end(), source_.symbol.begin());
  return search_(source_, target_length_ + std::max(0, own.length - length_));
}

}  // namespace rnnlab
