#include <algorithm>
#include <cmath>

#include "train/stepper.hpp"

namespace rnnlab {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// The layers of a model come in the order in which forward passes them.
bool is_before(const NonFinite& a, const NonFinite& b, const std::vector<std::string>& order) {
  const auto rank = [&](const NonFinite& place) {
    const auto found = std::find(order.begin(), order.end(), place.of);
    return std::pair(found - order.begin(), place.time);
  };
  return rank(a) < rank(b);
}

}  // namespace

template <class S>
std::optional<NonFinite> Stepper<S>::nonfinite_in(const char* tensor, const S* values) const {
  for (const Parameter& p : model_->parameters()) {
    const S* const end = values + p.offset + p.size();
    const S* const found =
        std::find_if_not(values + p.offset, end, [](S value) { return std::isfinite(value); });
    if (found != end) return NonFinite{tensor, p.name, -1, -1, static_cast<double>(*found)};
  }
  return std::nullopt;
}

/// Forwards and through the loss.
template <class S>
std::optional<NonFinite> Stepper<S>::nonfinite_pass(std::int64_t step) {
  Worker& w = workers_.front();
  std::vector<std::string> order{""};
  for (std::string& layer : model_->layers()) order.push_back(std::move(layer));

  const std::vector<S> begun(state_.data(), state_.data() + state_.size());
  std::optional<NonFinite> first, loss;
  const auto take = [&](std::optional<NonFinite> place, const Shard& shard, auto& best) {
    if (!place) return;
    if (place->example >= 0) place->example += shard.first;
    if (!best || is_before(*place, *best, order)) best = std::move(place);
  };
  for (std::size_t s = 0; s < shards_.size(); ++s) {
    const Shard& shard = shards_[s];
    draw(step, shard, w);
    model_->predict(packed_.data(), w.batch, w.frame.data(), carried(shard, w));
    take(model_->nonfinite_forward(w.batch, w.frame.data()), shard, first);
    std::copy(begun.begin(), begun.end(), state_.data());
    sums_[s] = run_shard(step, shard, slabs_.data() + s * slab_stride_, w, {.states = true});
    if (!std::isfinite(sums_[s].loss)) take(NonFinite{"loss", "", -1, -1, nan}, shard, loss);
    take(model_->nonfinite_at_loss(w.batch, w.frame.data()), shard, loss);
    std::copy(begun.begin(), begun.end(), state_.data());
  }
  return first ? first : loss;
}

/// In what run_shard() has traced: from the top layer down, each from its last step back.
template <class S>
std::optional<NonFinite> Stepper<S>::nonfinite_adjoint() const {
  constexpr int shown = 5;
  const auto at = [&](const std::vector<double>& norms, int t, int b) {
    return norms[static_cast<std::size_t>(t) * static_cast<std::size_t>(B_) +
                 static_cast<std::size_t>(b)];
  };
  const auto find = [&](const char* tensor, std::size_t l, const std::vector<double>& norms,
                        int t) -> std::optional<NonFinite> {
    const std::vector<int>& length = lengths_of(model_->traced()[l]);
    for (int b = 0; b < B_ && !norms.empty(); ++b) {
      const int steps = length[static_cast<std::size_t>(b)];
      if (t >= steps || std::isfinite(at(norms, t, b))) continue;
      NonFinite place{tensor, model_->traced()[l].name, t, b, at(norms, t, b)};
      for (int later = std::min(t + shown, steps - 1); later > t; --later)
        place.before.push_back(at(norms, later, b));
      return place;
    }
    return std::nullopt;
  };
  for (std::size_t l = memory_.size(); l-- > 0;) {
    for (int t = steps_of(model_->traced()[l]) - 1; t >= 0; --t) {
      if (auto place = find("dL/dh", l, memory_[l].hidden, t)) return place;
      if (auto place = find("dL/dc", l, memory_[l].cell, t)) return place;
    }
  }
  return std::nullopt;
}

template <class S>
std::optional<NonFinite> Stepper<S>::first_nonfinite(std::int64_t step) {
  if (auto place = nonfinite_parameter()) return place;
  const auto entries = static_cast<std::size_t>(model_->state_size());
  for (std::size_t i = 0; i < state_.size(); ++i) {
    const double value = static_cast<double>(state_.data()[i]);
    if (!std::isfinite(value))
      return NonFinite{"carried state", "", -1, static_cast<int>(i / entries), value};
  }
  reserve({.states = true});
  if (auto place = nonfinite_pass(step)) return place;
  if (auto place = nonfinite_adjoint()) return place;
  if (auto place = nonfinite_in("gradient", gradient_.data())) return place;
  if (!std::isfinite(grad_norm_)) return NonFinite{"norm of the gradient", "", -1, -1, grad_norm_};
  return std::nullopt;
}

template <class S>
std::optional<NonFinite> Stepper<S>::nonfinite_parameter() const {
  return nonfinite_in("value", theta_.data());
}

template std::optional<NonFinite> Stepper<float>::nonfinite_parameter() const;
template std::optional<NonFinite> Stepper<double>::nonfinite_parameter() const;
template std::optional<NonFinite> Stepper<float>::first_nonfinite(std::int64_t);
template std::optional<NonFinite> Stepper<double>::first_nonfinite(std::int64_t);

}  // namespace rnnlab
