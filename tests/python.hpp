#pragma once

#include <cstdio>
#include <stdexcept>
#include <string>
#include <sys/wait.h>

#include "places.hpp"

namespace rnnlab::test {

/// What a script printed, and its exit code; 77 means that a Python module is missing.
struct Python {
  int code;
  std::string output;
};

/// Runs `tests/SCRIPT FILE` by the system's Python.
inline Python python(const std::string& script, const std::string& file) {
  const std::string command =
      "/usr/bin/python3 '" + checkout + "/tests/" + script + "' '" + file + "' 2>&1";
  std::FILE* pipe = popen(command.c_str(), "r");
  if (!pipe) throw std::runtime_error("cannot start python3");
  std::string output;
  for (int c; (c = std::fgetc(pipe)) != EOF;) output.push_back(static_cast<char>(c));
  const int status = pclose(pipe);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, output};
}

}  // namespace rnnlab::test
