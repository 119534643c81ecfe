#pragma once

#include <string>

#include "lib/report/summary.h"

namespace ks::report {

// report.html: one file that needs no network, no script and no other file.
std::string to_html(const Summary& summary);

// What a page or a panel of it shows of one run. `alone`: nothing else is in the page.
std::string run_markup(const Summary& summary, bool alone);

}  // namespace ks::report
