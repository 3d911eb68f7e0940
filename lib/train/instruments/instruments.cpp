#include "train/instruments/instruments.hpp"

#include "base/check.hpp"
#include "train/instruments/gradient_flow.hpp"
#include "train/instruments/parameter_norms.hpp"

namespace rnnlab {

const std::vector<Listing>& instrument_list() {
  static const std::vector<Listing> list{
      {"gradient-flow", "norm of the loss' gradient by h_t and c_t, every t, every layer"},
      {"parameter-norms", "L2 norm of each parameter's gradient"},
  };
  return list;
}

std::unique_ptr<Instrument> make_instrument(const std::string& name, const RunShape& shape,
                                            Sink& sink) {
  if (name == "gradient-flow") return std::make_unique<GradientFlow>(shape, sink);
  RNNLAB_CHECK_EQ(name, "parameter-norms");
  return std::make_unique<ParameterNorms>(shape, sink);
}

}  // namespace rnnlab
