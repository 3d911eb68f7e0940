#include <string>

#include "base/error.hpp"
#include "nn/layers/recurrent_cells.hpp"

namespace rnnlab {

template <class S>
std::unique_ptr<Layer<S>> make_recurrent(const RecurrentOptions& options) {
  if (auto layer = make_recurrent_of<ElmanCells, S>(options)) return layer;
  if (auto layer = make_recurrent_of<LeakyCells, S>(options)) return layer;
  if (auto layer = make_recurrent_of<GatedCells, S>(options)) return layer;
  if (auto layer = make_recurrent_of<LstmVariants, S>(options)) return layer;
  std::string known;
  for_each_cell([&]<class Cell>(Cell) {
    known += std::string(known.empty() ? "" : ", ") + Cell::name + " with " + Cell::activation;
  });
  throw Error(Exit::usage,
              "no cell " + options.cell + " with activation " + options.activation + " is built in",
              "model.activation", "choose one of " + known);
}

template std::unique_ptr<Layer<float>> make_recurrent(const RecurrentOptions&);
template std::unique_ptr<Layer<double>> make_recurrent(const RecurrentOptions&);

}  // namespace rnnlab
