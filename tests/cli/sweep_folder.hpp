#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "command.hpp"

namespace rnnlab::test {

/// What a sweep's folder holds, as another program sees it.
class SweepFolder {
 public:
  SweepFolder(const Workplace& here, const std::string& name) : folder_(here.path(name)) {}

  nlohmann::json manifest() const { return parsed(folder_ / "manifest.json"); }
  std::filesystem::path run(std::size_t index) const {
    const nlohmann::json frozen = manifest();
    if (!frozen.is_object()) return folder_ / "none";
    return folder_ / "runs" / frozen["runs"][index]["id"].get<std::string>();
  }
  /// Its status.json; an object without keys while there is none.
  nlohmann::json status(std::size_t index) const {
    const nlohmann::json status = parsed(run(index) / "status.json");
    return status.is_object() ? status : nlohmann::json::object();
  }
  std::string state(std::size_t index) const { return status(index).value("state", ""); }
  bool is_training(std::size_t index) const {
    const nlohmann::json now = status(index);
    return now.value("state", "") == "running" && now.value("step", 0) > 0;
  }

 private:
  static nlohmann::json parsed(const std::filesystem::path& file) {
    return nlohmann::json::parse(text_of(file), nullptr, false);
  }

  std::filesystem::path folder_;
};

}  // namespace rnnlab::test
