#pragma once

#include <kainjow/mustache.hpp>
#include <string>
#include <vector>

#include "lib/report/html_room.h"
#include "lib/report/html_timeline.h"
#include "lib/report/summary.h"

namespace ks::report {

// The id of a row of the summary in report.html.
std::string anchor_of(std::size_t row);

// "1 step", "2 steps"
std::string counted(std::size_t count, const std::string& word);

// The tables of checks, by stage. Of thousands of checks only so many are shown with their evidence
// that the page stays small; the others are named, with their status.
kainjow::mustache::list groups_data(const Summary& summary, const Timelines& timelines, Room& room);

}  // namespace ks::report
