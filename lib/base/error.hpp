#pragma once

#include <stdexcept>
#include <string>

namespace rnnlab {

/// How a command ends; the numbers are public and do not change.
enum class Exit : int {
  done = 0,
  check_failed = 1,  // gradcheck above its bar; a claim that differs
  usage = 2,         // command line or configuration
  diverged = 3,      // non-finite loss: recorded, not lost
  data = 4,          // bad, missing or too short input data
  write = 5,         // disk full, I/O error
  bug = 70,
  interrupted = 75,  // stopped by a signal; can be run again
};

/// A mistake of the user's or of the machine's, told in one line:
/// `rnnlab: error: WHAT (WHERE); TRY`. Thrown outside the training step only.
class Error : public std::runtime_error {
 public:
  /// `what` is the fact, `where` a file:line or a key (may be empty), `next` the next thing to try.
  Error(Exit code, const std::string& what, const std::string& where, const std::string& next)
      : std::runtime_error(what + (where.empty() ? "" : " (" + where + ")") + "; " + next),
        code_(code) {}

  Exit code() const { return code_; }

 private:
  Exit code_;
};

}  // namespace rnnlab
