#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "lib/report/change_capture.h"
#include "lib/report/fleet_workers.h"
#include "lib/report/repeats.h"
#include "lib/report/result.h"
#include "lib/report/scenario_figures.h"
#include "lib/report/timeline_input.h"

namespace ks::report {

// One result file that was read.
struct Step {
  Result result;
  std::filesystem::path file;
  // The series and artifacts that lie in the run folder; others stay as text in `result`.
  std::vector<std::filesystem::path> attachments;
  Series series;
  Disturbances disturbances;
  std::vector<Repeated> repeats;  // of the step that judges several runs of the same together
  ChangeCapture changes;          // of the step that judges change data capture
  std::optional<ScenarioFigures> scenario;  // of the step in which ks-run judges a scenario
  std::vector<FleetWorkerRow> workers;      // of the step in which ks-run tells of a fleet
  bool is_covered = false;                  // its check reached its end with this result
  // Which client's row it counts in: that of the end that names it, else the one that it ran with.
  std::string client;
};

}  // namespace ks::report
