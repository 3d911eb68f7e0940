#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "data/task.hpp"
#include "data/tokeniser.hpp"

namespace rnnlab {

/// One example of a task that answers a text, or two, by a text, in symbols. Reused from example to
/// example.
struct TextExample {
  std::vector<std::int32_t> source, second, target;  // the target without its end
};

/// Where the examples of such a task come from. Symbol 0 of the targets is their end.
class TextSet {
 public:
  virtual ~TextSet() = default;

  /// Of a split; 0 where there are as many as one asks for.
  virtual std::int64_t examples(Stream) const { return 0; }
  /// Beyond the last one they begin anew.
  virtual void example(Key, std::uint64_t index, TextExample& to) const = 0;

  struct Longest {
    int source = 0, second = 0, target = 0;  // in symbols; second: 0 where there is none
  };
  virtual Longest longest() const = 0;
  virtual const std::vector<std::string>& sources() const = 0;  // symbols of both sources
  virtual const std::vector<std::string>& targets() const = 0;
  virtual std::string text(std::span<const std::int32_t> source_or_target, bool target) const = 0;

  /// From here on in these symbols, unknown_token among each (data/token_task.hpp). A set whose
  /// texts are made keeps its own.
  virtual void read_by(const std::vector<std::string>& /*sources*/,
                       const std::vector<std::string>& /*targets*/) {}

  /// Nats per symbol of a target, its end counted, of who sees no source; in words.
  virtual double chance_loss() const = 0;
  virtual const char* chance() const = 0;
  /// Where a loss may stay below chance.
  virtual std::vector<Plateau> plateaus() const { return {}; }
  virtual std::string sha256() const { return {}; }
  virtual std::vector<std::pair<std::string, std::string>> notes() const { return {}; }
};

/// Options of tasks whose texts come from tab-separated files.
struct TextFileOptions {
  std::string path, language = "en", tokens = "auto";
  bool lower = true;
  std::int64_t seed = 0, min_count = 2, vocabulary = 10000, text_length = 400, target_length = 60;
  double valid_share = 0.1, test_share = 0.1;

  /// `columns`: what stands in them: "document, summary".
  void describe(OptionVisitor&, const std::string& columns);
  Tokeniser tokeniser() const;
};

/// The set of files with these columns, two or three: the last one is the target. Throws Error.
std::unique_ptr<TextSet> read_text_set(const TextFileOptions&,
                                       const std::vector<std::string>& columns);

}  // namespace rnnlab
