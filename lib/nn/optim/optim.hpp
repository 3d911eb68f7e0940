#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/arena.hpp"
#include "base/listing.hpp"

namespace rnnlab {

/// What an optimizer is made from; the fields that it has no use for are ignored.
struct OptimizerOptions {
  std::string name = "adam";
  double lr = 1e-3;
  double momentum = 0;                 // sgd, rmsprop
  double beta1 = 0.9, beta2 = 0.999;   // adam
  double decay = 0.99;                 // rmsprop's α
  double epsilon = 1e-8;               // adam, rmsprop
  std::string epsilon_at = "outside";  // rmsprop: outside or inside the root, or none
  double accumulator = 0;              // rmsprop: start of the mean square
  bool centered = false;               // rmsprop: variance in place of the mean square
  double weight_decay = 0;             // λ
};

/// A rule that moves every parameter by its own gradient and history. Elementwise, so any split of
/// the range over threads gives the same bits.
///
/// Weight decay λ is coupled, g ← g + λ θ before the rule (an L2 penalty's gradient), but with
/// adamw decoupled, θ ← (1 − lr λ) θ before it (Loshchilov and Hutter 2019); both as PyTorch has
/// them.
template <class S>
class Optimizer {
 public:
  explicit Optimizer(const OptimizerOptions&);
  virtual ~Optimizer() = default;
  /// Before the updates of step `step` (0 is the first), at the rate `factor` lr.
  void begin(std::int64_t step, double factor = 1);
  /// Moves θ over [begin, end); the gradient there becomes what the rule was given.
  void update(S* theta, S* gradient, std::size_t begin, std::size_t end);
  /// All that it remembers from step to step, by the names of the equations, to be saved and put
  /// back.
  virtual std::vector<std::pair<std::string, std::span<S>>> memory() = 0;

 private:
  virtual void prepare(std::int64_t step, double lr) = 0;
  virtual void move(S* theta, const S* gradient, std::size_t begin, std::size_t end) = 0;

  double base_lr_, weight_decay_;
  S decay_ = 0;
  bool decays_, decoupled_;
};

template <class S>
std::unique_ptr<Optimizer<S>> make_optimizer(const OptimizerOptions&, std::size_t parameters);

/// THE list of optimizers.
const std::vector<Listing>& optimizer_list();

}  // namespace rnnlab
