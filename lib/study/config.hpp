#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "data/task.hpp"
#include "nn/options.hpp"
#include "study/assign.hpp"
#include "study/config_schema.hpp"
#include "study/registry.hpp"
#include "study/setting.hpp"
#include "train/options.hpp"

namespace rnnlab {

/// A resolved configuration: every key of its schema with a value in canonical spelling, and where
/// the value came from. Immutable; refers to the registry's lists.
class Config {
 public:
  struct Entry {
    const KeySpec& spec;  // of the schema, which the configuration keeps alive
    std::string value;
    std::string where;
    std::string identity = {};  // what stands for the value in the run's id: `value`, or of a file
                                // that is named, its content_id
    bool remembered = false;    // the content_id came with the file's name; it has not been read
  };

  const std::vector<Entry>& entries() const { return entries_; }
  /// The canonical value of a key of the schema.
  const std::string& value(std::string_view key) const;

  const TaskEntry& task() const { return *task_; }
  const Protocol* protocol() const { return protocol_; }  // null: none
  /// `adding`, or `adding@arjovsky2016`.
  std::string task_name() const;

  /// A visitor that gives the fields of a section's option struct their values.
  Assign assign(const std::string& section) const;
  ModelOptions model() const;
  TrainOptions train() const;
  RunOptions run() const;
  RecordOptions record() const;
  std::uint64_t task_seed() const;
  /// A file whose content is named is taken from where it was, else from the data cache. Throws
  /// Error(data) where it is in neither.
  std::unique_ptr<Task> make_task() const;
  DataOptions data() const;

  /// The keys of the id and the seed as INI, files as `sha256:… PATH`: what `config.ini` holds.
  /// Resolving it gives the same run, and reads no file.
  std::string text() const;
  /// The same with files by their content: what `/config` holds.
  std::string portable_text() const;
  /// Every key but `run.dir` as INI, files likewise: what a manifest freezes.
  std::string full_text() const;
  /// SHA-256 over the keys of the id and the `numerics` revision: the same for every seed.
  const std::string& hash() const { return hash_; }
  /// The same without `train.steps`, and with the seed: equal for runs of which one is the
  /// beginning of the other.
  const std::string& course() const { return course_; }
  /// `<task>-<model>-<8 hex>-s<seed>`.
  std::string id() const;

 private:
  friend class Resolver;
  std::string ini(bool (*keep)(const KeySpec&), std::string (*kept)(const Entry&)) const;

  std::shared_ptr<const Schema> schema_;
  std::vector<Entry> entries_;
  const TaskEntry* task_ = nullptr;
  const Protocol* protocol_ = nullptr;
  std::string hash_, course_;
};

/// Layers, the later wins: defaults < the model's preset < the protocol (what it sets for every
/// model, then for the chosen one) < `settings` in their order. Throws Error(usage) for anything
/// unknown or out of range.
Config resolve(const Registry&, const std::vector<Setting>& settings);

/// The same for many configurations of one registry, which share what they have in common.
class Resolver {
 public:
  explicit Resolver(const Registry& registry) : registry_(registry) {}
  Config operator()(const std::vector<Setting>& settings);

 private:
  std::shared_ptr<const Schema> schema(const TaskEntry&);

  const Registry& registry_;
  std::map<const TaskEntry*, std::shared_ptr<const Schema>> schemas_;
};

}  // namespace rnnlab
