#include "lib/scenario/worker_report.h"

#include <unistd.h>

#include <nlohmann/json.hpp>
#include <random>

#include "lib/cli/clock.h"
#include "lib/cli/file.h"

namespace ks::scenario {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSchemaVersion = 1;

std::string boot_id() {
  const auto text = cli::read_file("/proc/sys/kernel/random/boot_id");
  return text ? text->substr(0, text->find('\n')) : "";
}

// null where it did not happen.
Json time_to_json(std::int64_t time_ns) {
  return time_ns == 0 ? Json() : Json(cli::format_rfc3339(time_ns));
}

std::int64_t time_of(const Json& json) {
  if (json.is_null()) return 0;
  const auto time = cli::parse_rfc3339(json.get_ref<const std::string&>());
  return time ? *time : 0;
}

}  // namespace

std::string WorkerReport::shard_text() const {
  return std::to_string(shard.index) + "/" + std::to_string(shard.count);
}

WorkerReport new_worker_report(const std::string& run_id, Shard shard) {
  WorkerReport out;
  out.run_id = run_id;
  out.shard = shard;
  char host[256] = {};
  gethostname(host, sizeof host - 1);
  out.host = host;
  out.boot_id = boot_id();
  std::random_device random;
  char text[24];
  std::snprintf(text, sizeof text, "%08x%08x", random(), random());
  out.instance = text;
  return out;
}

cli::Result<void> write_worker_report(const std::filesystem::path& folder,
                                      const WorkerReport& report) {
  const Json json{{"schema_version", kSchemaVersion},
                  {"run_id", report.run_id},
                  {"shard", report.shard.index},
                  {"shards", report.shard.count},
                  {"sha256", report.sha256},
                  {"host", report.host},
                  {"boot_id", report.boot_id},
                  {"client", report.client},
                  {"instance", report.instance},
                  {"due_at", time_to_json(report.due_ns)},
                  {"began_at", time_to_json(report.began_ns)},
                  {"ended_at", time_to_json(report.ended_ns)},
                  {"signal", report.signal},
                  {"failure", report.failure}};
  return cli::write_file(folder / kWorkerFile, json.dump(2) + "\n");
}

cli::Result<WorkerReport> read_worker_report(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / kWorkerFile;
  const auto text = cli::read_file(file);
  if (!text) return tl::make_unexpected(text.error());
  WorkerReport out;
  try {
    const Json json = Json::parse(*text);
    out.run_id = json.at("run_id");
    out.shard = {json.at("shard"), json.at("shards")};
    out.sha256 = json.at("sha256");
    out.host = json.at("host");
    out.boot_id = json.at("boot_id");
    out.client = json.at("client");
    out.instance = json.at("instance");
    out.due_ns = time_of(json.at("due_at"));
    out.began_ns = time_of(json.at("began_at"));
    out.ended_ns = time_of(json.at("ended_at"));
    out.signal = json.at("signal");
    out.failure = json.at("failure");
  } catch (const Json::exception& error) {
    return cli::fail("not what ks-run work writes", file.string(), error.what());
  }
  return out;
}

}  // namespace ks::scenario
