// Writes the run folder of a fleet as it is before it is judged, without a broker or a host:
//   fleet_bench RUN WORKERS RECORDS
// Each worker tells of so many records, with a history, a series of a minute and a distribution of
// latencies of its own. What all told together goes to stdout: "records p99_ms".
#include <cmath>
#include <fstream>
#include <iostream>
#include <random>

#include "lib/cli/clock.h"
#include "lib/cli/file.h"
#include "lib/history/writer.h"
#include "lib/report/percentiles.h"
#include "lib/scenario/fleet_plan.h"
#include "lib/scenario/steps.h"
#include "lib/scenario/suite.h"
#include "lib/scenario/worker_report.h"
#include "lib/stats/histogram.h"
#include "lib/stats/series.h"
#include "lib/tool/tool.h"

namespace {

using namespace ks;
namespace fs = std::filesystem;

constexpr const char* kScenario =
    "scenarios: {producer: {type: produce, topic: bench, duration: 1m}}\n"
    "checks:\n"
    "  - {type: count_at_least, metric: produced, expected: 1}\n"
    "  - {type: latency, max: 1h}\n";
constexpr const char* kRunId = "bench";
constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr int kSeconds = 60;

template <typename T>
T required(cli::Result<T> result) {
  if (result) return std::move(*result);
  std::cerr << "fleet_bench: " << result.error().message() << "\n";
  std::exit(2);
}
void required(const cli::Result<void>& result) {
  if (result) return;
  std::cerr << "fleet_bench: " << result.error().message() << "\n";
  std::exit(2);
}

struct Told {
  stats::Histogram latency;
  std::string series;
};

// One record after the other, with latencies as brokers have them: many short, few long.
Told write_history(const fs::path& folder, std::uint32_t worker, int records,
                   std::mt19937_64& random) {
  std::lognormal_distribution<double> latency(15, 1);
  history::Head head{kRunId, "ks-produce", "librdkafka", true, false, -1};
  const auto writer = required(history::Writer::create(folder, head));
  const std::uint32_t topic = writer->names().id("bench");
  Told out;
  const std::int64_t begin_ns = cli::monotonic_ns();
  stats::Series series(begin_ns, cli::wall_ns());
  history::Event event;
  event.name = topic;
  event.producer = static_cast<std::uint16_t>(worker);
  event.kind = history::Kind::kReserve;
  event.count = static_cast<std::uint64_t>(records);
  event.time_ns = begin_ns;
  writer->append(event);
  event.kind = history::Kind::kSend;
  event.count = 0;
  event.partition = static_cast<std::int32_t>(worker);
  for (int i = 0; i < records; ++i) {
    const auto took_ns = static_cast<std::int64_t>(latency(random));
    event.invoke_ns = begin_ns + kSeconds * kSecondNs / records * i;
    event.time_ns = event.invoke_ns + took_ns;
    event.sequence = static_cast<std::uint64_t>(i);
    event.offset = i;
    writer->append(event);
    out.latency.record(took_ns);
    series.record(event.invoke_ns, 100, took_ns);
  }
  required(writer->close());
  out.series = series.take_lines(event.invoke_ns);
  return out;
}

void write_worker(const fs::path& run, std::uint32_t worker, std::uint32_t workers, int records,
                  const std::string& sha256, stats::Histogram& all) {
  std::mt19937_64 random(worker);
  const fs::path folder = run / scenario::kWorkersDir / std::to_string(worker);
  const std::string step = "producer" + (workers == 1 ? "" : "_" + std::to_string(worker + 1));
  const Told told = write_history(folder / "history" / "fleet.librdkafka", worker, records, random);
  report::Result result = tool::new_result(kRunId);
  result.check = "fleet";
  result.step = step;
  result.client = "librdkafka";
  result.stage = "pr";
  result.tool = "ks-produce";
  result.duration_ms = kSeconds * 1000;
  const auto count = static_cast<double>(records);
  result.metrics = {{"attempted_records", count},
                    {"acked_records", count},
                    {"errors", 0},
                    {"elapsed_s", kSeconds},
                    {"sent_bytes", count * 100}};
  report::add_percentiles(result.metrics, "latency_ms", told.latency);
  result.data["histograms"]["latency_ns"] = told.latency.to_json();
  all.merge(told.latency);
  const scenario::CheckPlace place{folder, kRunId, "fleet", "librdkafka", ""};
  required(report::write_result(place.result(step), result));
  required(
      cli::write_file(folder / "series" / ("fleet.librdkafka." + step + ".jsonl"), told.series));
  auto report = scenario::new_worker_report(kRunId, {worker, workers});
  report.sha256 = sha256;
  report.client = "librdkafka";
  report.began_ns = report.due_ns = cli::wall_ns();
  report.ended_ns = report.began_ns + kSeconds * kSecondNs;
  required(scenario::write_worker_report(folder, report));
  required(cli::write_file(folder / "engine.json", "{\"host\": \"load-" + std::to_string(worker) +
                                                       "\", \"exit_status\": 0}\n"));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: fleet_bench RUN WORKERS RECORDS\n";
    return 2;
  }
  const fs::path run = argv[1];
  const auto workers = static_cast<std::uint32_t>(std::stoul(argv[2]));
  const int records = std::stoi(argv[3]);
  const fs::path file = fs::path(scenario::kScenarioDir) / "fleet.yaml";
  required(cli::write_file(run / file, kScenario));
  scenario::FleetPlan plan;
  plan.run_id = kRunId;
  plan.workers = workers;
  plan.file = file;
  plan.sha256 = scenario::sha256(kScenario);
  plan.client = "librdkafka";
  plan.environment = {{"K6_PROFILE", "local-service"}, {"KS_BROKERS", "127.0.0.1:1"}};
  required(scenario::write_fleet_plan(run, plan));
  const nlohmann::ordered_json scenarios{{{"check", "fleet"},
                                          {"title", ""},
                                          {"file", file.string()},
                                          {"sha256", plan.sha256},
                                          {"profile", "local-service"},
                                          {"target", "kafscale"},
                                          {"client", "librdkafka"},
                                          {"brokers", {"127.0.0.1:1"}}}};
  required(cli::write_file(run / "scenarios.json", scenarios.dump()));
  stats::Histogram all;
  for (std::uint32_t i = 0; i < workers; ++i) {
    write_worker(run, i, workers, records, plan.sha256, all);
  }
  std::cout << all.count() << " " << static_cast<double>(all.quantile(0.99)) / 1e6 << "\n";
  return 0;
}
