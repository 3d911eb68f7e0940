#pragma once

#include <memory>
#include <string>

#include "shares.hpp"
#include "speech_sets.hpp"

namespace rnnlab {

/// How recordings, or frames that were made of them elsewhere, are read.
struct SpeechFileOptions {
  std::string path;
  std::int64_t seed = 0;
  Shares shares;
  int mels = 40;
  double f_min = 0, f_max = 0;
};

/// A .npz, .h5 or .hdf5 file: `inputs` [N, T, F] are the frames; `targets` are classes, [N, T] for
/// the frames, [N] for the words, or [N, U] with `target_lengths`, characters from 1 on
/// (file_parts.hpp). Anything else is a corpus of sound (wav.hpp) with a list: lines of a file's
/// name beside the list, a tab, and its class or its transcript, in train.tsv, valid.tsv and
/// test.tsv, or in labels.tsv, of which shares are drawn. Without a test part the test is on
/// validation.
///
/// Throws Error(data), with file and line, for what is missing, is named twice, has no label, is of
/// another sample rate than the first, or has a class that training does not have; a character that
/// training does not have is read as U+FFFD.
std::unique_ptr<SpeechSet> speech_files(const SpeechFileOptions&, SpeechTarget);

}  // namespace rnnlab
