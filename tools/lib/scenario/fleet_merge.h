#pragma once

#include <string>
#include <vector>

#include "lib/scenario/conduct.h"
#include "lib/scenario/fleet_worker.h"

namespace ks::scenario {

// What a worker did, for the table of workers.
struct WorkerFigures {
  double sent = 0;
  double received = 0;
  double errors = 0;
};

// What the workers' folders come to.
struct FleetMerge {
  Whole whole;                         // without `doubt`
  std::vector<WorkerFigures> figures;  // of each worker, in their order
};

// Puts into the run folder, from those of the workers, of which none is changed: a result and a
// series of each named scenario (MergedStep), the faults' results, and every history. `scenario` is
// that of the fleet. Errors: the run folder cannot be written to.
cli::Result<FleetMerge> merge_workers(const Scenario& scenario, const CheckPlace& place,
                                      const std::vector<FleetWorker>& workers, std::uint32_t count);

}  // namespace ks::scenario
