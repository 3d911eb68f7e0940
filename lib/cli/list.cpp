#include <algorithm>
#include <iostream>

#include "base/text.hpp"
#include "cli/verb.hpp"
#include "study/catalogue.hpp"

namespace rnnlab {
namespace {

Exit list(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  const auto& kinds = catalogue_kinds();
  const std::string choices = join(kinds, ", ");
  if (arguments.words.size() != 1)
    throw Error(Exit::usage, "list takes one kind of thing", "command line",
                "choose one of " + choices);
  const std::string& kind = arguments.words.front();
  if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end())
    throw Error(Exit::usage, "cannot list " + shown(kind), "command line",
                "did you mean " + nearest(kind, kinds) + "? There is " + choices);
  const bool details = arguments.has("long");
  const bool json = format_of(arguments, {"table", "json"}) == "json";
  std::cout << (json ? catalogue_json : catalogue_text)(invocation.registry, kind, details,
                                                        invocation.roots);
  return Exit::done;
}

}  // namespace

Verb list_verb() {
  return {"list",
          join(catalogue_kinds(), "|"),
          "what there is",
          "One line each; with --long every option with its default, range and unit.\n\n"
          "Example\n"
          "  rnnlab list tasks --long\n",
          {{"long", "", "options, examples, what a preset or protocol sets"},
           {"format", "table|json", "how to print it"}},
          {},
          list};
}

}  // namespace rnnlab
