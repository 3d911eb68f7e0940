#include "study/status.hpp"

#include <array>
#include <cerrno>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <signal.h>
#include <unistd.h>

#include "base/text.hpp"
#include "study/json_number.hpp"
#include "study/text_file.hpp"

namespace rnnlab {
namespace {

using Json = nlohmann::ordered_json;

double number_or_nan(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_number() ? found->get<double>()
                                                   : std::numeric_limits<double>::quiet_NaN();
}

std::string dumped(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

bool is_gone(std::int64_t pid) {
  return pid <= 0 || (::kill(static_cast<pid_t>(pid), 0) != 0 && errno == ESRCH);
}

}  // namespace

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

void write_status(const std::filesystem::path& run_folder, const Status& status, bool durable) {
  Json json{{"state", status.state},
            {"id", status.id},
            {"step", status.step},
            {"steps", status.steps},
            {"loss", number(status.loss)},
            {"metric", number(status.metric)},
            {"seconds", number(status.seconds)},
            {"eta_seconds", number(status.eta_seconds)},
            {"message", status.message},
            {"pid", status.pid},
            {"host", status.host}};
  if (!status.run_sha256.empty()) json["run_sha256"] = status.run_sha256;
  json["digest"] = sha256(dumped(json));
  replace_text(run_folder / "status.json", dumped(json) + "\n", durable);
}

std::optional<Status> read_status(const std::filesystem::path& run_folder) {
  std::ifstream stream(run_folder / "status.json", std::ios::binary);
  if (!stream) return std::nullopt;
  const Status unknown{.state = "unknown", .message = "status.json is damaged"};
  Json json = Json::parse(stream, nullptr, false);
  if (!json.is_object()) return unknown;
  try {
    Status status;
    if (const std::string digest = json.value("digest", ""); !digest.empty()) {
      json.erase("digest");
      if (digest != sha256(dumped(json))) return unknown;
    }
    status.state = json.at("state").get<std::string>();
    status.id = json.value("id", "");
    status.step = json.at("step").get<std::int64_t>();
    status.steps = json.at("steps").get<std::int64_t>();
    status.loss = number_or_nan(json, "loss");
    status.metric = number_or_nan(json, "metric");
    status.seconds = number_or_nan(json, "seconds");
    status.eta_seconds = number_or_nan(json, "eta_seconds");
    status.message = json.value("message", "");
    status.pid = json.value("pid", std::int64_t{0});
    status.host = json.value("host", "");
    status.run_sha256 = json.value("run_sha256", "");
    if (status.state == "running" && status.host == host_name() && is_gone(status.pid))
      status.state = "lost";
    return status;
  } catch (const Json::exception&) {
    return unknown;
  }
}

}  // namespace rnnlab
