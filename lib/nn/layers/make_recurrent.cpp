#include "nn/layers/composite.hpp"
#include "nn/layers/recurrent_cells.hpp"
#include "nn/steps/variants.hpp"

namespace rnnlab {

template <class S>
std::unique_ptr<Layer<S>> make_recurrent(const RecurrentOptions& options) {
  if (extras_wanted(options) == 0) {
    if (auto layer = make_recurrent_of<ElmanCells, S>(options)) return layer;
    if (auto layer = make_recurrent_of<LeakyCells, S>(options)) return layer;
    if (auto layer = make_recurrent_of<GatedCells, S>(options)) return layer;
    if (auto layer = make_recurrent_of<LstmVariants, S>(options)) return layer;
  }
  const StepVariant* variant = find_variant(options);
  if (!variant) reject(options);
  check_variant(options, *variant);
  return make_composite<S>(variant->program(options), options.input_gradient);
}

template std::unique_ptr<Layer<float>> make_recurrent(const RecurrentOptions&);
template std::unique_ptr<Layer<double>> make_recurrent(const RecurrentOptions&);

}  // namespace rnnlab
