#include "lib/scenario/fleet_worker.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "lib/cli/file.h"
#include "lib/cli/folder.h"
#include "lib/history/ending.h"
#include "lib/history/format.h"

namespace ks::scenario {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kEngineFile = "engine.json";
constexpr const char* kSaidFile = "said";
constexpr const char* kClockFile = "clock.json";
constexpr const char* kClockEndFile = "clock-end.json";

void read_engine(FleetWorker& worker) {
  const auto text = cli::read_file(worker.dir / kEngineFile);
  const Json json = text ? Json::parse(*text, nullptr, false) : Json();
  if (!json.is_object()) return;
  if (const auto host = json.find("host"); host != json.end() && host->is_string()) {
    worker.host = *host;
  }
  if (const auto status = json.find("exit_status"); status != json.end() && status->is_number()) {
    worker.exit_status = *status;
  }
}

void find_histories(FleetWorker& worker) {
  const fs::path dir = worker.dir / "history";
  std::error_code error;
  fs::recursive_directory_iterator at(dir, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    if (at->path().extension() == history::kFileSuffix) worker.histories.push_back(at->path());
  }
  std::ranges::sort(worker.histories);
  if (error && error != std::errc::no_such_file_or_directory) {
    worker.unread = "its histories cannot be read: " + error.message();
  }
}

// The last line of what it, or the way to it, said.
std::string last_word_of(const FleetWorker& worker) {
  const auto text = cli::read_file(worker.dir / kSaidFile);
  if (!text) return {};
  const std::size_t end = text->find_last_not_of(" \r\n");
  if (end == std::string::npos) return {};
  const std::size_t begin = text->rfind('\n', end) + 1;
  return text->substr(begin, end + 1 - begin);
}

std::string how_it_ended(const FleetWorker& worker) {
  if (!worker.exit_status) return "nobody saw it end";
  const std::string said = last_word_of(worker);
  return "it ended with status " + std::to_string(*worker.exit_status) +
         (said.empty() ? "" : ": " + said);
}

std::string loss_of(const FleetWorker& worker) {
  if (!worker.report) return "nothing came back of it, " + how_it_ended(worker);
  const WorkerReport& report = *worker.report;
  if (report.ended_ns == 0) return "it did not reach its end, " + how_it_ended(worker);
  if (!report.failure.empty()) return report.failure;
  if (report.signal != 0) return "it was ended by signal " + std::to_string(report.signal);
  if (worker.exit_status.value_or(0) != 0) return how_it_ended(worker);
  if (!worker.unread.empty()) return worker.unread;
  for (const fs::path& file : worker.histories) {
    if (!history::ended_cleanly(file)) {
      return "the history " + file.filename().string() + " has no end";
    }
  }
  constexpr std::int64_t kMostLateMs = 1000;
  if (worker.late_ms() > kMostLateMs) {
    return "it began " + std::to_string(worker.late_ms()) + " ms late; give it more time to start";
  }
  return {};
}

std::string fault_of(const FleetWorker& worker, const FleetPlan& plan) {
  if (!worker.report) return {};
  const WorkerReport& report = *worker.report;
  if (report.run_id != plan.run_id) return "it is of another run, " + report.run_id;
  if (report.sha256 != plan.sha256) return "it ran another scenario file, SHA-256 " + report.sha256;
  if (report.shard.index != worker.index || report.shard.count != plan.workers) {
    return "it did part " + report.shard_text() + " instead of " + std::to_string(worker.index) +
           "/" + std::to_string(plan.workers);
  }
  return {};
}

// Two that did one part gave the same identities to different records.
void find_twins(std::vector<FleetWorker>& workers) {
  std::map<std::uint32_t, const FleetWorker*> first;
  for (FleetWorker& worker : workers) {
    if (!worker.report) continue;
    const auto [found, is_new] = first.emplace(worker.report->shard.index, &worker);
    if (is_new) continue;
    worker.wrong = "it did part " + worker.report->shard_text() + ", as " + found->second->name() +
                   " did: their records have the same identities";
  }
}

FleetWorker read_worker(const fs::path& dir, std::uint32_t index, const std::string& boot_id) {
  FleetWorker worker;
  worker.index = index;
  worker.dir = dir;
  read_engine(worker);
  if (auto report = read_worker_report(dir)) worker.report = std::move(*report);
  if (worker.report && worker.host.empty()) worker.host = worker.report->host;
  if (const auto clock = read_clock_offset(dir / kClockFile)) {
    worker.clock = *clock;
  } else if (worker.report && worker.report->boot_id == boot_id) {
    worker.clock = ClockOffset{};
  }
  if (const auto clock = read_clock_offset(dir / kClockEndFile)) worker.clock_end = *clock;
  find_histories(worker);
  return worker;
}

}  // namespace

std::string FleetWorker::name() const {
  return "worker " + std::to_string(index) + (host.empty() ? "" : " (" + host + ")");
}

std::int64_t FleetWorker::late_ms() const {
  if (!report || report->due_ns == 0 || report->began_ns == 0) return 0;
  return std::max<std::int64_t>(0, (report->began_ns - report->due_ns) / 1'000'000);
}

std::vector<FleetWorker> read_workers(const fs::path& run_folder, const FleetPlan& plan,
                                      const std::string& boot_id) {
  std::vector<FleetWorker> out;
  const fs::path all = run_folder / kWorkersDir;
  std::set<fs::path> others;
  // Where that cannot be read, none of the workers can: all of them are lost.
  if (const auto there = cli::entries_in(all)) others.insert(there->begin(), there->end());
  for (std::uint32_t i = 0; i < plan.workers; ++i) {
    out.push_back(read_worker(all / std::to_string(i), i, boot_id));
    others.erase(out.back().dir);
  }
  // Nobody wants them; they may have done what somebody else was to do.
  for (const fs::path& dir : others) {
    FleetWorker worker = read_worker(dir, 0, boot_id);
    if (!worker.report) continue;
    worker.index = worker.report->shard.index;
    out.push_back(std::move(worker));
  }
  for (FleetWorker& worker : out) {
    worker.wrong = fault_of(worker, plan);
    worker.lost = loss_of(worker);
  }
  find_twins(out);
  return out;
}

}  // namespace ks::scenario
