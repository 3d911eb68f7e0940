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
  };
  return list;
}

template <class S>
std::unique_ptr<Optimizer<S>> make_optimizer(const OptimizerOptions& o, std::size_t parameters) {
  if (o.name == "sgd") return std::make_unique<Sgd<S>>(o, parameters);
  if (o.name == "rmsprop") return std::make_unique<RmsProp<S>>(o, parameters);
  RNNLAB_CHECK_EQ(o.name, "adam");
  return std::make_unique<Adam<S>>(o, parameters);
}

template std::unique_ptr<Optimizer<float>> make_optimizer(const OptimizerOptions&, std::size_t);
template std::unique_ptr<Optimizer<double>> make_optimizer(const OptimizerOptions&, std::size_t);

}  // namespace rnnlab
