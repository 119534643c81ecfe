#pragma once

#include <kainjow/mustache.hpp>

#include "lib/report/summary.h"

namespace ks::report {

// The sections "anomalies" and "findings", of all steps.
void add_observations(const Summary& summary, kainjow::mustache::object& page);

}  // namespace ks::report
