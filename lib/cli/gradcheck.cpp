#include <iostream>

#include "cli/verb.hpp"
#include "study/gradient_check.hpp"

namespace rnnlab {
namespace {

Exit gradcheck(const Invocation& invocation) {
  const GradientReport report = check_gradient(invocation.registry, all_settings(invocation));
  std::cout << report.table;
  return report.good ? Exit::done : Exit::check_failed;
}

}  // namespace

Verb gradcheck_verb() {
  return {
      "gradcheck",
      "[CONFIG.ini …] [--section.key VALUE …]",
      "the model's gradient against central differences",
      "In double precision, the error |a - n| / max(|a|, |n|, 1e-8) per parameter; exit 1 above\n"
      "1e-6. Unless given: hidden 8, length 12, batch 3.\n\n"
      "Example\n"
      "  rnnlab gradcheck --model.name gru\n",
      {},
      {"model", "task", "train", "run", "record"},
      gradcheck};
}

}  // namespace rnnlab
