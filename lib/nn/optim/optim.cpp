#include "nn/optim/optim.hpp"

#include "base/check.hpp"
#include "nn/optim/adam.hpp"
#include "nn/optim/rmsprop.hpp"
#include "nn/optim/sgd.hpp"

namespace rnnlab {

const std::vector<Listing>& optimizer_list() {
  static const std::vector<Listing> list{
      {"sgd", "v = momentum v + g, theta -= lr v (Polyak 1964)"},
      {"rmsprop", "theta -= lr g / root of a running mean square (Tieleman and Hinton 2012)"},
      {"adam", "both moments, bias-corrected (Kingma and Ba 2015)"},
      {"adamw", "adam with decoupled weight decay (Loshchilov and Hutter 2019)"},
  };
  return list;
}

template <class S>
Optimizer<S>::Optimizer(const OptimizerOptions& o)
    : base_lr_(o.lr),
      weight_decay_(o.weight_decay),
      decays_(o.weight_decay > 0),
      decoupled_(o.name == "adamw") {}

template <class S>
void Optimizer<S>::begin(std::int64_t step, double factor) {
  const double lr = factor * base_lr_;
  decay_ = static_cast<S>(decoupled_ ? 1.0 - lr * weight_decay_ : weight_decay_);
  prepare(step, lr);
}

template <class S>
void Optimizer<S>::update(S* theta, S* gradient, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; decays_ && decoupled_ && i < end; ++i) theta[i] *= decay_;
  for (std::size_t i = begin; decays_ && !decoupled_ && i < end; ++i)
    gradient[i] += decay_ * theta[i];
  move(theta, gradient, begin, end);
}

template class Optimizer<float>;
template class Optimizer<double>;

template <class S>
std::unique_ptr<Optimizer<S>> make_optimizer(const OptimizerOptions& o, std::size_t parameters) {
  if (o.name == "sgd") return std::make_unique<Sgd<S>>(o, parameters);
  if (o.name == "rmsprop") return std::make_unique<RmsProp<S>>(o, parameters);
  if (o.name != "adamw") RNNLAB_CHECK_EQ(o.name, "adam");
  return std::make_unique<Adam<S>>(o, parameters);
}

template std::unique_ptr<Optimizer<float>> make_optimizer(const OptimizerOptions&, std::size_t);
template std::unique_ptr<Optimizer<double>> make_optimizer(const OptimizerOptions&, std::size_t);

}  // namespace rnnlab
