#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "lib/scenario/clock_offset.h"
#include "lib/scenario/fleet_plan.h"
#include "lib/scenario/worker_report.h"

namespace ks::scenario {

// One worker's folder, RUN/workers/INDEX, as it came back. What the engine that ran the worker
// knows of it is in engine.json: {"host": as it was called, "exit_status": of `ks-run work`}; in
// `said` what it said, or the way to it; in clock.json and clock-end.json how far its clock was
// away before and after.
struct FleetWorker {
  std::uint32_t index = 0;
  std::filesystem::path dir;
  std::string host;                    // as the engine called it, else as it calls itself
  std::optional<WorkerReport> report;  // none: it did not begin, or nothing came back
  std::optional<int> exit_status;      // as the engine saw it
  std::optional<ClockOffset> clock;    // before; of who has our boot, exactly ours
  std::optional<ClockOffset> clock_end;
  std::vector<std::filesystem::path> histories;
  std::string unread;  // why not all of them are known; empty: they are
  std::string lost;    // why its part is not whole; empty: it is
  std::string wrong;   // why its part is no part of this run; empty: it is one

  std::string name() const;  // "worker 3 (HOST)"
  std::int64_t late_ms() const;
};

// Every worker that the plan wants, by index, whether it left something or not; behind them those
// that it does not want. Finds who is lost, who ran something else, and the same part done twice.
// `boot_id` is of this machine.
std::vector<FleetWorker> read_workers(const std::filesystem::path& run_folder,
                                      const FleetPlan& plan, const std::string& boot_id);

}  // namespace ks::scenario
