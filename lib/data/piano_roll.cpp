#include "data/piano_roll.hpp"

#include <algorithm>
#include <bitset>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "base/shown.hpp"
#include "base/text.hpp"

namespace rnnlab {
namespace {

constexpr std::array<const char*, 3> part_names{"train", "valid", "test"};

/// Takes the parser's events; whatever does not belong where it stands is refused at once, so depth
/// is bounded whatever the text.
class Reader final : public nlohmann::json_sax<nlohmann::json> {
 public:
  Reader(std::size_t size, const std::string& where, PianoCorpus& corpus)
      : size_(size), where_(where), corpus_(corpus) {}

  bool start_object(std::size_t) override {
    if (depth_ != outside) refuse("an object stands here", "a list of lists of MIDI notes is read");
    depth_ = names;
    return true;
  }
  bool key(std::string& name) override {
    const auto found = std::find(part_names.begin(), part_names.end(), name);
    if (found == part_names.end())
      refuse("unknown key " + shown(name), "the parts are train, valid and test");
    part_ = static_cast<std::size_t>(found - part_names.begin());
    depth_ = part_value;
    if (std::exchange(seen_[part_], true)) refuse("the part is there twice", "leave one of them");
    return true;
  }
  bool end_object() override {
    for (part_ = 0; part_ < part_names.size(); ++part_) {
      if (seen_[part_]) continue;
      depth_ = part_value;
      refuse("the part is missing", "the parts are train, valid and test");
    }
    depth_ = outside;
    return true;
  }
  bool start_array(std::size_t) override {
    if (depth_ < part_value || depth_ > frames)
      refuse("a list stands here", "{train: [[[MIDI notes]]], valid: …, test: …} is read");
    if (depth_ == pieces) pieces_of().emplace_back();
    if (depth_ == frames) notes_.clear();
    depth_ = static_cast<Depth>(depth_ + 1);
    return true;
  }
  bool end_array() override {
    depth_ = static_cast<Depth>(depth_ - 1);
    if (depth_ == part_value) {
      if (pieces_of().empty()) refuse("the part is empty", "give it at least one piece");
      depth_ = names;
    } else if (depth_ == pieces) {
      if (pieces_of().back().frames() < 2)
        refuse("piece " + std::to_string(pieces_of().size() - 1) + " has fewer than two frames",
               "leave it out: there is nothing to predict");
    } else {
      pieces_of().back().add(notes_);
    }
    return true;
  }

  bool number_integer(std::int64_t value) override { return note(static_cast<double>(value)); }
  bool number_unsigned(std::uint64_t value) override { return note(static_cast<double>(value)); }
  bool number_float(double value, const std::string&) override { return note(value); }
  bool null() override { return value("null"); }
  bool boolean(bool) override { return value("a boolean"); }
  bool string(std::string& text) override { return value(shown(text)); }
  bool binary(nlohmann::json::binary_t&) override { return value("binary data"); }

  bool parse_error(std::size_t position, const std::string& token,
                   const nlohmann::json::exception&) override {
    refuse(position > size_
               ? "the JSON ends early"
               : "no JSON at byte " + std::to_string(position) + ", near " + shown(token),
           "fetch the file again");
  }

 private:
  /// What is open where the reader stands.
  enum Depth { outside, names, part_value, pieces, frames, notes };

  std::vector<PianoPiece>& pieces_of() { return corpus_.parts[part_]; }

  bool note(double number) {
    if (depth_ != notes) return value("a number");
    const int rounded = std::abs(number) < 1000 ? static_cast<int>(number) : 0;
    if (number == -1) return true;
    if (rounded != number || rounded < lowest_note || rounded > highest_note)
      refuse(format_double(number) + " is no key of a piano", "give MIDI notes 21 to 108");
    notes_.push_back(rounded);
    return true;
  }
  bool value(const std::string& what) {
    refuse(what + " stands here",
           depth_ == notes ? "give MIDI notes 21 to 108" : "a list of lists of MIDI notes is read");
  }
  [[noreturn]] void refuse(const std::string& what, const std::string& next) {
    throw Error(Exit::data, what, where_ + place(), next);
  }
  std::string place() {
    if (depth_ < part_value) return "";
    std::string text = std::string(": ") + part_names[part_];
    const auto add = [&](std::size_t n) { text += "[" + std::to_string(n) + "]"; };
    if (depth_ < frames) return text;
    add(pieces_of().size() - 1);
    add(static_cast<std::size_t>(pieces_of().back().frames()));
    return text;
  }

  std::size_t size_;
  const std::string& where_;
  PianoCorpus& corpus_;
  Depth depth_ = outside;
  std::size_t part_ = 0;
  std::array<bool, 3> seen_{};
  std::vector<int> notes_;
};

}  // namespace

void PianoPiece::add(std::span<const int> notes) {
  std::bitset<piano_keys> keys;
  for (const int note : notes) keys.set(static_cast<std::size_t>(note - lowest_note));
  bytes_.push_back(static_cast<std::uint8_t>(keys.count()));
  for (std::size_t key = 0; key < piano_keys; ++key)
    if (keys[key]) bytes_.push_back(static_cast<std::uint8_t>(key));
  ++frames_;
}

PianoCorpus read_piano_rolls(std::string_view bytes, const std::string& where) {
  if (bytes.empty()) throw Error(Exit::data, "the file is empty", where, "fetch it again");
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  // The parser takes it for the end, whatever follows.
  if (const std::size_t at = bytes.find('\0'); at != bytes.npos)
    throw Error(Exit::data, "no JSON: a NUL at byte " + std::to_string(at), where,
                "fetch the file again");
  PianoCorpus corpus;
  Reader reader(bytes.size(), where, corpus);
  nlohmann::json::sax_parse(bytes.begin(), bytes.end(), &reader);
  return corpus;
}

}  // namespace rnnlab
