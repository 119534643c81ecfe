#pragma once

#include <string>
#include <vector>

#include "lib/report/timeline.h"

// Hand-drawn charts of a timeline that has an axis. The style sheet has their colours; the element
// of the id `labelled_by` says in words what they show.
namespace ks::report {

// Rates, errors, each lane's latencies and the worst recoveries, before the faults.
std::string timeline_svg(const Timeline& timeline, const std::string& labelled_by);

// A row for each of `partitions`: its longest gap and its recoveries, before the faults.
std::string partitions_svg(const Timeline& timeline,
                           const std::vector<const Availability*>& partitions,
                           const std::string& labelled_by);

}  // namespace ks::report
