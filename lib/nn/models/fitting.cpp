#include "nn/models/fitting.hpp"

#include <algorithm>
#include <numeric>

#include "base/check.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "nn/models/known_options.hpp"
#include "nn/models/models.hpp"

namespace rnnlab {
namespace {

/// The members whose `key` is `value`; `otherwise` is what it is where a preset leaves it.
std::string members(const std::string& key, const std::string& value,
                    const std::string& otherwise) {
  std::vector<std::string> names;
  for (const ModelPreset& preset : model_presets()) {
    const auto set = std::find_if(preset.settings.begin(), preset.settings.end(),
                                  [&](const auto& setting) { return setting.first == key; });
    if ((set == preset.settings.end() ? otherwise : set->second) == value)
      names.push_back(preset.name);
  }
  return join(names, ", ");
}

[[noreturn]] void refuse(const std::string& what, const std::string& key,
                         const std::string& remedy) {
  throw Error(Exit::usage, what, "model." + key, remedy);
}

void check_own_head(const ModelOptions& o) {
  const auto alone = [](bool fits, const std::string& key) {
    if (fits) return;
    refuse("cell jordan reads its own output back, so it is one forward layer without another head",
           key, "leave it at its default, or choose another cell");
  };
  alone(o.layers == 1, "layers");
  alone(o.direction == "forward", "direction");
  alone(o.depth == "stacked", "depth");
  alone(!o.residual, "residual");
  alone(!o.layer_norm, "layer_norm");
  alone(o.readout_activation == "identity", "readout_activation");
  alone(!o.tied, "tied");
}

void check_layers(const ModelOptions& o) {
  if (o.layers == 0)
    refuse("a model of architecture " + o.architecture + " has at least one layer", "layers",
           "give 1 or more, or choose one of " + members("cell", "none", "lstm"));
}

void check_images(const ModelOptions& o, const Facts& facts) {
  if (facts.rows == 0)
    refuse("the task's sequences are no images", "architecture",
           "choose a task of images (marks), or one of " +
               members("architecture", "recurrent", "recurrent"));
  const bool lstm = o.cell == "lstm";
  if (o.architecture == "md" && !lstm && o.cell != "elman")
    refuse("there is no cell " + o.cell + " of two dimensions", "cell", "choose elman or lstm");
  if (o.architecture == "renet" && (is_feed_forward(o) || is_own_head(o)))
    refuse("cell " + o.cell + " has no state to go along rows and columns with", "cell",
           "choose another one");
  if ((o.architecture == "grid" || (o.architecture == "md" && lstm)) && o.activation != "tanh")
    refuse("LSTM units are built with tanh", "activation", "leave it tanh");
  if (facts.rows % o.patch != 0 || facts.columns % o.patch != 0)
    refuse("images of " + std::to_string(facts.rows) + " x " + std::to_string(facts.columns) +
               " points cannot be cut into patches of " + std::to_string(o.patch) + " x " +
               std::to_string(o.patch),
           "patch", "give a divisor of both sides, or 1");
  if (o.patch > 1 && (facts.readout == Readout::every || o.pool == "every"))
    refuse("patches have no prediction at every point", "patch",
           "leave it 1, or choose a task with one target per image");
}

void check_transformer(const ModelOptions& o, const Facts& facts) {
  if (o.hidden % heads_of(o) != 0)
    refuse(std::to_string(o.hidden) + " units cannot be shared out among " +
               std::to_string(o.heads) + " heads",
           "heads", "give a divisor of model.hidden, or 0");
  if (o.max_positions > 0 && o.positions != "learned")
    refuse("positions " + o.positions + " have no limit", "max_positions",
           "leave it 0, or give model.positions = learned");
  const auto holds = [&](int steps, const std::string& whose) {
    if (o.max_positions > 0 && o.max_positions < steps)
      refuse(whose + " have up to " + std::to_string(steps) +
                 " steps, more than the learned positions",
             "max_positions",
             "give " + std::to_string(steps) +
                 " or more, or model.positions = sinusoidal, which has no limit");
  };
  const bool writes = facts.readout == Readout::sequence;
  holds(facts.length, writes ? "sources" : "the task's sequences");
  if (writes) holds(facts.target_length, "targets");
}

/// The members that are sequence to sequence.
std::string decoders() {
  std::vector<std::string> names;
  for (const ModelPreset& preset : model_presets()) {
    const bool writes =
        std::any_of(preset.settings.begin(), preset.settings.end(), [](const auto& setting) {
          return setting.first == "bridge" || setting.first == "attention";
        });
    if (writes) names.push_back(preset.name);
  }
  return join(names, ", ");
}

void check_decoder(const ModelOptions& o, const Facts& facts) {
  const bool attends = o.attention != "none";
  if (o.attention == "multi-head")
    refuse("recurrent decoders do not attend by several heads", "attention",
           "choose dot, scaled-dot, general, additive or local, or one of " +
               members("attention", "multi-head", "none"));
  check_layers(o);
  if (is_feed_forward(o) || is_own_head(o))
    refuse("a decoder is made of recurrent layers, and cell " + o.cell + " is none", "cell",
           "choose lstm, gru, elman or another cell");
  if (recurrent_width(o, facts) != o.hidden)
    refuse(
        "a decoder's layers are as wide as model.hidden, and those of cell " + o.cell + " are not",
        "cell", "choose lstm, gru, elman or another cell");
  if (o.bridge == "none" && !attends)
    refuse("without bridge and attention the decoder knows nothing of the source", "bridge",
           "choose last, transform or all, or set model.attention, as " + decoders() + " do");
  if (o.bridge == "none" && o.context != "initial")
    refuse("without a bridge there is no context to give", "context",
           "leave it initial, or set model.bridge");
  const bool twice = o.direction == "bidirectional" && o.merge == "concat";
  const bool from_last = o.bridge == "last" && o.context != "every-step";
  if (from_last && twice)
    refuse("the last states of both directions are twice as wide as the decoder's", "bridge",
           "choose transform or all, or model.merge = sum");
  if (from_last && facts.second_length > 0)
    refuse("the last states of two encoders do not fit into one decoder's", "bridge",
           "choose transform or all, or model.context = every-step");
  if ((o.attention == "dot" || o.attention == "scaled-dot") && twice)
    refuse("the encoder's states are twice as wide as the query", "attention",
           "choose general, additive or local, or model.merge = sum");
  if (o.bridge == "none" && facts.second_length > 0)
    refuse("attention looks at the first source alone, so without a bridge nobody reads the second",
           "bridge", "choose transform or all");
  if (o.attention_at != "before" && !attends)
    refuse("without attention nothing is read before or after a step", "attention_at",
           "leave it before, or set model.attention");
  if (o.attention_window != ModelOptions{}.attention_window && o.attention != "local")
    refuse("attention " + o.attention + " has no window", "attention_window",
           "leave it at its default, or set model.attention = local");
  if (o.cell.starts_with("slstm") && o.bridge != "none" && o.context != "every-step")
    refuse("the bridge gives an slstm's c without its normaliser", "context",
           "choose every-step, or another cell");
  if (o.pool == "every")
    refuse("a bridge pools states into one vector", "pool", "choose last, mean, max or attention");
  if (o.pool != "last" && o.bridge != "all")
    refuse("only bridge all pools the encoder's states", "pool",
           "leave it last, or set model.bridge = all");
  if (o.input_feeding && !(attends && o.attention_at == "after"))
    refuse("what is fed in is made by attention after the step", "input_feeding",
           "set model.attention and model.attention_at = after");
  for (const auto& [key, set] : {std::pair{"residual", o.residual},
                                 {"layer_norm", o.layer_norm},
                                 {"depth", o.depth == "skip" || o.depth == "deep-input"}}) {
    if (set)
      refuse("the layers of a decoder are stacked in each step", key,
             "leave it at its default, or give more model.layers");
  }
  if (o.h0 != "zero")
    refuse("a decoder starts from what the bridge gives it", "h0", "leave it zero");
}

void check_transformer_decoder(const ModelOptions& o, const Facts& facts) {
  if (o.architecture != "transformer")
    refuse("a model of architecture " + o.architecture + " writes no sequence", "architecture",
           "choose a task with one target per sequence or step, or one of " + decoders());
  if (facts.second_length > 0)
    refuse("a transformer reads one source, and the task has two", "architecture",
           "choose another task, or one of seq2seq-context, seq2seq-attention");
  if (o.attention != "multi-head")
    refuse(o.attention == "none" ? "without attention the decoder knows nothing of the source"
                                 : "a transformer's decoder attends by several heads",
           "attention",
           "set multi-head, as " + members("attention", "multi-head", "none") +
               " does, or choose one of " + decoders());
  if (o.pool != "last")
    refuse("a transformer's decoder attends to all of the encoder's states, so none is pooled",
           "pool", "leave it last");
}

/// A language model predicts what comes next: it may not have read it.
void check_looks_back(const ModelOptions& o) {
  const std::string what = "the task asks for the next symbol, which the model would have read";
  if (o.direction != "forward")
    refuse(what, "direction",
           "choose forward, or one of " + members("direction", "forward", "forward"));
  if (o.architecture == "transformer" && o.causal == "no")
    refuse(what, "causal", "leave it auto, or choose yes");
}

/// Whether the model's kind goes with what the task asks for.
void check_target(const ModelOptions& o, const Facts& facts) {
  const ModelOptions plain;
  if (facts.readout == Readout::sequence && facts.given > 0)
    refuse("an encoder reads a source alone, and the task gives a vector besides", "name",
           "choose a task without one");
  const bool ctc = facts.loss == LossKind::ctc;
  RNNLAB_CHECK_LE(ctc, facts.readout == Readout::every && facts.metric == Metric::of_loss);
  RNNLAB_CHECK_LE(ctc, facts.target_length > 0 && facts.outputs > 1);
  if (facts.readout == Readout::every && facts.metric != Metric::of_loss) check_looks_back(o);
  if (facts.readout == Readout::sequence)
    return is_recurrent(o) ? check_decoder(o, facts) : check_transformer_decoder(o, facts);
  if (facts.second_length > 0)
    refuse("the task has two sources", "name", "choose one of " + decoders());
  for (const auto& [key, set] : {std::pair{"bridge", o.bridge != plain.bridge},
                                 {"attention", o.attention != plain.attention},
                                 {"context", o.context != plain.context},
                                 {"attention_at", o.attention_at != plain.attention_at},
                                 {"attention_window", o.attention_window != plain.attention_window},
                                 {"input_feeding", o.input_feeding}}) {
    if (set)
      refuse(ctc ? "the task's target is read off the predictions of all steps, without a decoder"
                 : "the task has no target sequence for a decoder to write",
             key, "leave it at its default, or choose a task of sequence to sequence");
  }
}

}  // namespace

bool is_feed_forward(const ModelOptions& o) { return o.cell == "none"; }

bool writes_sequences(const ModelOptions& o) { return o.bridge != "none" || o.attention != "none"; }

bool is_recurrent(const ModelOptions& o) { return o.architecture == "recurrent"; }

bool reads_images(const ModelOptions& o) {
  return o.architecture == "md" || o.architecture == "renet" || o.architecture == "grid";
}

int heads_of(const ModelOptions& o) {
  if (o.heads > 0) return static_cast<int>(o.heads);
  return o.hidden % 8 == 0 ? 8 : o.hidden % 4 == 0 ? 4 : o.hidden % 2 == 0 ? 2 : 1;
}

bool is_own_head(const ModelOptions& o) { return o.cell == "jordan"; }

int recurrent_width(const ModelOptions& o, const Facts& facts) {
  if (is_own_head(o)) return facts.outputs;
  const bool with_memory = o.cell == "mrnn" || o.cell == "mrnnf";  // [h; m]
  return static_cast<int>(with_memory ? 2 * o.hidden : o.hidden);
}

bool has_deep_output(const ModelOptions& o) {
  return o.depth == "deep-output" || o.depth == "dot" || o.depth == "dot-s";
}

std::int64_t unit_of_width(const ModelOptions& o) {
  return std::lcm(o.cell == "lstm-1997" ? o.block : 1,
                  o.architecture == "transformer" ? std::max<std::int64_t>(o.heads, 1) : 1);
}

int side_by_side(std::int64_t count, int width, const std::string& key) {
  constexpr std::int64_t most = 1 << 30;
  if (count > most / width)
    refuse(std::to_string(count) + " times " + std::to_string(width) +
               " values in a step are more than a layer can have",
           key, "choose fewer");
  return static_cast<int>(count * width);
}

void check_fit(const ModelOptions& o, const Facts& facts) {
  check_target(o, facts);
  check_known_options(o);
  if (o.activation == "modrelu" &&
      ((!is_recurrent(o) && o.architecture != "renet") || is_feed_forward(o) ||
       o.depth == "deep-input" || has_deep_output(o)))
    refuse("only elman layers have modrelu", "activation",
           "choose another, or cell elman without dense hidden layers");
  if (o.embedding > 0 && facts.given > 0)
    refuse("the task's symbols are read joined to a given vector, as numbers", "embedding",
           "leave it 0");
  const bool writes_symbols = facts.readout == Readout::sequence && is_recurrent(o);
  if (o.embedding > 0 && !facts.symbols && !writes_symbols)
    refuse("the task's inputs are numbers, not symbols", "embedding",
           "leave it 0, or choose a task over text");
  if (o.pool != "last" && facts.readout == Readout::every)
    refuse("the task has a target at every step, so nothing is pooled", "pool",
           "leave it last, or choose a task with one target per sequence");
  if (o.architecture == "transformer") check_transformer(o, facts);
  if (reads_images(o)) check_images(o, facts);
  if (!is_recurrent(o)) {
    check_layers(o);
    return;
  }
  if (is_feed_forward(o)) {
    if (o.recurrent_map != "none")
      refuse("a feed-forward model has no recurrent matrix", "recurrent_map",
             "leave it none, or choose one of exprnn, scornn");
    if (o.direction != "forward")
      refuse(
          "a feed-forward model has no direction", "direction",
          "leave it forward, or choose one of " + members("direction", "bidirectional", "forward"));
    if (o.depth != "stacked" && !has_deep_output(o))
      refuse("a feed-forward model has no recurrence to deepen by " + o.depth, "depth",
             "leave it stacked and give more model.layers");
    if (o.residual || o.layer_norm)
      refuse("residual connections and layer norm belong to recurrent layers",
             o.residual ? "residual" : "layer_norm", "leave it false, or set model.cell");
    return;
  }
  if (is_own_head(o)) check_own_head(o);
  check_layers(o);
}

void check_tied(const ModelOptions& o, const Facts& facts, int width) {
  const bool own = facts.readout == Readout::sequence;  // a decoder's embedding is of its outputs
  if (o.embedding == 0 || (!own && facts.inputs != facts.outputs))
    refuse("only a language model's or a decoder's output can be tied to its embedding", "tied",
           "give model.embedding and a task whose inputs and outputs are the same symbols");
  if (o.embedding != width)
    refuse("the output reads " + std::to_string(width) + " units and the embedding has " +
               std::to_string(o.embedding),
           "tied", "give model.embedding = " + std::to_string(width));
}

void check_reads_in_windows(const ModelOptions& o) {
  if (!is_recurrent(o))
    refuse("a model of architecture " + o.architecture +
               " carries no state from one piece of a sequence to the next",
           "architecture",
           "choose a task of separate sequences without train.truncate, or one of " +
               members("architecture", "recurrent", "recurrent"));
  if (o.direction == "forward") return;
  refuse("a model that reads from the end cannot read a sequence piece by piece", "direction",
         "choose a task of separate sequences without train.truncate, or one of " +
             members("direction", "forward", "forward"));
}

void check_has_recurrent_matrix(const ModelOptions& o) {
  const bool along_lines = is_recurrent(o) || o.architecture == "renet";
  if (along_lines && !is_feed_forward(o)) return;
  throw Error(Exit::usage, "the model has no recurrent matrix from step to step to regularise",
              "train.omega", "leave it 0, or choose a recurrent model (rnnlab list models)");
}

RecurrentOptions recurrent_options(const ModelOptions& o, const Facts& facts, int inputs,
                                   const std::string& suffix, bool input_gradient) {
  return {.cell = o.cell,
          .activation = o.activation,
          .inputs = inputs,
          .hidden = static_cast<int>(o.hidden),
          .bias = o.bias,
          .suffix = suffix,
          .init = o.init,
          .recurrent_init = o.recurrent_init,
          .input_gain = o.input_gain,
          .spectral_radius = o.spectral_radius,
          .init_std = o.init_std,
          .init_connections = static_cast<int>(o.init_connections),
          .fused_fan = o.init_fan == "fused",
          .forget_bias = o.forget_bias,
          .chrono = o.chrono,
          .leak = o.leak,
          .depth = o.depth,
          .deep_layers = static_cast<int>(o.deep_layers),
          .time_skip = static_cast<int>(o.time_skip),
          .block = static_cast<int>(o.block),
          .truncated_gradient = o.truncated_gradient,
          .input_gate_bias = o.input_gate_bias,
          .input_gate_bias_step = o.input_gate_bias_step,
          .output_gate_bias = o.output_gate_bias,
          .output_gate_bias_step = o.output_gate_bias_step,
          .outputs = facts.outputs,
          .input_gradient = input_gradient,
          .h0 = {o.h0, o.h0_scale},
          .recurrent_map = o.recurrent_map,
          .negative_ones = o.negative_ones,
          .memory_lags = static_cast<int>(o.memory_lags),
          .r_min = o.r_min,
          .r_max = o.r_max,
          .max_phase = o.max_phase,
          .fixed = o.fixed};
}

}  // namespace rnnlab
