#pragma once

#include <kainjow/mustache.hpp>

#include "lib/report/summary.h"

namespace ks::report {

extern const char* const kHtmlFleetTemplate;

// Puts the tables of workers into a page's data, one of each check that a fleet ran.
void add_fleets(const Summary& summary, kainjow::mustache::object& page);

}  // namespace ks::report
