#pragma once

#include <array>

#include "text_set.hpp"

namespace rnnlab {

/// Stories of four people who walk through six rooms and take along three things, and questions
/// that one, two or three of their sentences answer, in the manner of bAbI's tasks 1 to 3 (Weston
/// et al.: Towards AI-Complete Question Answering, 2015); words and rules are our own.
///
///   one     where is NAME ?                       NAME's last walk
///   two     where is the THING ?                  who took it, and the last walk of them
///   three   where was the THING before the ROOM ? who took it, their last walk, which led to ROOM,
///                                                 and the one before, which led to the answer
///
/// The answer is a room, uniform; who of three sees the question alone knows one that it is not.
/// The last of the sentences that are needed is the last but `behind`. Everything else is filled
/// with what does not change the answer: others' walks and takings, earlier walks.
class Stories final : public TextSet {
 public:
  struct Options {
    std::int64_t supporting = 1;
    std::int64_t sentences = 10;
    std::int64_t behind = -1;

    void describe(OptionVisitor&);
  };

  /// Throws Error(usage) where the sentences do not suffice.
  explicit Stories(const Options&);

  void example(Key, std::uint64_t index, TextExample& to) const override;
  Longest longest() const override;
  const std::vector<std::string>& sources() const override { return words_; }
  const std::vector<std::string>& targets() const override { return rooms_; }
  std::string text(std::span<const std::int32_t> symbols, bool target) const override;
  double chance_loss() const override;
  const char* chance() const override;
  std::vector<Plateau> plateaus() const override;

  static constexpr int people = 4, rooms = 6, things = 3;

 private:
  int supporting_, sentences_, behind_;
  std::vector<std::string> words_, rooms_;  // rooms_: the end, then the rooms
};

}  // namespace rnnlab
