#include <catch2/catch.hpp>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "command.hpp"
#include "sweep_folder.hpp"

using namespace rnnlab;
using namespace rnnlab::test;
using Catch::Contains;

namespace {

/// A command whose stderr is a terminal of a given size.
class OnTerminal {
 public:
  OnTerminal(const Workplace& here, const std::string& line, unsigned short rows)
      : terminal_(posix_openpt(O_RDWR | O_NOCTTY)) {
    const winsize size{rows, 70, 0, 0};
    if (terminal_ < 0 || grantpt(terminal_) != 0 || unlockpt(terminal_) != 0 ||
        ioctl(terminal_, TIOCSWINSZ, &size) != 0)
      throw std::runtime_error("no terminal");
    const std::string end = ptsname(terminal_);
    child_.emplace([&] {
      const int stream = open(end.c_str(), O_RDWR | O_NOCTTY);
      std::vector<char*> argv{const_cast<char*>(program.c_str())};
      const auto words = Workplace::split_words(line);
      for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
      argv.push_back(nullptr);
      setenv("TERM", "xterm", 1);
      if (stream < 0 || dup2(stream, STDERR_FILENO) < 0 || chdir(here.path("").c_str()) != 0 ||
          !freopen("/dev/null", "w", stdout))
        return 98;
      execv(argv[0], argv.data());
      return 99;
    });
  }
  ~OnTerminal() { close(terminal_); }
  OnTerminal(const OnTerminal&) = delete;
  OnTerminal& operator=(const OnTerminal&) = delete;

  /// What has been printed by now.
  const std::string& screen() {
    pollfd events{terminal_, POLLIN, 0};
    for (char piece[4096]; poll(&events, 1, 0) > 0 && (events.revents & POLLIN) != 0;) {
      const ssize_t n = read(terminal_, piece, sizeof piece);
      if (n <= 0) break;
      printed_.append(piece, static_cast<std::size_t>(n));
    }
    return printed_;
  }
  int end(int signal) { return child_->end(signal); }

 private:
  int terminal_;
  std::string printed_;
  std::optional<Child> child_;
};

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (std::size_t at = 0; (at = text.find(what, at)) != text.npos; at += what.size()) ++n;
  return n;
}

}  // namespace

TEST_CASE("watch of what is complete says so and ends") {
  const Workplace here;
  REQUIRE(here.call("sweep --train.seed 0..1 --sweep.dir s --quiet" + tiny).code == 0);
  const Ended sweep = here.call("watch s");
  CHECK(sweep.code == 0);
  CHECK(sweep.out == "2 of 2 runs done\n");
  const SweepFolder folder(here, "s");
  const Ended run = here.call("watch s/runs/" + folder.run(0).filename().string());
  CHECK(run.code == 0);
  CHECK_THAT(run.out, Contains("step 6/6"));
  for (const char* line : {"watch", "watch a b", "watch nowhere"}) {
    const Ended ended = here.call(line);
    CHECK(ended.code == 2);
    CHECK(ended.one_line_error());
  }
}

TEST_CASE("watch follows a sweep to its end, and does not disturb it") {
  const Workplace here;
  const SweepFolder folder(here, "s");
  Started sweep = here.start("sweep --train.seed 0..1 --sweep.jobs 2 --sweep.dir s" + endless);
  REQUIRE(eventually([&] { return folder.is_training(0) && folder.is_training(1); }));
  Started watch = here.start("watch s");  // its words go where those of the sweep go
  Started quitter = here.start("watch s --quiet");
  REQUIRE(eventually([&] { return catches(quitter.pid(), SIGINT); }));
  quitter.signal(SIGINT);
  CHECK(quitter.wait().code == 75);
  CHECK(folder.is_training(0));
  sweep.signal(SIGTERM);
  CHECK(sweep.wait().code == 75);
  CHECK(watch.wait().code == 75);  // nobody works on it any more
}

TEST_CASE("watch does not wait for a run that nobody works on") {
  const Workplace here;
  {
    const Started run = here.start("run --run.dir r" + endless);
    REQUIRE(eventually([&] { return here.has("r/run.h5"); }));
  }
  const Ended ended = here.call("watch r");
  CHECK(ended.code == 75);
  CHECK_THAT(ended.out, Contains("nobody works on it any more: rnnlab resume r"));
}

TEST_CASE("on a terminal a sweep shows its groups, redrawn in place, and no more than fit") {
  const Workplace here;
  const SweepFolder folder(here, "s");
  OnTerminal sweep(here,
                   "sweep --train.seed 0..1 --model.layers 1,2,3 --train.lr 0.1,0.2,0.3 "
                   "--sweep.jobs 2 --sweep.dir s" +
                       endless,
                   8);
  // Both seeds of the first group at work, and drawn once more.
  const auto at_work = [&] { return sweep.screen().find("0/2   2"); };
  REQUIRE(eventually([&] { return at_work() != std::string::npos; }));
  const std::size_t then = at_work();
  REQUIRE(eventually([&] { return sweep.screen().find("runs done", then) != std::string::npos; }));
  const std::string screen = sweep.screen();
  CHECK_THAT(screen, Contains("0 of 18 runs done, 2 running") &&
                         Contains("model.layers=1 train.lr=0.1") && Contains("… 5 more"));
  // A picture is a bar and at most six lines of table: the cursor goes no further up.
  const std::size_t pictures = count(screen, "[");
  CHECK(count(screen, "\x1b[A") > 0);
  CHECK(count(screen, "\x1b[A") <= 6 * pictures);
  CHECK(count(screen, "\x1b[A\x1b[A\x1b[A\x1b[A\x1b[A\x1b[A\x1b[A") == 0);
  CHECK(count(screen, "\x1b[3") == 0);  // no colours

  OnTerminal watch(here, "watch s", 30);
  REQUIRE(eventually([&] { return count(watch.screen(), "runs done") >= 2; }));
  CHECK_THAT(watch.screen(), Contains("model.layers=3 train.lr=0.3") && !Contains("more"));
  CHECK(watch.end(SIGTERM) == 75);
  CHECK(sweep.end(SIGTERM) == 75);
}
