#pragma once

#include <string>

#include "lib/report/summary.h"

namespace ks::report {

// report.html: one file that needs no network, no script and no other file.
std::string to_html(const Summary& summary);

}  // namespace ks::report
