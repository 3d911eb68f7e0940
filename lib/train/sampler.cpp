#include "train/sampler.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace rnnlab {

Sampler::Sampler(std::uint64_t seed, std::uint64_t examples, int batch,
                 std::span<const std::int32_t> lengths)
    : key_{seed, Stream::order}, examples_(examples), batch_(static_cast<std::uint64_t>(batch)) {
  if (lengths.empty() || batch_ > examples_) return;
  RNNLAB_CHECK_EQ(lengths.size(), examples_);
  lengths_ = lengths;
  for (Order& order : orders_) order.example.resize(examples_);
  pool_.resize(std::min(examples_, pool_batches * batch_));
}

void Sampler::prepare(std::int64_t step) {
  if (lengths_.empty()) return;
  const std::uint64_t first = static_cast<std::uint64_t>(step) * batch_;
  for (const std::uint64_t position : {first, first + batch_ - 1}) {
    const std::uint64_t epoch = position / examples_;
    Order& order = orders_[epoch % 2];
    if (order.epoch != static_cast<std::int64_t>(epoch)) make(order, epoch);
  }
}

void Sampler::make(Order& order, std::uint64_t epoch) {
  order.epoch = static_cast<std::int64_t>(epoch);
  // What fills up the last batch of the epoch before comes as it is.
  const std::uint64_t begun = epoch * examples_ % batch_, head = (batch_ - begun) % batch_;
  for (std::uint64_t i = 0; i < head; ++i) order.example[i] = shuffled(epoch, i);
  for (std::uint64_t from = head; from < examples_; from += pool_.size()) {
    const std::uint64_t count = std::min<std::uint64_t>(pool_.size(), examples_ - from);
    const std::span<std::uint64_t> pool(pool_.data(), count);
    // A number to sort by: the length, then the place in the epoch's order.
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto length = static_cast<std::uint32_t>(lengths_[shuffled(epoch, from + i)]);
      pool[i] = std::uint64_t{length} << 32 | i;
    }
    std::sort(pool.begin(), pool.end());
    // Whole batches change places; what is less than one stays at the end.
    const std::uint64_t batches = count / batch_;
    const Key key{key_.seed ^ from, Stream::order};
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::uint64_t batch = i / batch_;
      const std::uint64_t source = batch < batches ? permuted(key, epoch, batches, batch) : batch;
      const std::uint64_t place = pool[source * batch_ + i % batch_] & 0xFFFFFFFFu;
      order.example[from + i] = shuffled(epoch, from + place);
    }
  }
}

void Sampler::examples(std::int64_t step, int first, std::span<std::uint64_t> ids) const {
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::uint64_t position =
        static_cast<std::uint64_t>(step) * batch_ + static_cast<std::uint64_t>(first) + i;
    if (!lengths_.empty()) {
      const std::uint64_t epoch = position / examples_;
      const Order& order = orders_[epoch % 2];
      RNNLAB_CHECK_EQ(order.epoch, static_cast<std::int64_t>(epoch));
      ids[i] = order.example[position % examples_];
    } else if (examples_ > 0) {
      ids[i] = shuffled(position / examples_, position % examples_);
    } else {
      Rng rng(key_, position);
      const std::uint64_t high = rng.word();
      ids[i] = high << 32 | rng.word();
    }
  }
}

}  // namespace rnnlab
