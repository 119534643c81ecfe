#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

namespace ks::report {

// A worker of Kafka Connect that was ended. What did not come about, or is not known, is absent.
struct WorkerOutage {
  bool is_kill = false;  // else it was stopped in order
  std::int64_t ordered_ns = 0;
  std::optional<std::int64_t> gone_ns;
  std::optional<std::int64_t> started_ns;
  std::optional<double> resume_ms;
  std::optional<double> catch_up_ms;
  std::optional<double> changes_while_down;
  std::optional<double> replayed_events;
};

struct ChangeSecond {
  std::int64_t at_ns = 0;
  double committed = 0;
  double arrived = 0;
};

// What ks-verify cdc tells beside its figures: how changes went on, and what was done to the
// worker.
struct ChangeCapture {
  std::vector<WorkerOutage> outages;
  std::vector<ChangeSecond> seconds;
};

// `outages` and `seconds` of a result's data; what is none is left out.
ChangeCapture parse_change_capture(const nlohmann::ordered_json& data);

}  // namespace ks::report
