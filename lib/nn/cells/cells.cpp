#include "nn/cells/cells.hpp"

#include "nn/steps/variants.hpp"

namespace rnnlab {

const std::vector<Listing>& cell_list() {
  static const std::vector<Listing> list = [] {
    std::vector<Listing> all{
        {"none", "no recurrence: dense layers with model.activation on a window of the sequence"},
        {"elman", "h' = phi(W_ih x + b_ih + W_hh h + b_hh), phi = model.activation (Elman 1990)"},
        {"leaky",
         "h' = (1 - alpha) h + alpha phi(W_ih x + b_ih + W_hh h + b_hh), alpha = model.leak "
         "(Jaeger "
         "et "
         "al. 2007)"},
        {"lstm",
         "c' = f c + i g, h' = o tanh(c'); i, f, o sigmoid, g tanh (Hochreiter and Schmidhuber "
         "1997; "
         "Gers et al. 2000)"},
        {"lstm-peephole",
         "lstm whose gates see the cell: i, f = sigmoid(a + w_c c), o = sigmoid(a + w_co c') (Gers "
         "and "
         "Schmidhuber 2000)"},
        {"lstm-coupled", "lstm with i = 1 - f: three gates (Greff et al. 2017)"},
        {"lstm-peephole-coupled", "lstm-peephole with i = 1 - f (CIFG of Greff et al. 2017)"},
        {"lstm-no-input-gate", "lstm-peephole with i = 1 (NIG of Greff et al. 2017)"},
        {"lstm-no-forget-gate", "lstm-peephole with f = 1 (NFG of Greff et al. 2017)"},
        {"lstm-no-output-gate", "lstm-peephole with o = 1 (NOG of Greff et al. 2017)"},
        {"lstm-no-input-activation", "lstm-peephole with g = a (NIAF of Greff et al. 2017)"},
        {"lstm-no-output-activation", "lstm-peephole with h' = o c' (NOAF of Greff et al. 2017)"},
        {"gru",
         "h' = (1 - z) n + z h, n = tanh(W_in x + b_in + r (W_hn h + b_hn)); r, z sigmoid (Cho et "
         "al. "
         "2014)"},
    };
    for (const StepVariant& v : step_variants()) {
      if (v.summary) all.push_back({v.cell, v.summary});
    }
    return all;
  }();
  return list;
}

bool has_cell_state(const std::string& cell) {
  bool has = false;
  for_each_cell([&]<class Cell>(Cell) { has = has || (cell == Cell::name && Cell::carry > 1); });
  for (const StepVariant& v : step_variants()) {
    has = has || (v.summary && cell == v.cell && v.cell_state);
  }
  return has;
}

}  // namespace rnnlab
