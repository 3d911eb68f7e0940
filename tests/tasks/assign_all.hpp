#pragma once

#include <map>
#include <memory>
#include <stdexcept>
#include <string>

#include "base/text.hpp"
#include "tasks.hpp"

namespace rnnlab::test {

/// Gives options their values by name.
class AssignAll final : public OptionVisitor {
 public:
  explicit AssignAll(std::map<std::string, std::string> values) : values_(std::move(values)) {}
  void visit(const OptionInfo&, bool&) override {}
  void visit(const OptionInfo& info, std::int64_t& value) override {
    if (const auto* text = find(info)) value = parse_int(*text).value();
  }
  void visit(const OptionInfo& info, double& value) override {
    if (const auto* text = find(info)) value = parse_double(*text).value();
  }
  void visit(const OptionInfo& info, std::string& value) override {
    if (const auto* text = find(info)) value = *text;
  }

 private:
  const std::string* find(const OptionInfo& info) const {
    const auto found = values_.find(info.name);
    return found == values_.end() ? nullptr : &found->second;
  }
  std::map<std::string, std::string> values_;
};

inline std::unique_ptr<Task> task_of(const std::string& name,
                                     std::map<std::string, std::string> options) {
  AssignAll assign(std::move(options));
  for (const TaskEntry& entry : task_list())
    if (entry.name == name) return entry.make(assign);
  throw std::logic_error("no task " + name);
}

}  // namespace rnnlab::test
