#include "decode/beam.hpp"

#include <algorithm>
#include <cmath>

#include "base/check.hpp"
#include "base/error.hpp"

namespace rnnlab {

double length_penalty(int steps, double alpha) { return std::pow((5.0 + steps) / 6.0, alpha); }

BeamSearch::BeamSearch(const SourceDecoder<float>& decoder, const float* packed,
                       const BeamOptions& options)
    : decoder_(decoder),
      packed_(packed),
      options_(options),
      states_(static_cast<std::size_t>(options.beam) * decoder.state_size()),
      reordered_(states_.size()),
      symbols_(static_cast<std::size_t>(options.beam)) {
  RNNLAB_CHECK_LE(1, options.beam);
}

std::vector<Hypothesis> BeamSearch::operator()(const Batch& source, int steps) {
  RNNLAB_CHECK_LE(1, steps);
  const std::size_t room = decoder_.frame_size(source.T, source.second.T, options_.beam);
  if (frame_.size() < room) frame_ = Slab<float>(room);
  nodes_.clear();
  done_.clear();
  alignments_.clear();
  rows_ = 0;
  live_.assign(1, -1);
  std::fill(symbols_.begin(), symbols_.end(), end_symbol);
  for (auto* states : {&states_, &reordered_}) std::fill(states->begin(), states->end(), 0.0f);
  decoder_.read(packed_, source, options_.beam, frame_.data(), states_.data());
  for (int step = 0; step < steps && !live_.empty() && !decided(steps); ++step) {
    lengthen(source);
    choose(steps);
  }
  std::vector<Hypothesis> found;
  for (const Done& done : done_) found.push_back(hypothesis(done, source.T));
  return found;
}

/// One step of all live hypotheses: everything that may come after them.
void BeamSearch::lengthen(const Batch& source) {
  const Seq<float> y =
      decoder_.step(packed_, source, options_.beam, symbols_.data(), states_.data(), frame_.data());
  candidates_.clear();
  for (std::size_t i = 0; i < live_.size(); ++i) {
    const int at = static_cast<int>(i);
    const double so_far =
        live_[i] < 0 ? 0.0 : nodes_[static_cast<std::size_t>(live_[i])].log_probability;
    add_candidates(at, so_far, {y.at(0, at), static_cast<std::size_t>(y.F)});
  }
  if (!options_.alignments) return;
  const Seq<const float> weights = decoder_.alignment(source, options_.beam, frame_.data());
  if (!weights.p) return;
  for (std::size_t i = 0; i < live_.size(); ++i) {
    const float* row = weights.at(0, static_cast<int>(i));
    alignments_.insert(alignments_.end(), row, row + source.T);
  }
}

void BeamSearch::add_candidates(int hypothesis, double log_probability,
                                std::span<const float> logits) {
  const double largest = static_cast<double>(*std::max_element(logits.begin(), logits.end()));
  double sum = 0;
  for (const float y : logits) sum += std::exp(static_cast<double>(y) - largest);
  if (!std::isfinite(sum)) {
    throw Error(Exit::diverged, "the model's predictions are not finite",
                "step " + std::to_string(nodes_.empty() ? 0 : nodes_.back().steps), "train again");
  }
  const double log_sum = std::log(sum);
  for (std::size_t s = 0; s < logits.size(); ++s) {
    const double own = static_cast<double>(logits[s]) - largest - log_sum;  // never above 0
    candidates_.push_back({hypothesis, static_cast<std::int32_t>(s), log_probability + own});
  }
}

/// The k likeliest candidates: done, or the live hypotheses of the next step with their states.
void BeamSearch::choose(int most_steps) {
  const auto kept = candidates_.begin() +
                    static_cast<std::ptrdiff_t>(std::min(symbols_.size(), candidates_.size()));
  std::partial_sort(
      candidates_.begin(), kept, candidates_.end(), [](const Candidate& a, const Candidate& b) {
        if (a.log_probability != b.log_probability) return a.log_probability > b.log_probability;
        return a.symbol != b.symbol ? a.symbol < b.symbol : a.hypothesis < b.hypothesis;
      });
  const std::vector<int> before = live_;
  const std::size_t entries = decoder_.state_size();
  live_.clear();
  for (auto c = candidates_.begin(); c != kept; ++c) {
    const auto from = static_cast<std::size_t>(c->hypothesis);
    const int parent = before[from];
    const int steps = parent < 0 ? 1 : nodes_[static_cast<std::size_t>(parent)].steps + 1;
    const int node = static_cast<int>(nodes_.size());
    nodes_.push_back({c->symbol, parent, rows_ + from, steps, c->log_probability});
    const bool ended = c->symbol == end_symbol;
    if (ended || steps == most_steps) {
      const double penalty = length_penalty(steps, options_.length_penalty);
      const Done done{node, c->log_probability / penalty, ended};
      const auto place =
          std::upper_bound(done_.begin(), done_.end(), done,
                           [](const Done& a, const Done& b) { return a.score > b.score; });
      done_.insert(place, done);
      continue;
    }
    const std::size_t to = live_.size();
    std::copy_n(states_.data() + from * entries, entries, reordered_.data() + to * entries);
    symbols_[to] = c->symbol;
    live_.push_back(node);
  }
  if (done_.size() > symbols_.size()) done_.resize(symbols_.size());
  states_.swap(reordered_);
  rows_ += before.size();
}

/// Whether no live hypothesis can come before those that are done: more steps only make it less
/// likely, and the penalty is largest at the last one.
bool BeamSearch::decided(int most_steps) const {
  if (done_.size() < symbols_.size()) return false;
  const Node& likeliest = nodes_[static_cast<std::size_t>(live_.front())];
  return likeliest.log_probability / length_penalty(most_steps, options_.length_penalty) <=
         done_.back().score;
}

Hypothesis BeamSearch::hypothesis(const Done& done, int T) const {
  const Node* node = &nodes_[static_cast<std::size_t>(done.node)];
  Hypothesis found{.symbols = {},
                   .ended = done.ended,
                   .log_probability = node->log_probability,
                   .score = done.score,
                   .alignment = {}};
  const auto width = static_cast<std::size_t>(T), steps = static_cast<std::size_t>(node->steps);
  found.symbols.resize(steps);
  found.alignment.resize(alignments_.empty() ? 0 : steps * width);
  for (std::size_t step = steps; step-- > 0;) {
    found.symbols[step] = node->symbol;
    if (!alignments_.empty()) {
      std::copy_n(alignments_.data() + node->row * width, width,
                  found.alignment.data() + step * width);
    }
    if (step > 0) node = &nodes_[static_cast<std::size_t>(node->before)];
  }
  if (done.ended) found.symbols.pop_back();
  return found;
}

}  // namespace rnnlab
