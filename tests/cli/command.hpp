#pragma once

#include <filesystem>
#include <signal.h>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "files.hpp"
#include "places.hpp"
#include "record/scratch.hpp"

namespace rnnlab::test {

/// What a command printed and how it ended.
struct Ended {
  int code = 0;  // minus the signal that ended it
  std::string out;
  std::string err;

  /// True for exactly one line on stderr, of the public form.
  bool one_line_error() const {
    return err.starts_with("rnnlab: error: ") && err.find('\n') == err.size() - 1 &&
           err.find("; ") != std::string::npos;
  }
};

/// The program, started in a folder of its own, with everything it prints kept.
class Started {
 public:
  Started(const std::filesystem::path& folder, const std::vector<std::string>& arguments)
      : out_(folder / ".out"), err_(folder / ".err"), pid_(fork()) {
    if (pid_ < 0) throw std::runtime_error("cannot fork");
    if (pid_ > 0) return;
    std::vector<char*> argv{const_cast<char*>(program.c_str())};
    for (const std::string& argument : arguments)
      argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    const bool ready = chdir(folder.c_str()) == 0 && freopen("/dev/null", "r", stdin) &&
                       freopen(out_.c_str(), "w", stdout) && freopen(err_.c_str(), "w", stderr);
    if (ready) execv(argv[0], argv.data());
    _exit(99);
  }
  ~Started() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  Started(const Started&) = delete;
  Started& operator=(const Started&) = delete;

  pid_t pid() const { return pid_; }
  void signal(int number) const { kill(pid_, number); }
  Ended wait() {
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = 0;
    const Ended ended{WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), text_of(out_),
                      text_of(err_)};
    std::filesystem::remove(out_);
    std::filesystem::remove(err_);
    return ended;
  }

 private:
  std::filesystem::path out_, err_;
  pid_t pid_;
};

/// A folder to call the program in.
class Workplace {
 public:
  std::filesystem::path path(const std::string& name) const { return scratch_.path(name); }
  bool has(const std::string& name) const { return std::filesystem::exists(path(name)); }
  bool empty() const { return std::filesystem::is_empty(path("")); }

  Ended call(const std::vector<std::string>& arguments) const {
    return Started(path(""), arguments).wait();
  }
  /// The words of a line, between spaces.
  Ended call(const std::string& line) const { return call(split_words(line)); }
  Started start(const std::string& line) const { return Started(path(""), split_words(line)); }

  static std::vector<std::string> split_words(const std::string& line) {
    std::vector<std::string> words{""};
    for (const char c : line) {
      if (c == ' ') {
        words.emplace_back();
      } else {
        words.back() += c;
      }
    }
    return words;
  }

 private:
  Scratch scratch_;
};

/// The smallest run that is one, in milliseconds.
inline const std::string tiny =
    " --task.length 8 --task.valid_examples 8 --task.test_examples 8 --model.hidden 4 "
    "--train.batch 4"
    " --train.steps 6 --train.eval_every 2 --record.every 2";
/// A run that lasts until it is stopped.
inline const std::string endless =
    " --task.length 8 --task.valid_examples 8 --model.hidden 4 --train.batch 4"
    " --train.steps 1000000000";

/// Waits until `condition` holds; gives up after half a minute.
template <class Condition>
bool eventually(Condition condition) {
  for (int i = 0; i < 3000; ++i) {
    if (condition()) return true;
    usleep(10000);
  }
  return false;
}

/// Whether the program is running in that process, and has set a handler of its own for the signal.
inline bool catches(pid_t pid, int signal) {
  const std::filesystem::path process = "/proc/" + std::to_string(pid);
  std::error_code error;
  if (std::filesystem::read_symlink(process / "exe", error) != std::filesystem::canonical(program))
    return false;
  const std::string text = text_of(process / "status"), name = "SigCgt:";
  const auto at = text.find(name);
  if (at == std::string::npos) return false;
  return std::stoull(text.substr(at + name.size()), nullptr, 16) >> (signal - 1) & 1;
}

}  // namespace rnnlab::test
