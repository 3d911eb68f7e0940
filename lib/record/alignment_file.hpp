#pragma once

#include <string>
#include <vector>

namespace rnnlab {

/// What a model looked at in a source, step by step of a target.
struct AlignedLine {
  std::vector<std::string> source, target;  // texts of their symbols
  std::vector<float> weights;               // [target, source]
  double log_probability = 0;               // of the target, nats
};

/// Writes the alignments of the lines 1, 2, … but those without a source to a file of the schema
/// `rnnlab.alignment` (run_file.md), as a whole or not at all. Throws Error(write).
void write_alignment_file(const std::string& path, const std::vector<AlignedLine>& lines);

/// Whether there is a file of that schema.
bool is_alignment_file(const std::string& path);

}  // namespace rnnlab
