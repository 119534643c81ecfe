#pragma once

#include <cstdint>
#include <kainjow/mustache.hpp>
#include <string>

#include "lib/report/summary.h"

namespace ks::report {

// A name and its value; "unknown" where that is empty.
kainjow::mustache::object fact(const char* name, const std::string& value);

// 2026-01-31 12:00:00 UTC
std::string date_text(std::int64_t wall_ns);

// Where each run ran, against what, and with what.
kainjow::mustache::list runs_data(const Summary& summary);

}  // namespace ks::report
