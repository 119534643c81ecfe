#pragma once

#include <kainjow/mustache.hpp>
#include <map>
#include <string>

#include "lib/report/summary.h"

namespace ks::report {

// What fills the partial "timelines": one for each check and client whose steps left series or
// faults, before them one of the whole run where several did.
struct Timelines {
  kainjow::mustache::list list;
  std::map<std::size_t, std::string> anchors;  // of rows of the summary
  std::string undrawn;                         // what is said of those that are too many
};

Timelines timelines_data(const Summary& summary);

}  // namespace ks::report
