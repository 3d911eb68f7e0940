#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <iostream>
#include <new>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "base/text.hpp"
#include "cli/verb.hpp"
#include "study/catalogue.hpp"
#include "study/study.hpp"
#include "study/version.hpp"
#include "tasks.hpp"

namespace rnnlab {
namespace {

namespace fs = std::filesystem;

void print_help() {
  std::cout << "rnnlab: what recurrent networks can and cannot remember\n\n"
               "rnnlab VERB [CONFIG.ini …] [--section.key VALUE …]\n\n";
  for (const Verb& verb : verbs())
    std::cout << "  " << verb.name << std::string(11 - verb.name.size(), ' ') << verb.summary
              << "\n";
  std::cout
      << "\n  --help     this; rnnlab VERB --help for one verb\n"
         "  --version  of the program, its commit and the revision of its numerics\n"
         "  --quiet    no progress on stderr\n\n"
         "Example\n"
         "  rnnlab run --model.name lstm --task.length 50 --train.steps 1000\n\n"
         "Exit codes: 0 done, 1 a check failed, 2 usage, 3 diverged, 4 bad data, 5 cannot write,\n"
         "70 a bug or out of memory, 75 interrupted\n";
}

std::vector<VerbOption> options_of(const Verb& verb) {
  std::vector<VerbOption> options = verb.options;
  options.push_back({"quiet", "", "no progress on stderr"});
  options.push_back({"help", "", "this"});
  return options;
}

bool takes(const Verb& verb, const std::string& section) {
  return std::count(verb.sections.begin(), verb.sections.end(), section) > 0;
}

/// The keys of a sweep or study itself that the verb takes.
std::vector<KeySpec> own_keys(const Verb& verb) {
  SweepOptions sweep;
  StudyOptions study;
  std::vector<KeySpec> keys;
  if (takes(verb, "sweep")) keys = described("sweep", [&](auto& v) { sweep.describe(v); });
  if (takes(verb, "study"))
    for (KeySpec& spec : described("study", [&](auto& v) { study.describe(v); }))
      keys.push_back(std::move(spec));
  return keys;
}

void print_help(const Verb& verb, const Registry& registry) {
  std::cout << "rnnlab " << verb.name << " " << verb.usage << "\n\n"
            << verb.summary << "\n\n"
            << verb.help << "\nOptions\n";
  for (const VerbOption& option : options_of(verb)) {
    const std::string left = "--" + option.name + (option.value.empty() ? "" : " " + option.value);
    std::cout << "  " << left << std::string(left.size() < 22 ? 22 - left.size() : 1, ' ')
              << option.help << "\n";
  }
  if (const auto keys = own_keys(verb); !keys.empty())
    std::cout << "\nKeys of a sweep\n" << key_table(keys);
  if (takes(verb, "model"))
    std::cout << "\nKeys (those of section task are " << registry.tasks.front().name
              << "'s; see rnnlab list tasks --long)\n"
              << key_table(registry, registry.tasks.front(), "");
}

/// Every dotted key that the verb takes, of every task.
std::vector<std::string> keys_of(const Verb& verb, const Registry& registry) {
  std::vector<std::string> known;
  for (const TaskEntry& task : registry.tasks)
    for (const std::string& key : Schema(registry, task).names()) known.push_back(key);
  for (const KeySpec& spec : own_keys(verb)) known.push_back(spec.key);
  std::vector<std::string> keys;
  for (const std::string& key : known) {
    const std::string section = key.substr(0, key.find('.'));
    if (takes(verb, section) && std::count(keys.begin(), keys.end(), key) == 0) keys.push_back(key);
  }
  return keys;
}

Exit dispatch(const std::vector<std::string>& words) {
  if (words.empty()) throw Error(Exit::usage, "no verb", "command line", "see rnnlab --help");
  const std::string& name = words.front();
  if (name == "--help" || name == "-h" || name == "help") return print_help(), Exit::done;
  if (name == "--version") {
    std::cout << version_line() << "\n";
    return Exit::done;
  }

  const std::vector<Verb> known = verbs();
  const auto verb =
      std::find_if(known.begin(), known.end(), [&](const Verb& v) { return v.name == name; });
  if (verb == known.end())
    throw Error(Exit::usage, "unknown verb " + shown(name), "command line",
                "did you mean " + nearest(name, names_of(known)) + "? See rnnlab --help");
  const Registry registry = make_registry(task_list());
  const std::vector<std::string> rest(words.begin() + 1, words.end());
  if (std::count(rest.begin(), rest.end(), "--help") + std::count(rest.begin(), rest.end(), "-h") >
      0)
    return print_help(*verb, registry), Exit::done;

  Invocation invocation{
      .registry = registry,
      .arguments = parse_arguments(rest, options_of(*verb), keys_of(*verb, registry), verb->lists),
      .command_line = "rnnlab " + join(words, " "),
      // This very program, even if another was built in its place in the meantime.
      .program = "/proc/self/exe",
      .roots = {fs::current_path(), RNNLAB_SOURCE_DIR}};
  invocation.quiet = invocation.arguments.has("quiet");
  return verb->run(invocation);
}

/// One line, whatever the message holds.
int fail(Exit code, std::string message) {
  std::replace(message.begin(), message.end(), '\n', ' ');
  std::fprintf(stderr, "rnnlab: error: %s\n", message.c_str());
  return static_cast<int>(code);
}

/// A reader that has gone away is no error; a full disk behind stdout is.
int flushed(Exit code) {
  std::cout.flush();
  if (std::cout) return static_cast<int>(code);
  pollfd output{.fd = STDOUT_FILENO, .events = POLLOUT, .revents = 0};
  const bool gone = ::poll(&output, 1, 0) > 0 && (output.revents & (POLLERR | POLLHUP)) != 0;
  if (gone) return static_cast<int>(code);
  return fail(Exit::write, "cannot write the results (stdout); check the free space");
}

int guarded(const std::vector<std::string>& words) {
  try {
    return flushed(dispatch(words));
  } catch (const Error& error) {
    std::cout.flush();
    return fail(error.code(), error.what());
  } catch (const fs::filesystem_error& error) {
    const std::error_code code = error.code();
    const bool write = code == std::errc::no_space_on_device || code == std::errc::io_error ||
                       code == std::errc::read_only_file_system ||
                       code == std::errc::permission_denied;
    return fail(write ? Exit::write : Exit::usage,
                code.message() + " (" + shown(error.path1().string()) + "); check the path");
  } catch (const std::bad_alloc&) {
    return fail(Exit::bug, "out of memory; take a smaller batch, length or model");
  } catch (const std::exception& error) {
    return fail(Exit::bug, std::string("a bug: ") + error.what() + "; please report it");
  }
}

/// Where a standard stream is closed, the next file to be opened would take its number and get what
/// is printed: /dev/null takes it instead.
void occupy_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(stream, F_GETFD) < 0 && ::open("/dev/null", O_RDWR) < 0) std::abort();
}

}  // namespace
}  // namespace rnnlab

int main(int argc, char** argv) {
  rnnlab::occupy_standard_streams();
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);  // a limit on file sizes is told like a full disk
  return rnnlab::guarded({argv + 1, argv + argc});
}
