#pragma once

#include <sstream>
#include <stdexcept>

namespace rnnlab::detail {

template <class A, class B>
[[noreturn, gnu::cold]] void check_failed(const char* file, int line, const char* text, const A& a,
                                          const B& b) {
  std::ostringstream message;
  message << file << ":" << line << ": CHECK failed: " << text << " (" << a << " against " << b
          << ")";
  throw std::logic_error(message.str());
}

}  // namespace rnnlab::detail

/// The programmer's mistakes: prints both operands. On in every build, so never inside a time loop.
#define RNNLAB_CHECK_OP(a, op, b)                                                      \
  do {                                                                                 \
    if (!((a)op(b)))                                                                   \
      ::rnnlab::detail::check_failed(__FILE__, __LINE__, #a " " #op " " #b, (a), (b)); \
  } while (false)
#define RNNLAB_CHECK_EQ(a, b) RNNLAB_CHECK_OP(a, ==, b)
#define RNNLAB_CHECK_LE(a, b) RNNLAB_CHECK_OP(a, <=, b)
#define RNNLAB_CHECK_LT(a, b) RNNLAB_CHECK_OP(a, <, b)
