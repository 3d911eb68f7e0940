#include "record/provenance.hpp"

#include <catch2/catch.hpp>
#include <regex>

using namespace rnnlab;

TEST_CASE("provenance: every attribute, with something to say", "[record]") {
  const Attributes all = provenance();
  std::vector<std::string> names;
  for (const auto& [name, value] : all) {
    names.push_back(name);
    if (const auto* text = std::get_if<std::string>(&value)) {
      INFO(name);
      CHECK_FALSE(text->empty());
    }
  }
  CHECK(names == std::vector<std::string>{"rnnlab_version", "git_commit", "git_dirty", "created",
                                          "cpu", "isa", "compiler", "flags", "libraries"});
  const auto text = [&](std::size_t i) { return std::get<std::string>(all.at(i).second); };
  CHECK(std::regex_match(text(1), std::regex("unknown|[0-9a-f]{40,64}")));
  CHECK(std::regex_match(text(3), std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)")));
  CHECK(text(7).find("-march=") != std::string::npos);
  CHECK(std::regex_search(text(8), std::regex(R"(HDF5 1\.\d+\.\d+, Eigen 3\.)")));
}
