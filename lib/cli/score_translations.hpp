#pragma once

#include <filesystem>
#include <string>

#include "cli/verb.hpp"
#include "decode/beam.hpp"
#include "study/trained_run.hpp"

namespace rnnlab {

/// Decodes the test split of a run of task translation, prints BLEU, exact match and perplexity by
/// the sources' lengths, and writes a tab-separated file with a row for each source, which
/// scripts/compare_bleu.py compares with another's: source, its symbols, nats and steps of the
/// first reference, ten numbers that BLEU is computed from (n-grams that are right, n-grams, n = 1
/// … 4, length, reference length), hypothesis, references. Throws Error: data where the corpus is
/// not the one that was trained on; write where the file cannot be written.
void score_translations(const Invocation&, const std::filesystem::path& folder,
                        const TrainedTranslator&, const BeamOptions&, const std::string& file);

}  // namespace rnnlab
