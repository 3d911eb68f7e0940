#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "tasks.hpp"

namespace rnnlab {

/// Assigns integer options by name; everything else stays at its default.
class AssignIntegers final : public OptionVisitor {
 public:
  explicit AssignIntegers(std::map<std::string, std::int64_t> values)
      : values_(std::move(values)) {}
  void visit(const OptionInfo&, bool&) override {}
  void visit(const OptionInfo& info, std::int64_t& value) override {
    if (const auto found = values_.find(info.name); found != values_.end()) value = found->second;
  }
  void visit(const OptionInfo&, double&) override {}
  void visit(const OptionInfo&, std::string&) override {}

 private:
  std::map<std::string, std::int64_t> values_;
};

/// Whether a task reads data that a user names, and cannot be made without them.
inline bool needs_a_file(const TaskEntry& entry) {
  class FindFile final : public OptionVisitor {
   public:
    bool found = false;
    void visit(const OptionInfo&, bool&) override {}
    void visit(const OptionInfo&, std::int64_t&) override {}
    void visit(const OptionInfo&, double&) override {}
    void visit(const OptionInfo& info, std::string&) override {
      found = found || (info.file && !info.optional);
    }
  } visitor;
  entry.describe(visitor);
  return visitor.found;
}

/// Whether one says how many examples the splits of a task have: those of a text are its places.
inline bool has_sizes(const TaskEntry& entry) {
  class FindSize final : public OptionVisitor {
   public:
    bool found = false;
    void visit(const OptionInfo&, bool&) override {}
    void visit(const OptionInfo& info, std::int64_t&) override {
      found = found || std::string_view(info.name) == "test_examples";
    }
    void visit(const OptionInfo&, double&) override {}
    void visit(const OptionInfo&, std::string&) override {}
  } visitor;
  entry.describe(visitor);
  return visitor.found;
}

/// A task of the list, by name.
inline std::unique_ptr<Task> task(const std::string& name,
                                  std::map<std::string, std::int64_t> options) {
  AssignIntegers assign(std::move(options));
  for (const TaskEntry& entry : task_list()) {
    if (entry.name == name) return entry.make(assign);
  }
  throw std::logic_error("no task " + name);
}

}  // namespace rnnlab
