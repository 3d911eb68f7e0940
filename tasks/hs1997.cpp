#include "hs1997.hpp"

#include "settings.hpp"

namespace rnnlab::hs1997 {

Settings online_descent(const char* lr, const char* steps, const char* eval_every,
                        const char* target) {
  return joined({{{"train.steps", steps}, {"train.batch", "1"}},
                 sgd(lr),
                 clipping("0", "0"),
                 {{"train.target", target}, {"train.eval_every", eval_every}}});
}

std::pair<std::string, Settings> memory_blocks(const MemoryBlocks& o) {
  return {"lstm-1997",
          {{"model.hidden", o.cells},
           {"model.block", o.block},
           {"model.truncated_gradient", "true"},
           {"model.init", "normal"},
           {"model.recurrent_init", "normal"},
           {"model.init_std", o.init_std},
           {"model.input_gate_bias", o.input_gate_bias},
           {"model.input_gate_bias_step", o.input_gate_bias_step},
           {"model.output_gate_bias", o.output_gate_bias},
           {"model.output_gate_bias_step", o.output_gate_bias_step}}};
}

}  // namespace rnnlab::hs1997
