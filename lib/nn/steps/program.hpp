#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "nn/cells/cell.hpp"
#include "nn/initialization.hpp"
#include "nn/layers/attend.hpp"
#include "nn/layers/recurrent.hpp"
#include "nn/steps/rule.hpp"

namespace rnnlab {

/// One time step of a recurrent layer as data: which signals there are, and the operations that
/// make them, in order. The layer that runs it (nn/layers/composite.hpp) does so for t = 0 … T−1
/// and then backwards.
///
/// Signals are columns of `slots` · `units` entries. A *pre-activation* is a sum of products, layer
/// norms and biases (or is gathered); rules read its slots in the same step, and nobody else does.
/// Every other signal is made by a rule (or gathered), and can be read now or, with a delay d ≥ 1,
/// from the step t − d; what is read late is carried from window to window.
struct StepProgram {
  static constexpr int input = -1;  // x, as a signal

  struct Parameter {
    std::string name;
    int rows, columns;          // as nn/params.hpp
    MatrixInit init{};          // of a matrix
    std::vector<double> start;  // of a vector: its first values, unless they are drawn:
    std::function<void(Key, std::size_t parameter, double* to)> drawn{};
    bool trained = true;
  };
  struct Signal {
    std::string name;
    int units;
    int slots = 1;
    bool pre = false;
  };
  struct Read {
    int signal;
    int delay = 0;
  };

  /// Rows of a parameter, from `first_row` on, as many as the target has entries.
  struct Rows {
    int parameter;
    int first_row = 0;
  };
  struct Product {
    Rows weight;
    Read from;
    int first_column = 0;  // of the parameter, …
    int columns = 0;       // … and how many: as many as `from` has entries; 0: all
    bool cut = false;      // no gradient goes back to `from`: truncated BPTT of Hochreiter and
                           // Schmidhuber 1997
    bool traced = false;   // one of those whose factors the StateTrace of …
    int state = 0;         // … this state asks for
  };
  /// Layer normalisation of each slot of `from` over its units, times `scale`.
  struct Norm {
    Rows scale;
    Read from;
  };
  /// target = Σ biases + Σ W·from + Σ scale ∘ LN(from)
  struct Sum {
    int target;
    std::vector<Rows> biases;
    std::vector<Product> products;
    std::vector<Norm> norms{};
  };
  struct Slot {
    int signal;
    int slot = 0;
  };
  struct Pointwise {
    const Rule* rule;
    std::vector<Slot> slots;
    std::vector<Read> given;
    std::vector<int> made;
    std::vector<Rows> weights{};  // of the rule's own weights, a row per unit
  };
  /// Entries copied one by one: targets are other signals than sources, each entry written once.
  struct Gather {
    struct Entry {
      Slot to;
      int to_unit;
      Slot from;
      int from_unit;
    };
    std::vector<Entry> entries;
  };
  /// made = x, for what is to be read late or by a rule. A later operation has a product by x.
  struct TakeInput {
    int made;
  };
  /// made_t = Σ_{j=1…lags} w_j(order_t) ∘ from_{t−first−(j−1)}, w_j(d) = Γ(j − d) / (Γ(−d) Γ(j +
  /// 1)): the weights of (1 − L)^d, L the lag, without that of lag 0. All three are equally wide.
  struct Filter {
    int from, order, made;
    int lags, first;
  };
  /// context = what attention (nn/layers/attend.hpp) finds in the source that the layer is given.
  struct Attention {
    AttendShape shape;
    Read query;
    int context;
    int score = -1;           // parameter v, additive
    Read position{-1};        // u, local, …
    int position_score = -1;  // … and parameter v_p
  };
  using Operation = std::variant<Sum, Pointwise, Gather, TakeInput, Filter, Attention>;

  /// What is traced and carried as h and c.
  struct State {
    int hidden, cell = -1;
  };
  /// The input of another program: pieces side by side, each a signal or `input`, `width` entries.
  struct Piece {
    Read from;
    int width;
  };

  std::vector<Parameter> parameters;
  std::vector<Signal> signals;
  std::vector<Operation> operations;
  int output = 0;                   // y, …
  int hidden = 0;                   // … the h whose gradient is traced, …
  int cell = -1;                    // … and the c, if any
  std::vector<State> further = {};  // states of layers above it in the same step
  int context = -1;                 // a value that is carried in and stays the same
  InitialStateOptions h0 = {};  // of these two; everything else that is read late starts at zero
  std::string h0_suffix = {};   // of the initial state's parameters

  /// Each returns its place.
  int add_signal(std::string name, int units);
  int add_pre(std::string name, int units, int slots = 1);
  int add_vector(const std::string& name, int rows, double start);

  /// All of another program as the next part of the step; its own input is these pieces. Its state
  /// becomes number `state`. Returns its output.
  int append(const StepProgram& part, const std::vector<Piece>& pieces, int state);

  void take_input(int made) { operations.emplace_back(TakeInput{made}); }
  void filter(Filter f) { operations.emplace_back(f); }
  void sum(Sum s) { operations.emplace_back(std::move(s)); }
  void apply(const Rule* rule, std::vector<Slot> slots, std::vector<Read> given,
             std::vector<int> made, std::vector<Rows> weights = {}) {
    operations.emplace_back(
        Pointwise{rule, std::move(slots), std::move(given), std::move(made), std::move(weights)});
  }
};

/// A program with the options' ways to name and start parameters.
class StepBuilder : public StepProgram {
 public:
  explicit StepBuilder(const RecurrentOptions& options) : o(options) {
    h0 = o.h0;
    h0_suffix = o.suffix;
  }

  const RecurrentOptions o;

  /// `stem` + suffix; [gates·units, I] from x, started as weight_ih is.
  int input_matrix(const std::string& stem, int gates, int units);
  /// [gates·units, columns] between signals, started as weight_hh is. `suffix` follows the layer's.
  int recurrent_matrix(const std::string& stem, int gates, int units, int columns,
                       const std::string& suffix = "");
  /// A matrix beside the layers, under this very name: started as `init` says.
  int plain_matrix(const std::string& name, int rows, int columns);
  /// A bias per row, or none.
  std::vector<Rows> bias(const std::string& stem, int rows, double start = 0,
                         const std::string& suffix = "");
  /// The biases bias_ih and bias_hh of `gates` gates, or none; `open` is the gate whose bias_ih
  /// starts at forget_bias, −1: none.
  std::vector<Rows> two_biases(int gates, int open);
  /// Between signals, [rows, columns] of N(0, 1 / fan), whatever the options.
  int normal_matrix(const std::string& stem, int rows, int columns, int fan);
  /// First values that are a function of the key and the parameter's number.
  int drawn_vector(const std::string& stem, int rows,
                   std::function<void(Key, std::size_t parameter, double* to)> draw);
  /// A weight of which every unit has one; units 0: model.hidden.
  Rows unit_weight(const UnitWeight&, int units = 0);
  /// The same rows, from a later one on.
  static std::vector<Rows> from_row(std::vector<Rows> rows, int first_row);
};

}  // namespace rnnlab
