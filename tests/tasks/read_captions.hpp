#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "drawn.hpp"

namespace rnnlab::test {

using TaskSettings = std::vector<std::pair<std::string, std::string>>;
using Strings = std::vector<std::string>;

inline std::unique_ptr<Task> caption(const TaskSettings& settings) {
  return configured("caption", settings).make_task();
}

/// The words of example b, the end among them; that they are shown a step late is checked.
inline Strings words_of(const Task& task, const Batch& batch, std::size_t b) {
  const Strings symbols = task.symbols();
  const auto B = static_cast<std::size_t>(batch.B);
  Strings words;
  bool clean = true;
  for (int t = 0; t < batch.T; ++t) {
    const std::size_t at = static_cast<std::size_t>(t) * B + b;
    const bool within = t < batch.length[b];
    clean = clean && batch.weight[at] == (within ? 1 : 0);
    clean = clean && batch.symbol[at] == (t == 0 || !within ? 0 : batch.label[at - B]);
    if (within) words.push_back(symbols[static_cast<std::size_t>(batch.label[at])]);
    if (!within) clean = clean && batch.label[at] == 0;
  }
  CHECK(clean);
  CHECK(words.back() == "<end>");
  return words;
}

inline std::vector<float> vector_of(const Batch& batch, std::size_t b) {
  const std::size_t F = batch.given.size() / static_cast<std::size_t>(batch.B);
  const auto begin = batch.given.begin() + static_cast<std::ptrdiff_t>(b * F);
  return {begin, begin + static_cast<std::ptrdiff_t>(F)};
}

inline std::string joined_words(const Strings& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

inline double value_of(const std::vector<Baseline>& all, const std::string& name) {
  for (const Baseline& b : all)
    if (b.name == name) return b.value;
  FAIL("no baseline " << name);
  return 0;
}

/// What making the task says, and that it is an error of that code in one line.
inline std::string complaint(const TaskSettings& settings, Exit code = Exit::data) {
  try {
    caption(settings);
  } catch (const Error& error) {
    CHECK(error.code() == code);
    CHECK(std::string(error.what()).find('\n') == std::string::npos);
    return error.what();
  }
  return {};
}

}  // namespace rnnlab::test
