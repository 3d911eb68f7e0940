#include "cli/generate_names.hpp"

#include <algorithm>
#include <iostream>

#include "base/text.hpp"
#include "decode/class_sampler.hpp"
#include "study/trained_run.hpp"

namespace rnnlab {
namespace {

/// The classes that are asked for.
std::vector<std::size_t> asked_for(const Arguments& arguments,
                                   const std::vector<std::string>& classes) {
  std::vector<std::size_t> asked;
  const std::string name = arguments.get("class");
  for (std::size_t c = 0; c < classes.size(); ++c) {
    if (!arguments.has("class") || classes[c] == name) asked.push_back(c);
  }
  if (asked.empty())
    throw Error(Exit::usage, "there is no class " + name, "--class",
                "choose one of " + join(classes, ", "));
  return asked;
}

}  // namespace

Exit generate_names(const Invocation& invocation, const Sampling& sampling) {
  const Arguments& arguments = invocation.arguments;
  const auto count = static_cast<std::uint64_t>(number_of(arguments, "count", "10", 0, 1e9, true));
  const auto seed = static_cast<std::uint64_t>(number_of(arguments, "seed", "0", 0, 9e15, true));
  const TrainedClassModel trained = read_class_model(invocation.registry, arguments.words.front());
  const std::vector<std::size_t> classes = asked_for(arguments, trained.classes);
  const std::vector<std::int32_t> prompt =
      trained.vocabulary.encode(arguments.get("prompt"), "--prompt");
  if (std::count(prompt.begin(), prompt.end(), end_symbol) > 0 ||
      std::ssize(prompt) >= trained.facts.length)
    throw Error(Exit::usage,
                "the prompt is not the beginning of a line of up to " +
                    std::to_string(trained.facts.length - 1) + " characters",
                "--prompt", "give a shorter one without a line end");
  ClassSampler draw(trained.model, trained.facts, trained.parameters);
  for (const std::size_t cls : classes) {
    for (std::uint64_t i = 0; i < count && std::cout; ++i) {
      Rng rng({seed, Stream::generate}, static_cast<std::uint64_t>(cls) << 32 | i);
      if (classes.size() > 1) std::cout << trained.classes[cls] << '\t';
      for (const std::int32_t symbol : draw(static_cast<int>(cls), prompt, sampling, rng))
        std::cout << trained.vocabulary.symbols()[static_cast<std::size_t>(symbol)];
      std::cout << std::endl;
    }
  }
  return Exit::done;
}

}  // namespace rnnlab
