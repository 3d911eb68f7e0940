#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>

namespace rnnlab {

/// Zeroed memory on 64-byte boundaries, in huge pages where the system gives them, sized once. A
/// large one is zeroed by the system, page by page as it is first touched, and what is never
/// touched takes no memory. Nothing is allocated inside a training step.
template <class S>
class Slab {
 public:
  Slab() = default;
  explicit Slab(std::size_t count);

  S* data() const { return p_.get(); }
  std::size_t size() const { return count_; }
  S& operator[](std::size_t i) const { return p_.get()[i]; }

 private:
  struct Free {
    void* block = nullptr;
    void operator()(S*) const { std::free(block); }
  };
  std::unique_ptr<S, Free> p_;
  std::size_t count_ = 0;
};

/// Hands out consecutive aligned pieces of a block. With a null base it only counts: the dry run
/// that tells how large the block must be. A layer carves the same pieces, in the same order, in
/// forward and in backward, and so needs no state between the two.
template <class S>
class Carver {
 public:
  explicit Carver(S* base) : base_(base) {}

  S* take(std::size_t count) {
    constexpr std::size_t step = 64 / sizeof(S);
    S* piece = base_ ? base_ + used_ : nullptr;
    used_ += (count + step - 1) / step * step;
    return piece;
  }
  std::size_t used() const { return used_; }

 private:
  S* base_;
  std::size_t used_ = 0;
};

/// Room for `count` objects of another type among the S.
template <class T, class S>
T* take_objects(Carver<S>& carver, std::size_t count) {
  static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= 64);
  return reinterpret_cast<T*>(carver.take((count * sizeof(T) + sizeof(S) - 1) / sizeof(S)));
}

template <class S>
int* take_ints(Carver<S>& carver, std::size_t count) {
  return take_objects<int>(carver, count);
}

/// How large a block must be from which `carve(carver)` takes its pieces.
template <class S, class F>
std::size_t room_for(F&& carve) {
  Carver<S> carver(nullptr);
  carve(carver);
  return carver.used();
}

void advise_huge_pages(void* p, std::size_t bytes);

template <class S>
Slab<S>::Slab(std::size_t count) : count_(count) {
  static_assert(std::is_trivially_copyable_v<S> && std::is_arithmetic_v<S>);
  constexpr std::uintptr_t alignment = 64;
  if (count > (SIZE_MAX - alignment) / sizeof(S)) throw std::bad_alloc();
  void* const block = std::calloc(count * sizeof(S) + alignment, 1);
  if (!block) throw std::bad_alloc();
  const auto p = (reinterpret_cast<std::uintptr_t>(block) + alignment - 1) / alignment * alignment;
  p_ = {reinterpret_cast<S*>(p), Free{block}};
  advise_huge_pages(p_.get(), count * sizeof(S));
}

}  // namespace rnnlab
