// Lets the n-th system call of a kind fail, of those on files below a folder. Laid over a program
// by LD_PRELOAD and told what to do by its environment:
//
//   RNNLAB_FAIL_CALL    write, sync, rename or open
//   RNNLAB_FAIL_AT      n, from 1; 0: none fails, they are only counted
//   RNNLAB_FAIL_ERRNO   the number of the error
//   RNNLAB_FAIL_ON      1: all later ones fail, too
//   RNNLAB_FAIL_FOLDER  absolute; of the files below it, or that file alone
//   RNNLAB_FAIL_COUNT   a file that gets how many there were, when the program ends by exit()
//
// A crash inside libhdf5 is exit code 71.

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "crash_site.hpp"

namespace {

std::atomic<long> calls{0};

const char* setting(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

bool is_below(const char* path) {
  const char* const folder = setting("RNNLAB_FAIL_FOLDER");
  const std::size_t length = std::strlen(folder);
  if (length == 0) return false;
  char absolute[8192];
  if (path[0] != '/') {
    if (!::getcwd(absolute, 4096)) return false;
    std::strcat(absolute, "/");
    std::strncat(absolute, path, 4000);
    path = absolute;
  }
  return std::strncmp(path, folder, length) == 0;
}

bool is_below(int file) {
  char link[64], path[4096];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t n = ::readlink(link, path, sizeof path - 1);
  if (n < 0) return false;
  path[n] = '\0';
  return is_below(path);
}

/// Whether this call of a kind is to fail; errno is set then.
template <class File>
bool fails(const char* kind, File file) {
  const int before = errno;
  if (std::strcmp(kind, setting("RNNLAB_FAIL_CALL")) != 0 || !is_below(file)) {
    errno = before;
    return false;
  }
  const long at = std::atol(setting("RNNLAB_FAIL_AT")), now = ++calls;
  const bool on = setting("RNNLAB_FAIL_ON")[0] == '1';
  const bool hit = at > 0 && (on ? now >= at : now == at);
  errno = hit ? std::atoi(setting("RNNLAB_FAIL_ERRNO")) : before;
  return hit;
}

template <class Function>
Function real(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

__attribute__((constructor)) void watch() { rnnlab::test::tell_crashes_in_hdf5(); }

__attribute__((destructor)) void tell() {
  const char* const file = setting("RNNLAB_FAIL_COUNT");
  if (!*file) return;
  char text[32];
  const int length = std::snprintf(text, sizeof text, "%ld\n", calls.load());
  const long out = ::syscall(SYS_open, file, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  ::syscall(SYS_write, out, text, length);
  ::syscall(SYS_close, out);
}

}  // namespace

extern "C" {

ssize_t write(int file, const void* data, size_t size) {
  static const auto call = real<ssize_t (*)(int, const void*, size_t)>("write");
  return fails("write", file) ? -1 : call(file, data, size);
}

ssize_t pwrite(int file, const void* data, size_t size, off_t at) {
  static const auto call = real<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite");
  return fails("write", file) ? -1 : call(file, data, size, at);
}

ssize_t pwrite64(int file, const void* data, size_t size, off64_t at) {
  static const auto call = real<ssize_t (*)(int, const void*, size_t, off64_t)>("pwrite64");
  return fails("write", file) ? -1 : call(file, data, size, at);
}

int ftruncate(int file, off_t size) {
  static const auto call = real<int (*)(int, off_t)>("ftruncate");
  return fails("write", file) ? -1 : call(file, size);
}

int ftruncate64(int file, off64_t size) {
  static const auto call = real<int (*)(int, off64_t)>("ftruncate64");
  return fails("write", file) ? -1 : call(file, size);
}

// What stdio writes it writes by calls that cannot be seen from here.
int fflush(FILE* stream) {
  static const auto call = real<int (*)(FILE*)>("fflush");
  return stream && fails("write", ::fileno(stream)) ? EOF : call(stream);
}

int fsync(int file) {
  static const auto call = real<int (*)(int)>("fsync");
  return fails("sync", file) ? -1 : call(file);
}

int fdatasync(int file) {
  static const auto call = real<int (*)(int)>("fdatasync");
  return fails("sync", file) ? -1 : call(file);
}

int rename(const char* from, const char* to) noexcept {
  static const auto call = real<int (*)(const char*, const char*)>("rename");
  return fails("rename", to) ? -1 : call(from, to);
}

int open(const char* path, int flags, ...) {
  static const auto call = real<int (*)(const char*, int, ...)>("open");
  va_list list;
  va_start(list, flags);
  const mode_t mode = flags & O_CREAT ? va_arg(list, mode_t) : 0;
  va_end(list);
  return fails("open", path) ? -1 : call(path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  static const auto call = real<int (*)(const char*, int, ...)>("open64");
  va_list list;
  va_start(list, flags);
  const mode_t mode = flags & O_CREAT ? va_arg(list, mode_t) : 0;
  va_end(list);
  return fails("open", path) ? -1 : call(path, flags, mode);
}

FILE* fopen(const char* path, const char* mode) {
  static const auto call = real<FILE* (*)(const char*, const char*)>("fopen");
  return fails("open", path) ? nullptr : call(path, mode);
}

FILE* fopen64(const char* path, const char* mode) {
  static const auto call = real<FILE* (*)(const char*, const char*)>("fopen64");
  return fails("open", path) ? nullptr : call(path, mode);
}

}  // extern "C"
