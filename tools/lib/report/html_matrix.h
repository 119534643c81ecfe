#pragma once

#include <kainjow/mustache.hpp>

#include "lib/report/summary.h"

namespace ks::report {

// The tables of what each client can do.
kainjow::mustache::list matrices_data(const Summary& summary);

}  // namespace ks::report
