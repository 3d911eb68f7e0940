#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>

namespace rnnlab {

/// Zeroed memory on 64-byte boundaries, in huge pages where the system gives them, sized once.
/// Nothing is allocated inside a training step.
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
    void operator()(S* p) const { ::operator delete (p, std::align_val_t{alignment}); }
  };
  static constexpr std::size_t alignment = 64;
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

void advise_huge_pages(void* p, std::size_t bytes);

template <class S>
Slab<S>::Slab(std::size_t count)
    : p_(static_cast<S*>(
          ::operator new (count * sizeof(S) + (count == 0), std::align_val_t{alignment}))),
      count_(count) {
  static_assert(std::is_trivially_copyable_v<S>);
  advise_huge_pages(p_.get(), count * sizeof(S));
  for (std::size_t i = 0; i < count; ++i) p_.get()[i] = S{};
}

}  // namespace rnnlab
