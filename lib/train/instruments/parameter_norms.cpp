#include "train/instruments/parameter_norms.hpp"

namespace rnnlab {

ParameterNorms::ParameterNorms(const RunShape& shape, Sink& sink) {
  TableSpec spec{.group = "gradients/parameters"};
  for (const Parameter& p : shape.parameters) {
    spec.columns.push_back({p.name, "1", "L2 norm of the loss gradient by " + p.name});
  }
  table_ = &sink.table(spec);
}

}  // namespace rnnlab
