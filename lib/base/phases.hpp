#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace rnnlab {

/// What a training step does, in parts whose times add up to it. `input_product` is b + W_ih x,
/// `recurrent_product` W_hh h, `pointwise` the cells' rules forwards; `loss` holds the head too.
/// `backward` is everything from ∂L/∂ŷ to the gradients by the states and their trace,
/// `weight_gradients` the products that end in ∂L/∂W. `reduction` adds the shards and measures the
/// gradient; `optimizer` clips, moves θ and packs it.
enum class Phase : std::uint8_t {
  draw,
  input_product,
  recurrent_product,
  pointwise,
  loss,
  backward,
  weight_gradients,
  reduction,
  optimizer,
  record
};
inline constexpr std::array<const char*, 10> phase_names{
    "draw",     "input product",    "recurrent product", "pointwise", "loss",
    "backward", "weight gradients", "reduction",         "optimizer", "record"};
inline constexpr std::size_t phase_count = phase_names.size();

/// An amount of time per phase, in any unit.
using PhaseTimes = std::array<double, phase_count>;

/// Time by phase in one thread: every moment between start() and stop() belongs to the phase that
/// was entered last.
class PhaseClock {
 public:
  void start(Phase phase) {
    now_in_ = phase;
    mark_ = ticks();
  }
  void enter(Phase phase) {
    add();
    now_in_ = phase;
  }
  void stop() { add(); }
  /// Ticks per phase since the last call; what a tick is, the machine decides.
  PhaseTimes take() { return std::exchange(times_, {}); }

 private:
  static std::uint64_t ticks() {
#if defined(__x86_64__)
    return __builtin_ia32_rdtsc();  // a third of what asking the system's clock costs
#else
    return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
#endif
  }
  void add() {
    const std::uint64_t t = ticks();
    times_[static_cast<std::size_t>(now_in_)] += static_cast<double>(t - mark_);
    mark_ = t;
  }

  std::uint64_t mark_ = 0;
  Phase now_in_ = Phase::draw;
  PhaseTimes times_{};
};

/// The clock that runs in this thread; null where nobody asks for phases.
inline thread_local PhaseClock* phase_clock = nullptr;

inline void enter_phase(Phase phase) {
  if (phase_clock) [[unlikely]]
    phase_clock->enter(phase);
}

inline double seconds_since(std::chrono::steady_clock::time_point begun) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

/// Adds the seconds that it lives to one phase; does nothing without `times`.
class PhaseTimer {
 public:
  PhaseTimer(PhaseTimes* times, Phase phase) : times_(times), phase_(phase) {
    if (times_) begun_ = std::chrono::steady_clock::now();
  }
  ~PhaseTimer() {
    if (times_) (*times_)[static_cast<std::size_t>(phase_)] += seconds_since(begun_);
  }
  PhaseTimer(const PhaseTimer&) = delete;
  PhaseTimer& operator=(const PhaseTimer&) = delete;

 private:
  PhaseTimes* times_;
  Phase phase_;
  std::chrono::steady_clock::time_point begun_;
};

}  // namespace rnnlab
