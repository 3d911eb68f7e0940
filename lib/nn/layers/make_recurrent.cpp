#include "base/error.hpp"
#include "nn/layers/composite.hpp"
#include "nn/layers/recurrent_cells.hpp"
#include "nn/steps/variants.hpp"

namespace rnnlab {

namespace {

void check_map(const RecurrentOptions& o) {
  if (o.recurrent_map == "none") {
    if (o.negative_ones == 0) return;
    throw Error(Exit::usage, "only an orthogonal recurrent matrix has a D to put -1 on",
                "model.negative_ones", "leave it 0, or set model.recurrent_map");
  }
  if (o.cell != "elman")
    throw Error(Exit::usage, "cell " + o.cell + " has no orthogonal recurrent matrix",
                "model.recurrent_map", "leave it none, or choose cell elman");
  if (extras_wanted(o) != 0)
    throw Error(Exit::usage, "an orthogonal recurrent matrix goes with one product per step",
                "model.recurrent_map",
                "leave it none, or model.depth, model.time_skip and model.truncated_gradient at "
                "their defaults");
}

}  // namespace

template <class S>
std::unique_ptr<Layer<S>> make_recurrent(const RecurrentOptions& options) {
  check_map(options);
  if (extras_wanted(options) == 0) {
    if (auto layer = make_recurrent_of<ElmanCells, S>(options)) return layer;
    if (auto layer = make_recurrent_of<ModReluCells, S>(options)) return layer;
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
