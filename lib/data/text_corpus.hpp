#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rnnlab {

/// A text as its Unicode code points.
///
/// Four bytes for each: Vocabulary::encode turns them into symbols in place, so that a text takes
/// at most 4 · characters + its bytes of memory, while it is decoded, and 4 · characters after.
struct TextCorpus {
  std::vector<std::int32_t> code_points;
  std::string sha256;  // of the file's bytes
};

/// The text as it is: no normalisation, line ends as they are. Only a byte order mark at its
/// beginning is left out.
///
/// Throws Error(data) for a text that is empty, or not valid UTF-8; then with `name`, the line (one
/// more than the line feeds before) and the byte (the first is byte 1) where the first sequence
/// begins that is not.
TextCorpus parse_text_corpus(std::string_view bytes, const std::string& name);

}  // namespace rnnlab
