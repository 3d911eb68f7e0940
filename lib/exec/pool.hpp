#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include "exec/waiter.hpp"

namespace rnnlab {

/// Flush denormals to zero and treat them as zero, in the calling thread. Every thread of a run
/// does it, so that no result depends on which one did the work.
void flush_denormals();
bool denormals_are_flushed();

/// The only threads inside a run: `size()` of them, the caller being number 0. Work items are taken
/// by whoever is free, so nothing may depend on which thread runs an item.
class Pool {
 public:
  explicit Pool(int threads);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  int size() const { return static_cast<int>(workers_.size()) + 1; }

  /// Calls f(item, thread) for every item in [0, items); returns when all are done. f must not
  /// throw. Allocates nothing. Not to be called from inside f.
  template <class F>
  void run(int items, F&& f) {
    if (workers_.empty() || items <= 1) {
      for (int i = 0; i < items; ++i) f(i, 0);
      return;
    }
    context_ = &f;
    call_ = [](void* context, int item, int thread) {
      (*static_cast<std::remove_reference_t<F>*>(context))(item, thread);
    };
    start(items);
  }

 private:
  void start(int items);
  void work(int thread);

  void* context_ = nullptr;
  void (*call_)(void*, int, int) = nullptr;
  int items_ = 0;
  std::atomic<int> next_{0};
  std::atomic<int> busy_{0};
  std::atomic<std::uint32_t> round_{0};
  bool ending_ = false;
  Waiter waiter_;  // of the caller
  std::vector<std::jthread> workers_;
};

}  // namespace rnnlab
