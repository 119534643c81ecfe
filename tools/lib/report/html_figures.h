#pragma once

#include <kainjow/mustache.hpp>

#include "lib/report/summary.h"

namespace ks::report {

// What was expected beside what was observed, and what moved how quickly: the sections "expected"
// and "traffic", of all steps. The worst come first, and what has no room is counted.
void add_figures(const Summary& summary, kainjow::mustache::object& page);

}  // namespace ks::report
