#pragma once

#include <memory>
#include <vector>

#include "data/token_task.hpp"
#include "text_set.hpp"

namespace rnnlab {

/// Training examples whose targets are of like lengths go together, as those steps cost the most;
/// among them those of like sources. REQUIRES: no side has more than 2^20 symbols.
std::int32_t batched_by(std::size_t source, std::size_t target);

/// A text, or two, that are answered by a text, symbol by symbol up to its end; a derived class
/// says how that is judged.
class TextTask : public TokenTask {
 public:
  Facts facts() const final;
  std::int64_t examples(Stream split) const final { return set_->examples(split); }
  std::span<const std::int32_t> example_lengths() const final { return lengths_; }
  void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const final;
  void read_by(const std::vector<std::string>& source_symbols,
               const std::vector<std::string>& symbols) final {
    set_->read_by(source_symbols, symbols);
  }
  std::vector<std::string> symbols() const final { return set_->targets(); }
  std::vector<std::string> source_symbols() const final { return set_->sources(); }
  std::vector<Plateau> plateaus() const final;
  std::string data_sha256() const final { return set_->sha256(); }
  std::vector<std::pair<std::string, std::string>> notes() const final { return set_->notes(); }

 protected:
  /// `data` and `seed`: of sets that are drawn.
  TextTask(std::unique_ptr<TextSet>, const DataOptions& data, std::int64_t seed);

  const TextSet& set() const { return *set_; }
  /// Calls f(TextExample) for every example of a split, of a drawn training set for 1000.
  template <class F>
  void for_each(Stream split, F&& f) const {
    TextExample example;
    for (std::int64_t i = 0; i < count(split); ++i) {
      set_->example({seed_, split}, static_cast<std::uint64_t>(i), example);
      f(example);
    }
  }

 private:
  std::int64_t count(Stream split) const;

  std::unique_ptr<TextSet> set_;
  DataOptions data_;
  std::uint64_t seed_;
  std::vector<std::int32_t> lengths_;
};

}  // namespace rnnlab
