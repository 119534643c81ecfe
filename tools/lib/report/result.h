#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "lib/cli/error.h"
#include "lib/cli/exit_status.h"
#include "lib/report/expectation.h"

namespace ks::report {

// Ordered from best to worst: of several steps or clients, the worst counts.
enum class Status { kPass, kSkip, kInconclusive, kError, kFail };

std::string_view to_string(Status status);
std::optional<Status> parse_status(std::string_view text);
Status worst(Status a, Status b);
cli::ExitStatus exit_status(Status status);

// A limit and what was seen. `observed` is absent when the metric was not measured: not ok.
struct Threshold {
  std::string metric;
  std::string op;
  double limit = 0;
  std::optional<double> observed;
  bool ok = false;
};

// What lib/verify named, counted whole, examples capped at kMostExamples.
struct Anomaly {
  std::string type;
  std::uint64_t count = 0;
  std::uint64_t allowed = 0;
  std::vector<std::string> examples;
};
inline constexpr std::size_t kMostExamples = 10;

// What is said of one that does not hold, and of more than is allowed.
std::string violation_text(const Threshold& threshold);
std::string violation_text(const Anomaly& anomaly);

// A named observation of the broker or a client.
struct Finding {
  std::string id;
  std::string severity;  // info | warning | violation
  std::string summary;
  std::string evidence;
};

struct Broker {
  std::string product;  // "Apache Kafka", "KafScale" or "unknown"
  std::string build;    // what tells two builds apart without their help
};

// One step of a check: the contract of reports/schema/result-v1.json.
struct Result {
  std::string run_id;
  std::string check;
  std::string step;
  std::string client = "none";  // librdkafka | wire | java | none
  std::string client_version;
  std::string title;
  std::string stage;
  Status status = Status::kPass;
  std::string reason;  // one line; empty only for pass
  std::string target;  // kafscale | kafka
  std::string profile;
  std::vector<std::string> brokers;
  Broker broker;
  std::string tool;
  std::vector<std::string> argv;
  std::int64_t started_at_ns = 0;  // wall clock
  double duration_ms = 0;
  Metrics metrics;  // names carry their unit: latency_ms_p99, sent_bytes
  std::vector<Threshold> thresholds;
  std::vector<Anomaly> anomalies;
  std::vector<Finding> findings;
  std::string series;                  // path of the per-second JSON lines, or empty
  std::vector<std::string> artifacts;  // paths of further evidence
  nlohmann::ordered_json data;  // what the tool found (tables, configs); not part of the verdict

  // Worsens the status; the first reason of the worst status stays.
  void lower_to(Status to, std::string why);
};

// Judges `result` by the expectations: fills thresholds, and fails it where one does not hold.
void apply(const std::vector<Expectation>& expectations, Result& result);

// `result` with its texts for people free of secrets (cli::redact): reason, argv, examples,
// findings. Statuses, names, numbers and data stay what they are.
Result redacted(Result result);

nlohmann::ordered_json to_json(const Result& result);
cli::Result<Result> result_from_json(const nlohmann::ordered_json& json);

// A result file, which holds no secret; errors name the file.
cli::Result<Result> read_result(const std::filesystem::path& path);
cli::Result<void> write_result(const std::filesystem::path& path, const Result& result);

}  // namespace ks::report
