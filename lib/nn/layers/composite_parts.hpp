#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/check.hpp"
#include "nn/layers/affine.hpp"
#include "nn/layers/normalization.hpp"
#include "nn/layers/row_blocks.hpp"
#include "nn/layers/time_blocks.hpp"
#include "nn/steps/program.hpp"

namespace rnnlab {

/// A step program with sizes and places: what Composite runs. Everything that is made per call has
/// its number here, so that nothing is allocated in a step.
template <class S>
struct CompositeParts {
  static constexpr int L = lanes<S>;
  static constexpr int most_signals = 64, most_products = 48, most_operations = 64, most_norms = 8,
                       most_attentions = 2;

  struct Signal {
    std::string name;
    int units, slots, padded;
    bool pre;
    int past = 0;  // steps before the first that are read
    int ring = 1;  // steps of adjoints that are held at once
    int ld = 0, ld_adjoint = 0;
    bool taken = false;  // the input: its adjoint reaches nothing but ∂L/∂x
    int rows() const { return slots * padded; }
  };
  struct Product {
    Affine<S> affine;
    StepProgram::Product program;
    bool first_by_input = false;  // the first one in backward's order that makes ∂L/∂x
  };
  struct Norm {
    Normalization<S> norm;
    StepProgram::Norm program;
  };
  struct Sum {
    int target;
    RowBlocks<S> rows;  // of the target
    std::vector<StepProgram::Rows> biases;
    std::size_t first_product, end_product, first_norm, end_norm;
  };
  /// Neighbouring entries of a gather: places in columns.
  struct Copy {
    int to, to_place, from, from_place, count;
  };
  struct Gather {
    std::vector<Copy> entries;
    std::vector<int> targets, cleared;  // `cleared`: sources whose adjoints are only added to here
  };
  struct Attention {
    Attend<S> attend;
    StepProgram::Attention program;
    std::size_t number;  // among the attentions
  };
  using Operation = std::variant<Sum, StepProgram::Pointwise, Gather, StepProgram::TakeInput,
                                 StepProgram::Filter, Attention>;

  std::vector<Signal> signals;
  std::vector<Product> products;
  std::vector<Norm> norms;
  std::vector<Operation> operations;
  std::size_t attentions = 0;
  int inputs = 0;  // I

  explicit CompositeParts(const StepProgram& program) {
    for (const StepProgram::Signal& s : program.signals) {
      const int padded = round_up(s.units, L);
      signals.push_back({s.name, s.units, s.slots, padded, s.pre});
      signals.back().ld = signals.back().ld_adjoint = s.slots * padded;
    }
    for (const StepProgram::Operation& operation : program.operations) {
      std::visit([&](const auto& op) { add(program, op); }, operation);
    }
    for (Signal& s : signals) {
      if (!s.pre) s.ring = s.past + 1;
    }
    for (auto p = products.rbegin(); p != products.rend(); ++p) {
      if (p->program.from.signal != StepProgram::input) continue;
      p->first_by_input = true;
      break;
    }
    const bool fits = signals.size() <= most_signals && products.size() <= most_products &&
                      operations.size() <= most_operations && norms.size() <= most_norms &&
                      attentions <= most_attentions;
    RNNLAB_CHECK_EQ(fits, true);
  }

  /// Calls f(operation's number, operation) in order.
  template <class F>
  void for_each_operation(F&& f) const {
    for (std::size_t i = 0; i < operations.size(); ++i) {
      std::visit([&](const auto& op) { f(i, op); }, operations[i]);
    }
  }
  template <class F>
  void for_each_operation_backwards(F&& f) const {
    for (std::size_t i = operations.size(); i-- > 0;) {
      std::visit([&](const auto& op) { f(i, op); }, operations[i]);
    }
  }
  /// Calls f(operation's number, sum) in order.
  template <class F>
  void for_each_sum(F&& f) const {
    for (std::size_t i = 0; i < operations.size(); ++i) {
      if (const Sum* sum = std::get_if<Sum>(&operations[i])) f(i, *sum);
    }
  }
  /// Calls f(operation's number, operation) for the rules with weights of their own, in order.
  template <class F>
  void for_each_weighted(F&& f) const {
    for (std::size_t i = 0; i < operations.size(); ++i) {
      const auto* op = std::get_if<StepProgram::Pointwise>(&operations[i]);
      if (op && !op->weights.empty()) f(i, *op);
    }
  }
  /// Calls f(signal's number, signal) for those that are carried over time.
  template <class F>
  void for_each_carried(F&& f) const {
    for (std::size_t i = 0; i < signals.size(); ++i) {
      if (signals[i].past > 0) f(static_cast<int>(i), signals[i]);
    }
  }
  /// Calls f(attention).
  template <class F>
  void for_each_attention(F&& f) const {
    for (const Operation& operation : operations) {
      if (const Attention* attention = std::get_if<Attention>(&operation)) f(*attention);
    }
  }
  /// Calls f(target of the sum, product) for the products whose factors a state's trace asks for.
  template <class F>
  void for_each_traced(int state, F&& f) const {
    for_each_sum([&](std::size_t, const Sum& sum) {
      for (std::size_t p = sum.first_product; p < sum.end_product; ++p) {
        const StepProgram::Product& product = products[p].program;
        if (product.traced && product.state == state) f(sum.target, product);
      }
    });
  }

  const Signal& at(int signal) const { return signals[static_cast<std::size_t>(signal)]; }

  /// Calls f(row of the parameter, place in the target's column) for a vector of a target's size.
  template <class F>
  void for_each_row(int target, const StepProgram::Rows& rows, F&& f) const {
    const Signal& s = at(target);
    for (int slot = 0; slot < s.slots; ++slot) {
      for (int u = 0; u < s.units; ++u) {
        f(rows.first_row + slot * s.units + u, place_in_column<S>(s.slots, s.padded, slot, u));
      }
    }
  }

 private:
  Signal& read(StepProgram::Read r) {
    Signal& s = signals[static_cast<std::size_t>(r.signal)];
    RNNLAB_CHECK_EQ(r.delay > 0 && s.pre, false);
    s.past = std::max(s.past, r.delay);
    return s;
  }

  void add(const StepProgram& program, const StepProgram::Sum& sum) {
    Signal& target = signals[static_cast<std::size_t>(sum.target)];
    RNNLAB_CHECK_EQ(target.pre, true);
    target.ring = time_block;
    // At a power of two the columns would evict each other from L1.
    target.ld_adjoint = target.rows() + L;
    Sum made{sum.target, RowBlocks<S>(target.units, target.slots),
             sum.biases, products.size(),
             0,          norms.size(),
             0};
    for (const StepProgram::Product& p : sum.products) {
      const auto& weight = program.parameters[static_cast<std::size_t>(p.weight.parameter)];
      const int columns = p.columns > 0 ? p.columns : weight.columns;
      if (p.from.signal != StepProgram::input) {
        RNNLAB_CHECK_EQ(read(p.from).units, columns);
        RNNLAB_CHECK_EQ(read(p.from).pre, false);
      }
      if (p.from.signal == StepProgram::input) inputs = columns;
      products.push_back({Affine<S>(target.units, target.slots, columns), p});
    }
    for (const StepProgram::Norm& n : sum.norms) {
      RNNLAB_CHECK_EQ(read(n.from).rows(), target.rows());
      norms.push_back({Normalization<S>(target.units, target.slots), n});
    }
    made.end_product = products.size();
    made.end_norm = norms.size();
    operations.emplace_back(std::move(made));
  }

  void add(const StepProgram&, const StepProgram::Pointwise& op) {
    RNNLAB_CHECK_EQ(static_cast<int>(op.slots.size()), op.rule->slots);
    RNNLAB_CHECK_EQ(static_cast<int>(op.given.size()), op.rule->given);
    RNNLAB_CHECK_EQ(static_cast<int>(op.made.size()), op.rule->made);
    RNNLAB_CHECK_EQ(static_cast<int>(op.weights.size()), op.rule->params);
    for (const StepProgram::Slot& s : op.slots) RNNLAB_CHECK_EQ(at(s.signal).pre, true);
    for (const StepProgram::Read& r : op.given) RNNLAB_CHECK_EQ(read(r).pre, false);
    for (const int made : op.made) RNNLAB_CHECK_EQ(at(made).pre, false);
    operations.emplace_back(op);
  }

  void add(const StepProgram&, const StepProgram::Attention& attention) {
    RNNLAB_CHECK_EQ(read(attention.query).units, attention.shape.keys);
    RNNLAB_CHECK_EQ(at(attention.context).units, attention.shape.memory);
    if (attention.shape.window > 0) {
      RNNLAB_CHECK_EQ(read(attention.position).units, attention.shape.position);
    }
    operations.emplace_back(Attention{Attend<S>(attention.shape), attention, attentions++});
  }

  void add(const StepProgram&, const StepProgram::TakeInput& op) {
    RNNLAB_CHECK_EQ(at(op.made).pre, false);
    signals[static_cast<std::size_t>(op.made)].taken = true;
    // Backwards, the products' ∂L/∂x_t is written before this one is added.
    for (const Product& p : products) {
      RNNLAB_CHECK_EQ(p.program.from.signal == StepProgram::input, false);
    }
    operations.emplace_back(op);
  }

  void add(const StepProgram&, const StepProgram::Filter& op) {
    RNNLAB_CHECK_EQ(read({op.from, op.first + op.lags - 1}).units, at(op.made).units);
    RNNLAB_CHECK_EQ(read({op.order}).units, at(op.made).units);
    for (const int s : {op.from, op.order, op.made}) RNNLAB_CHECK_EQ(at(s).pre, false);
    operations.emplace_back(op);
  }

  void add(const StepProgram&, const StepProgram::Gather& gather) {
    Gather made;
    const auto place = [&](StepProgram::Slot s, int unit) {
      return place_in_column<S>(at(s.signal).slots, at(s.signal).padded, s.slot, unit);
    };
    const auto once = [](std::vector<int>& list, int signal) {
      if (std::find(list.begin(), list.end(), signal) == list.end()) list.push_back(signal);
    };
    for (const auto& e : gather.entries) {
      const Copy next{e.to.signal, place(e.to, e.to_unit), e.from.signal,
                      place(e.from, e.from_unit), 1};
      made.entries.push_back(next);
      once(made.targets, e.to.signal);
      if (at(e.from.signal).pre) once(made.cleared, e.from.signal);
    }
    made.entries = joined(std::move(made.entries));
    operations.emplace_back(std::move(made));
  }

  /// Runs in place of entries that stand side by side in both columns.
  static std::vector<Copy> joined(std::vector<Copy> entries) {
    std::sort(entries.begin(), entries.end(), [](const Copy& a, const Copy& b) {
      return std::pair(a.to, a.to_place) < std::pair(b.to, b.to_place);
    });
    std::vector<Copy> runs;
    for (const Copy& e : entries) {
      Copy* last = runs.empty() ? nullptr : &runs.back();
      if (last && last->to == e.to && last->from == e.from &&
          last->to_place + last->count == e.to_place &&
          last->from_place + last->count == e.from_place) {
        ++last->count;
      } else {
        runs.push_back(e);
      }
    }
    return runs;
  }
};

}  // namespace rnnlab
