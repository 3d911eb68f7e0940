#include "study/version.hpp"

#include "record/provenance.hpp"
#include "train/numerics.hpp"

namespace rnnlab {
namespace {

std::string text_of(const Attributes& attributes, const std::string& name) {
  for (const auto& [key, value] : attributes)
    if (key == name && std::holds_alternative<std::string>(value))
      return std::get<std::string>(value);
  return "unknown";
}

}  // namespace

std::string version_line() {
  const Attributes known = provenance();
  return "rnnlab " + text_of(known, "rnnlab_version") + " (git " + text_of(known, "git_commit") +
         ", numerics " + std::to_string(numerics_revision) + ", " + text_of(known, "isa") + ", " +
         text_of(known, "compiler") + ")";
}

}  // namespace rnnlab
