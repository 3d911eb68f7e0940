#include "train/instruments/instruments.hpp"

#include "base/check.hpp"
#include "train/instruments/alignment.hpp"
#include "train/instruments/gradient_flow.hpp"
#include "train/instruments/gradient_flow_last.hpp"
#include "train/instruments/parameter_norms.hpp"
#include "train/instruments/spectral_radius.hpp"
#include "train/instruments/weight_gradient_by_time.hpp"

namespace rnnlab {

const std::vector<Listing>& instrument_list() {
  static const std::vector<Listing> list{
      {"gradient-flow", "norm of the loss' gradient by h_t and c_t, every t, every layer"},
      {"gradient-flow-last",
       "ln norm of the last scored step's loss gradient by h_t, by lag; log-spaced steps"},
      {"weight-gradient-by-time", "BPTT's sum for W_hh, term by term"},
      {"spectral-radius", "of each gate's recurrent matrix; log-spaced steps"},
      {"alignment", "where attention looks: along the source, against it, how widely"},
      {"alignment-example", "attention of the batch's first example; log-spaced steps"},
      {"parameter-norms", "L2 norm of each parameter's gradient"},
  };
  return list;
}

std::unique_ptr<Instrument> make_instrument(const std::string& name, const RunShape& shape,
                                            Sink& sink) {
  if (name == "gradient-flow") return std::make_unique<GradientFlow>(shape, sink);
  if (name == "gradient-flow-last") return std::make_unique<GradientFlowLast>(shape, sink);
  if (name == "weight-gradient-by-time") return std::make_unique<WeightGradientByTime>(shape, sink);
  if (name == "spectral-radius") return std::make_unique<SpectralRadius>(shape, sink);
  if (name == "alignment") return std::make_unique<Alignment>(shape, sink);
  if (name == "alignment-example") return std::make_unique<AlignmentExample>(shape, sink);
  RNNLAB_CHECK_EQ(name, "parameter-norms");
  return std::make_unique<ParameterNorms>(shape, sink);
}

}  // namespace rnnlab
