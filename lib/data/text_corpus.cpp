#include "data/text_corpus.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "data/utf8.hpp"

namespace rnnlab {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

[[noreturn]] void refuse_invalid(std::string_view bytes, std::size_t at, const std::string& name) {
  constexpr char digits[] = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(bytes[at]);
  const auto before = bytes.substr(0, at);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  throw Error(Exit::data,
              "invalid UTF-8: byte " + std::to_string(at + 1) + " is 0x" + digits[byte >> 4] +
                  digits[byte & 15],
              name + ":" + std::to_string(line), "convert the text to UTF-8, such as with iconv");
}

}  // namespace

TextCorpus parse_text_corpus(std::string_view bytes, const std::string& name) {
  const std::size_t skipped = bytes.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
  if (bytes.size() == skipped) {
    throw Error(Exit::data, "the text is empty", name, "give a text file in UTF-8");
  }
  DecodedUtf8 decoded = decode_utf8(bytes.substr(skipped));
  const std::size_t end = skipped + decoded.bytes;
  if (end < bytes.size()) refuse_invalid(bytes, end, name);
  return {std::move(decoded.code_points), sha256(bytes)};
}

}  // namespace rnnlab
