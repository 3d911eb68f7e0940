#include "study/alignments.hpp"

#include "base/error.hpp"
#include "base/shown.hpp"

namespace rnnlab {

void check_place_for_alignments(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored) || is_alignment_file(path.string())) return;
  throw Error(Exit::usage, "there is another file, not of alignments", shown(path.string()),
              "give --attention a name of its own");
}

}  // namespace rnnlab
