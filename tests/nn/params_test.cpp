#include "nn/params.hpp"

#include <catch2/catch.hpp>

using namespace rnnlab;

TEST_CASE("ParamLayout: one after the other, in order", "[nn]") {
  ParamLayout layout;
  CHECK(layout.size() == 0);
  CHECK(layout.add("weight", 3, 4) == 0);
  CHECK(layout.add("bias", 3, 0) == 12);
  CHECK(layout.add("more", 2, 1) == 15);
  CHECK(layout.size() == 17);
  CHECK(layout.count() == 3);
  CHECK(layout[1].size() == 3);
  std::string names;
  std::size_t end = 0;
  for (const Parameter& p : layout) {
    names += p.name + " ";
    CHECK(p.offset == end);
    end += p.size();
  }
  CHECK(names == "weight bias more ");
  CHECK(end == layout.size());
}

TEST_CASE("ParamLayout: sizes beyond 2^31 do not overflow", "[nn]") {
  ParamLayout layout;
  layout.add("large", 65536, 65536);
  CHECK(layout.size() == std::size_t{1} << 32);
}
