#pragma once

#include <csignal>
#include <stdexcept>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "files.hpp"
#include "places.hpp"

namespace rnnlab::test {

/// server.py, serving a folder for as long as this lives.
class Server {
 public:
  Server(const std::string& folder, const std::string& log) : log_(log) {
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("cannot make a pipe");
    pid_ = fork();
    if (pid_ < 0) throw std::runtime_error("cannot fork");
    if (pid_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      const std::string script = checkout + "/tests/corpora/server.py";
      dup2(ends[1], STDOUT_FILENO);
      close(ends[0]);
      close(ends[1]);
      execl("/usr/bin/python3", "python3", script.c_str(), folder.c_str(), log.c_str(), nullptr);
      _exit(99);
    }
    close(ends[1]);
    for (char c = 0; read(ends[0], &c, 1) == 1 && c != '\n';) port_ += c;
    close(ends[0]);
    if (port_.empty()) throw std::runtime_error("the server did not start");
  }
  ~Server() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::string url(const std::string& mode) const {
    return "http://127.0.0.1:" + port_ + "/" + mode;
  }
  /// Its requests so far, a line each: MODE FILE RANGE.
  std::string log() const { return text_of(log_); }

 private:
  std::string log_, port_;
  pid_t pid_;
};

}  // namespace rnnlab::test
