#pragma once

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace rnnlab::test {

/// Denormals as IEEE 754 has them in the calling thread, until the end of the scope: a Pool made by
/// an earlier test has left them flushed.
class GradualUnderflow {
#if defined(__SSE2__)
 public:
  GradualUnderflow() : before_(_mm_getcsr()) { _mm_setcsr(before_ & ~0x8040u); }
  ~GradualUnderflow() { _mm_setcsr(before_); }
  GradualUnderflow(const GradualUnderflow&) = delete;
  GradualUnderflow& operator=(const GradualUnderflow&) = delete;

 private:
  unsigned before_;
#endif
};

}  // namespace rnnlab::test
