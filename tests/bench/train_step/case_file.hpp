#pragma once

#include <map>
#include <string>
#include <vector>

#include "train_step/cases.hpp"

namespace rnnlab::bench {

/// An array of a case file, row-major.
struct Array {
  std::vector<int> shape;
  std::vector<float> values;
};

/// One case with its answers, from ours to its rivals: what a step starts from and what it must
/// come to. The arrays, all float32:
///
///   x                [T, B, inputs]
///   label            [T, B]           classes, as numbers
///   parameter/NAME   θ under PyTorch's names, in PyTorch's layout: gates i f g o and r z n
///   gradient/NAME    of the mean cross-entropy, at that θ
///   updated/NAME     θ after one update
///   loss             [K]              of K consecutive steps on the same batch, from θ on
///
/// The file: lines `rnnlab-case 1`, `cell NAME`, `B N`, `T N`, `H N`, `layers N`,
/// `array NAME DIM …` for each array, and `end`; then the arrays' values in that order,
/// little-endian, with nothing between them.
struct CaseFile {
  Case shape;
  std::map<std::string, Array> arrays;

  const Array& at(const std::string& name) const;
};

/// Both throw std::runtime_error with the file and what is wrong.
void write_case(const std::string& path, const CaseFile&);
CaseFile read_case(const std::string& path);

}  // namespace rnnlab::bench
