#include "tasks.hpp"

#include <catch2/catch.hpp>
#include <cstring>
#include <numeric>
#include <set>

#include "example_bytes.hpp"
#include "train/named_task.hpp"

using namespace rnnlab;
using namespace rnnlab::test;

namespace {

template <class F>
void for_each_task(F&& f) {
  for (const TaskEntry& entry : task_list()) {
    CAPTURE(entry.name);
    if (needs_a_file(entry) || !has_sizes(entry)) continue;  // has a test of its own
    const auto small =
        task(entry.name, {{"length", 23}, {"inputs", 5}, {"classes", 7}, {"periods", 64}});
    f(*small);
  }
}

const std::vector<std::uint64_t> ids{0, 1, 2, 3, 4, 5, 6, 1000000007, 1ull << 33, ~0ull};

}  // namespace

TEST_CASE("tasks: an example is a function of key and index, in any order and grouping",
          "[tasks]") {
  for_each_task([](const Task& task) {
    const Key key{42, Stream::train};
    Batch together, reused;
    const auto expected = draw(task, key, ids, together);

    auto reversed = ids;
    std::reverse(reversed.begin(), reversed.end());
    auto backwards = draw(task, key, reversed, reused);  // over an older, larger batch
    std::reverse(backwards.begin(), backwards.end());
    CHECK((backwards == expected));

    for (std::size_t i = 0; i < ids.size(); ++i) {
      CHECK((draw(task, key, {ids[i]}, reused) == std::vector<std::string>{expected[i]}));
    }
    CHECK((draw(task, key, {ids[3], ids[3]}, reused) ==
           std::vector<std::string>{expected[3], expected[3]}));

    // Short sequences of few symbols may meet by chance, ten in a row do not.
    std::set<std::vector<std::string>> draws{expected};
    for (const Key& other :
         {Key{43, Stream::train}, Key{42, Stream::valid}, Key{42, Stream::test}}) {
      draws.insert(draw(task, other, ids, reused));
    }
    CHECK(draws.size() == 4);
    CHECK(std::set<std::string>(expected.begin(), expected.end()).size() > ids.size() / 2);
  });
}

TEST_CASE("tasks: batches are as the facts say", "[tasks]") {
  for_each_task([](const Task& task) {
    const Facts facts = task.facts();
    Batch batch;
    task.draw({1, Stream::train}, ids, batch);
    const std::size_t B = ids.size(), T = static_cast<std::size_t>(facts.length);
    const std::size_t R = facts.readout == Readout::every ? T
                          : facts.readout == Readout::last
                              ? 1
                              : static_cast<std::size_t>(facts.target_length);
    CHECK(batch.T == facts.length);
    CHECK(batch.B == static_cast<int>(B));
    if (facts.symbols) {
      CHECK(batch.x.empty());
      CHECK(batch.symbol.size() == T * B);
      for (const auto symbol : batch.symbol) CHECK((symbol >= 0 && symbol < facts.inputs));
    } else {
      CHECK(batch.x.size() == (facts.once ? 1 : T) * B * static_cast<std::size_t>(facts.inputs));
    }
    if (facts.readout == Readout::sequence) {
      CHECK(batch.target_steps.size() == B);
      for (const int steps : batch.target_steps)
        CHECK((steps >= 1 && steps <= facts.target_length));
    }
    CHECK(batch.weight.size() == R * B);
    CHECK(batch.length.size() == B);
    if (facts.values()) {
      CHECK(batch.y.size() == R * B * static_cast<std::size_t>(facts.outputs));
    } else {
      CHECK(batch.label.size() == R * B);
      for (const auto label : batch.label) {
        CHECK(label >= 0);
        CHECK(label < facts.outputs);
      }
    }
    for (const int length : batch.length) {
      CHECK(length >= 1);
      CHECK(length <= facts.length);
    }
    CHECK(facts.chance_loss > 0);
    CHECK_FALSE(std::string(facts.chance).empty());
  });
}

TEST_CASE("tasks: entries are complete", "[tasks]") {
  std::set<std::string> names;
  for (const TaskEntry& entry : task_list()) {
    CAPTURE(entry.name);
    CHECK(names.insert(entry.name).second);
    CHECK_FALSE(entry.summary.empty());
    CHECK_FALSE(entry.example.empty());
    if (needs_a_file(entry) || !has_sizes(entry)) continue;  // the data say how many there are
    AssignIntegers sizes({{"train_examples", 5}, {"valid_examples", 6}, {"test_examples", 7}});
    const DataOptions data = entry.data(sizes);
    CHECK(data.train_examples == 5);
    CHECK(data.valid_examples == 6);
    CHECK(data.test_examples == 7);
    for (const Protocol& protocol : entry.protocols) {
      CHECK_FALSE(protocol.source.empty());
      CHECK_FALSE(protocol.settings.empty());
    }
  }
  CHECK(names.count("adding") == 1);
  CHECK(names.count("noise") == 1);
}
