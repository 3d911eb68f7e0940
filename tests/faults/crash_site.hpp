#pragma once

#include <csignal>
#include <cstring>
#include <dlfcn.h>
#include <execinfo.h>
#include <unistd.h>

namespace rnnlab::test {

/// The exit code of a process that crashed inside libhdf5, which is no fault of ours.
inline constexpr int crashed_in_hdf5 = 71;

/// Makes a crash inside libhdf5, or inside libc called from there, that exit code.
inline void tell_crashes_in_hdf5() {
  void* frame[1];
  ::backtrace(frame, 1);  // loads what it needs now, not in the handler
  const auto handler = [](int signal) {
    void* frames[16];
    const int count = ::backtrace(frames, 16);
    for (int i = 2; i < count; ++i) {  // behind this function and the kernel's return
      Dl_info about{};
      if (!::dladdr(frames[i], &about) || !about.dli_fname) break;
      if (std::strstr(about.dli_fname, "/libhdf5")) ::_exit(crashed_in_hdf5);
      if (!std::strstr(about.dli_fname, "/libc.so")) break;
    }
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  };
  for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE}) std::signal(signal, handler);
}

}  // namespace rnnlab::test
