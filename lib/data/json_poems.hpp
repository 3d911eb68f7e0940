#pragma once

#include <string>
#include <string_view>

namespace rnnlab {

/// The poems of a JSON list as one text: of every poem the strings of its `paragraphs`, one on each
/// line, and an empty line before the next poem. What else a poem has (author, title) is left out.
///
///     [{"author": "李白", "title": "靜夜思", "paragraphs": ["床前看月光，疑是地上霜。", …]}, …]
///
/// Throws Error(data) naming `name`, and the line or the poem, for what is no such list.
std::string poems_of_json(std::string_view bytes, const std::string& name);

}  // namespace rnnlab
