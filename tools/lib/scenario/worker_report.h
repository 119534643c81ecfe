#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "lib/cli/error.h"
#include "lib/scenario/fleet.h"

namespace ks::scenario {

inline constexpr const char* kWorkerFile = "worker.json";

// What a worker of a fleet says of itself: worker.json in its folder, written when it begins and
// again when its part is done (reports/schema/worker-v1.json). Times are its own wall clock.
struct WorkerReport {
  std::string run_id;
  Shard shard;
  std::string sha256;  // of the scenario file that it had
  std::string host;
  std::string boot_id;        // equal ones have one clock
  std::string client;         // of what names none
  std::string instance;       // random: tells two apart that are the same part
  std::int64_t due_ns = 0;    // when it was told to begin; 0: at once
  std::int64_t began_ns = 0;  // its traffic did
  std::int64_t ended_ns = 0;  // 0: it did not reach its end
  int signal = 0;             // that it was asked to end by
  std::string failure;        // what kept it from doing its part; empty: nothing

  std::string shard_text() const;  // "2/4"
};

// With host, boot id and a new instance.
WorkerReport new_worker_report(const std::string& run_id, Shard shard);

cli::Result<void> write_worker_report(const std::filesystem::path& folder,
                                      const WorkerReport& report);
// Errors name the file.
cli::Result<WorkerReport> read_worker_report(const std::filesystem::path& folder);

}  // namespace ks::scenario
