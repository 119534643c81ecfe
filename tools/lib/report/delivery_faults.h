#pragma once

#include <string>
#include <vector>

#include "lib/report/delivery_chart.h"
#include "lib/report/delivery_figures.h"

namespace ks::report {

// What was done to a check's brokers, network, consumers or worker, and when it was over: a table
// whose cells are plain text, and the same as spans of a chart.
struct DeliveryFaults {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
  std::vector<DeliverySpan> spans;  // one a row
};

// Of what the check left behind: the outages of a worker, the faults of a judged history, or the
// ways back of new consumers. Without any of them no row.
DeliveryFaults delivery_faults(const Row& row);

// What the chart beside it shows: what was produced and read, or committed and taken up.
std::vector<DeliveryLane> delivery_lanes(const Row& row);

}  // namespace ks::report
