#include "corpora/download.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <curl/curl.h>
#include <memory>
#include <new>
#include <unistd.h>

#include "base/error.hpp"

namespace rnnlab {
namespace {

constexpr long connect_seconds = 20;
constexpr long silent_seconds = 60;  // without a byte: given up

struct State {
  int file;
  std::int64_t from, most;
  const std::function<bool(std::int64_t)>& watch;
  std::int64_t got = 0;
  int error = 0;
  bool too_long = false, stopped = false;
};

std::size_t write_piece(char* bytes, std::size_t, std::size_t size, void* user) {
  State& state = *static_cast<State*>(user);
  state.too_long = state.from + state.got + static_cast<std::int64_t>(size) > state.most;
  if (state.too_long) return 0;
  for (std::size_t done = 0; done < size;) {
    const ssize_t written = ::write(state.file, bytes + done, size - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      state.error = errno;
      return 0;
    }
    done += static_cast<std::size_t>(written);
    state.got += written;
  }
  return size;
}

int tell(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  State& state = *static_cast<State*>(user);
  state.stopped = !state.watch(state.from + state.got);
  return state.stopped ? 1 : 0;
}

Transfer::End end_of(CURLcode code, const State& state) {
  if (state.stopped) return Transfer::End::stopped;
  if (state.too_long) return Transfer::End::too_long;
  switch (code) {
    case CURLE_OK: return Transfer::End::complete;
    case CURLE_RANGE_ERROR:
    case CURLE_BAD_DOWNLOAD_RESUME:
    case CURLE_FILE_COULDNT_READ_FILE:
      return state.from > 0 ? Transfer::End::not_resumable : Transfer::End::refused;
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_OPERATION_TIMEDOUT: return Transfer::End::broken;
    default: return state.got > 0 ? Transfer::End::broken : Transfer::End::refused;
  }
}

}  // namespace

Transfer download(const std::string& url, int file, const std::string& where, std::int64_t from,
                  std::int64_t most, const std::function<bool(std::int64_t)>& watch) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
  if (ready != CURLE_OK || !curl) throw std::bad_alloc();
  State state{file, from, most, watch};
  std::array<char, CURL_ERROR_SIZE> message{};
  const auto set = [&](CURLoption option, auto value) {
    curl_easy_setopt(curl.get(), option, value);
  };
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https,file");
  set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 1L);
  set(CURLOPT_MAXREDIRS, 10L);
  set(CURLOPT_FAILONERROR, 1L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_USERAGENT, "rnnlab");
  set(CURLOPT_CONNECTTIMEOUT, connect_seconds);
  set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(CURLOPT_LOW_SPEED_TIME, silent_seconds);
  set(CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(from));
  set(CURLOPT_ERRORBUFFER, message.data());
  set(CURLOPT_WRITEFUNCTION, &write_piece);
  set(CURLOPT_WRITEDATA, static_cast<void*>(&state));
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, &tell);
  set(CURLOPT_XFERINFODATA, static_cast<void*>(&state));
  const CURLcode code = curl_easy_perform(curl.get());
  if (state.error != 0) {
    throw Error(Exit::write, std::string("cannot write: ") + std::strerror(state.error), where,
                "check the free space; what has come so far is kept");
  }
  const Transfer::End end = end_of(code, state);
  if (end == Transfer::End::complete) return {end, ""};
  if (end == Transfer::End::too_long) return {end, "longer than it should be"};
  return {end, message[0] ? message.data() : curl_easy_strerror(code)};
}

}  // namespace rnnlab
