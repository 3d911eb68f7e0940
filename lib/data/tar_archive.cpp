#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "data/archive.hpp"

namespace rnnlab {
namespace {

constexpr std::size_t block_size = 512;
constexpr std::uint64_t longest_name = 1 << 20;

/// A field of a header: up to its first NUL.
std::string_view field(std::string_view header, std::size_t begin, std::size_t size) {
  const std::string_view text = header.substr(begin, size);
  return text.substr(0, text.find('\0'));
}

/// Octal digits between blanks, or in GNU's form for what is too large for them, big-endian bytes.
std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  if (!text.empty() && static_cast<unsigned char>(text[0]) == 0x80) {
    for (const char c : text.substr(1)) {
      if (value >> 55 != 0) return {};
      value = value << 8 | static_cast<unsigned char>(c);
    }
    return value;
  }
  while (text.starts_with(' ')) text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 8);
  const bool filled =
      std::all_of(end, text.data() + text.size(), [](char c) { return c == ' ' || c == '\0'; });
  return error == std::errc{} && filled ? std::optional(value) : std::nullopt;
}

bool is_zero(std::string_view block) { return block.find_first_not_of('\0') == block.npos; }

/// The sum of a header's bytes, its own eight counted as blanks.
bool sum_is_right(std::string_view header) {
  std::uint64_t sum = 8 * ' ';
  for (std::size_t i = 0; i < block_size; ++i)
    if (i < 148 || i >= 156) sum += static_cast<unsigned char>(header[i]);
  return number(header.substr(148, 8)) == sum;
}

/// What a pax header says of the file after it, in lines "LENGTH KEY=VALUE\n".
struct PaxHeader {
  bool readable = true;  // false: the file is stored in parts, or its size is not in its own header
  std::optional<std::string> path;
};

PaxHeader pax_header(std::string_view text) {
  PaxHeader found;
  while (!text.empty()) {
    std::size_t length = 0;
    const char* const end = std::from_chars(text.data(), text.data() + text.size(), length).ptr;
    const auto digits = static_cast<std::size_t>(end - text.data());
    if (digits == 0 || length < digits + 2 || length > text.size()) return {false, {}};
    const std::string_view record = text.substr(digits + 1, length - digits - 2);
    if (record.starts_with("path=")) found.path = record.substr(5);
    if (record.starts_with("size=") || record.starts_with("GNU.sparse")) found.readable = false;
    text.remove_prefix(length);
  }
  return found;
}

/// Takes a tar stream in pieces of any size; its regular files are numbered from 0.
class TarStream {
 public:
  explicit TarStream(const std::string& where) : where_(where) {}
  virtual ~TarStream() = default;

  bool feed(std::string_view piece) {
    while (!piece.empty() && !ended_) {
      if (left_ > 0) {
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, piece.size()));
        if (!data(piece.substr(0, size))) return false;
        left_ -= size;
        piece.remove_prefix(size);
        if (left_ == 0 && !end_of_member()) return false;
      } else if (padding_ > 0) {
        const std::size_t size = std::min(padding_, piece.size());
        padding_ -= size;
        piece.remove_prefix(size);
      } else {
        const std::size_t size = std::min(block_size - header_.size(), piece.size());
        header_.append(piece.substr(0, size));
        piece.remove_prefix(size);
        if (header_.size() == block_size && !read_header()) return false;
      }
    }
    return true;
  }

  /// After the last piece.
  void finish() const {
    if (left_ > 0 || padding_ > 0 || !header_.empty()) refuse("the tar archive is cut off");
  }

 protected:
  /// Of each regular file in turn. False: nothing more is wanted.
  virtual void begin(const std::string& name) = 0;
  virtual bool take(std::string_view piece) = 0;
  virtual bool end() = 0;

  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(Exit::data, what, where_, "fetch it again");
  }

 private:
  bool is_file() const { return type_ == '0' || type_ == '\0' || type_ == '7'; }
  bool is_name() const { return type_ == 'L' || type_ == 'x'; }

  bool read_header() {
    const std::string header = std::exchange(header_, {});
    ended_ = is_zero(header);
    if (ended_) return true;
    const auto size = number(std::string_view(header).substr(124, 12));
    if (!sum_is_right(header) || !size) refuse("the tar archive is damaged");
    type_ = header[156];
    const bool link_or_device = type_ >= '1' && type_ <= '6';  // which have no data
    left_ = link_or_device ? 0 : *size;
    padding_ = static_cast<std::size_t>((block_size - left_ % block_size) % block_size);
    if (is_name() && left_ > longest_name) refuse("the tar archive has a name that is too long");
    if (is_file()) {
      const std::string_view prefix = field(header, 345, 155);
      const bool ustar = field(header, 257, 6).starts_with("ustar") && header[262] == '\0';
      std::string name{field(header, 0, 100)};
      if (ustar && !prefix.empty()) name = std::string(prefix) + "/" + name;
      begin(long_name_.value_or(name));
    }
    if (!is_name() && type_ != 'K' && type_ != 'g') long_name_.reset();  // it has had its file
    return left_ > 0 || end_of_member();
  }

  bool data(std::string_view piece) {
    if (is_name()) text_.append(piece);
    return !is_file() || take(piece);
  }

  bool end_of_member() {
    if (type_ == 'L') long_name_ = text_.substr(0, text_.find('\0'));
    if (type_ == 'x') {
      PaxHeader pax = pax_header(text_);
      if (!pax.readable) refuse("the tar archive has a pax header that is not understood");
      if (pax.path) long_name_ = std::move(pax.path);
    }
    text_.clear();
    return !is_file() || end();
  }

  std::string where_;
  std::string header_;                    // as much of it as is here
  std::string text_;                      // of a header that holds a name
  std::optional<std::string> long_name_;  // of the file that follows
  char type_ = '0';
  std::uint64_t left_ = 0;  // bytes of the member
  std::size_t padding_ = 0;
  bool ended_ = false;
};

/// The regular files and their numbers; of several under one name the last, as unpacking leaves it.
class TarList final : public TarStream {
 public:
  using TarStream::TarStream;
  std::map<std::string, std::size_t> numbers;

 private:
  void begin(const std::string& name) override {
    const std::string plain = name.starts_with("./") ? name.substr(2) : name;
    if (!plain.empty()) numbers[plain] = count_;
    ++count_;
  }
  bool take(std::string_view) override { return true; }
  bool end() override { return true; }

  std::size_t count_ = 0;
};

class TarFile final : public TarStream {
 public:
  TarFile(const std::string& where, std::size_t wanted, const Sink& sink)
      : TarStream(where), wanted_(wanted), sink_(sink) {}

 private:
  void begin(const std::string&) override { ++count_; }
  bool take(std::string_view piece) override { return count_ != wanted_ + 1 || sink_(piece); }
  bool end() override { return count_ != wanted_ + 1; }

  std::size_t wanted_;
  const Sink& sink_;
  std::size_t count_ = 0;
};

class TarGzArchive final : public Archive {
 public:
  explicit TarGzArchive(const std::string& path) : path_(path) {
    TarList list(path);
    feed(list);
    list.finish();
    numbers_ = std::move(list.numbers);
  }

  std::vector<std::string> files() const override {
    std::vector<std::string> names;
    for (const auto& [name, number] : numbers_) names.push_back(name);
    return names;
  }

  std::string bytes(const std::string& file, const std::string& where) const override {
    return collected([&](const Sink& sink) {
      TarFile member(where, numbers_.at(file), sink);
      feed(member);
    });
  }

 private:
  void feed(TarStream& stream) const {
    inflate_gzip(file_bytes(path_), path_,
                 [&](std::string_view piece) { return stream.feed(piece); });
  }

  std::string path_;
  std::map<std::string, std::size_t> numbers_;
};

}  // namespace

std::unique_ptr<Archive> open_tar_gz(const std::string& path) {
  return std::make_unique<TarGzArchive>(path);
}

}  // namespace rnnlab
