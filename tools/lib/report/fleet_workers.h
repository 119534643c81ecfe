#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "lib/report/result.h"

namespace ks::report {

// A worker of a fleet, as ks-run tells of it in the step `workers`.
struct FleetWorkerRow {
  std::uint64_t number = 0;
  std::string host;  // as it was called
  std::string hostname;
  Status status = Status::kPass;
  std::string reason;
  double sent = 0;
  double received = 0;
  double errors = 0;
  double late_ms = 0;
  std::optional<double> clock_offset_ms;  // ahead of who judged
  std::optional<double> clock_error_ms;
  std::optional<double> clock_moved_ms;  // until the end
  std::string folder;                    // in the run folder
};

// Empty where the result is not of such a step.
std::vector<FleetWorkerRow> parse_fleet_workers(const Result& result);

nlohmann::ordered_json to_json(const FleetWorkerRow& worker);

}  // namespace ks::report
