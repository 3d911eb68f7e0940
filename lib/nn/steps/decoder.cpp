#include "nn/steps/decoder.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "nn/steps/cell_rule.hpp"
#include "nn/steps/variants.hpp"

namespace rnnlab {
namespace {

StepProgram layer_program(const DecoderOptions& o, int l, int inputs) {
  RecurrentOptions options = o.layer;
  options.suffix = "_l" + std::to_string(l);
  options.inputs = inputs;
  options.h0 = {};
  const StepVariant* const variant = find_variant(options);
  if (!variant) reject(options);
  check_variant(options, *variant);
  return variant->program(options);
}

class Builder {
 public:
  explicit Builder(const DecoderOptions& o) : o_(o), p_(o.layer), H_(o.layer.hidden) {}

  StepProgram take() {
    const bool attends = o_.attention != "none", before = attends && o_.before;
    std::vector<StepProgram::Piece> pieces{{{StepProgram::input}, o_.layer.inputs}};
    const auto reads = [&](int signal, int delay, int width) {
      pieces.push_back({{signal, delay}, width});
    };
    if (attends) a_ = p_.add_signal("context", o_.memory);
    if (before) reads(a_, 0, o_.memory);
    int combined = -1;
    if (attends && !before) combined = p_.add_signal("h~", H_);
    if (o_.input_feeding) reads(combined, 1, H_);
    if (o_.context > 0) {
      const int c = p_.context = p_.add_signal("c", o_.context);
      p_.apply(rule<Keep>(), {}, {{c, 1}}, {c});
      reads(c, 0, o_.context);
    }

    // What attention reads of the layers stands below them in the list of signals.
    std::vector<StepProgram> layers;
    int inputs = 0;
    for (const auto& piece : pieces) inputs += piece.width;
    for (int l = 0; l < o_.layers; ++l) layers.push_back(layer_program(o_, l, l ? H_ : inputs));
    if (before) {
      const int own = before_signals();
      int top = static_cast<int>(p_.signals.size()) + own;
      for (int l = 0; l + 1 < o_.layers; ++l)
        top += static_cast<int>(layers[static_cast<std::size_t>(l)].signals.size());
      attend({top + layers.back().output, 1});
    }
    for (int l = 0; l < o_.layers; ++l) {
      h_ = p_.append(layers[static_cast<std::size_t>(l)], pieces, l);
      pieces = {{{h_}, H_}};
    }
    if (attends && !before) {
      attend({h_});
      const int w = p_.plain_matrix("attention.combine.weight", H_, o_.memory + H_);
      const int a = p_.add_pre("combine", H_);
      p_.sum(
          {.target = a,
           .biases = {},
           .products = {{.weight = {w}, .from = {a_}, .columns = o_.memory},
                        {.weight = {w}, .from = {h_}, .first_column = o_.memory, .columns = H_}}});
      p_.apply(activation_rule("tanh"), {{a}}, {}, {combined});
    }
    p_.output = before ? side_by_side(h_, a_) : attends ? combined : h_;
    return p_;
  }

 private:
  bool additive() const { return o_.attention == "additive"; }
  bool local() const { return o_.attention == "local"; }
  /// Signals that `attend` adds.
  int before_signals() const { return additive() ? 2 : local() ? 2 : 0; }

  void attend(StepProgram::Read h) {
    StepProgram::Attention attention{
        .shape = {.keys = H_, .memory = o_.memory}, .query = h, .context = a_};
    if (o_.attention == "scaled-dot") attention.shape.scale = 1 / std::sqrt(H_);
    if (additive()) {
      attention.shape.additive = true;
      attention.query = {projected(h, "attention.query", o_.layer.bias, "identity")};
      attention.score = p_.plain_matrix("attention.v.weight", 1, H_);
    }
    if (local()) {
      attention.shape.window = o_.window;
      attention.shape.position = H_;
      attention.position = {projected(h, "attention.position", false, "tanh")};
      attention.position_score = p_.plain_matrix("attention.position_v.weight", 1, H_);
    }
    p_.operations.emplace_back(attention);
  }

  /// φ(W h + b), φ by its name.
  int projected(StepProgram::Read h, const std::string& name, bool bias, const char* phi) {
    const int a = p_.add_pre(name, H_), made = p_.add_signal(name, H_);
    std::vector<StepProgram::Rows> biases;
    const int w = p_.plain_matrix(name + ".weight", H_, H_);
    if (bias) biases.push_back({p_.add_vector(name + ".bias", H_, 0)});
    p_.sum({.target = a, .biases = biases, .products = {{.weight = {w}, .from = h}}});
    p_.apply(activation_rule(phi), {{a}}, {}, {made});
    return made;
  }

  int side_by_side(int first, int second) {
    const int width = p_.signals[static_cast<std::size_t>(second)].units;
    const int both = p_.add_signal("output", H_ + width);
    StepProgram::Gather gather;
    for (int u = 0; u < H_; ++u) gather.entries.push_back({{both}, u, {first}, u});
    for (int u = 0; u < width; ++u) gather.entries.push_back({{both}, H_ + u, {second}, u});
    p_.operations.emplace_back(std::move(gather));
    return both;
  }

  const DecoderOptions& o_;
  StepBuilder p_;
  const int H_;
  int a_ = -1, h_ = -1;
};

}  // namespace

StepProgram decoder_program(const DecoderOptions& options) { return Builder(options).take(); }

}  // namespace rnnlab
