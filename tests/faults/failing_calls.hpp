#pragma once

#include <string>

#include "faults/crash_site.hpp"
#include "faults/trial.hpp"

namespace rnnlab::test {

/// What failing_calls.cpp does to the programs that are started during().
class FailingCalls {
 public:
  FailingCalls(const Workplace& here, const std::string& folder, const std::string& kind, long at,
               int error, bool on)
      : count_(here.path("calls").string()),
        preload_("LD_PRELOAD", failing_calls),
        kind_("RNNLAB_FAIL_CALL", kind),
        at_("RNNLAB_FAIL_AT", std::to_string(at)),
        errno_("RNNLAB_FAIL_ERRNO", std::to_string(error)),
        on_("RNNLAB_FAIL_ON", on ? "1" : "0"),
        folder_("RNNLAB_FAIL_FOLDER", here.path(folder).string()),
        told_("RNNLAB_FAIL_COUNT", count_) {}

  /// How many such calls there were; -1 if the program did not end by exit().
  template <class Work>
  long during(Work work) const {
    std::filesystem::remove(count_);
    work();
    return std::filesystem::exists(count_) ? std::stol(text_of(count_)) : -1;
  }

 private:
  std::string count_;
  Environment preload_, kind_, at_, errno_, on_, folder_, told_;
};

}  // namespace rnnlab::test
