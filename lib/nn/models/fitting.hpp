#pragma once

#include <cstdint>
#include <string>

#include "data/batch.hpp"
#include "nn/layers/recurrent.hpp"
#include "nn/options.hpp"

namespace rnnlab {

/// Throws Error where the options do not fit together, or do not fit a task of these facts: what
/// does not, under which key, and which members of the zoo do.
void check_fit(const ModelOptions&, const Facts&);

/// Throws Error if the model must see a sequence to its end, where it is read piece by piece: a
/// stream, or `train.truncate`.
void check_reads_in_windows(const ModelOptions&);

/// Throws Error if the model has no recurrent matrix for `train.omega` to regularise.
void check_has_recurrent_matrix(const ModelOptions&);

/// Throws Error if the embedding cannot be the matrix of an output that reads `width` units.
void check_tied(const ModelOptions&, const Facts&, int width);

bool is_feed_forward(const ModelOptions&);
/// Whether layers are recurrent, or dense on a window: all but the architectures of their own.
bool is_recurrent(const ModelOptions&);
/// Whether it is a model of sequence to sequence, by its options.
bool writes_sequences(const ModelOptions&);
/// Whether the model reads images alone.
bool reads_images(const ModelOptions&);
/// The heads of a transformer's attention.
int heads_of(const ModelOptions&);
/// Whether the recurrent layer gives the predictions itself.
bool is_own_head(const ModelOptions&);
bool has_deep_output(const ModelOptions&);
/// What model.hidden is a multiple of: its memory blocks' cells, its heads.
std::int64_t unit_of_width(const ModelOptions&);
/// `count` times `width` values in one step. Throws Error, naming model.KEY, where they are more
/// than a layer can number.
int side_by_side(std::int64_t count, int width, const std::string& key);
/// Units of what a recurrent layer of the model puts out.
int recurrent_width(const ModelOptions&, const Facts&);

/// One recurrent layer of the model.
RecurrentOptions recurrent_options(const ModelOptions&, const Facts&, int inputs,
                                   const std::string& suffix, bool input_gradient);

}  // namespace rnnlab
