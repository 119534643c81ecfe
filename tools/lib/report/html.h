#pragma once

#include <cstddef>
#include <string>

#include "lib/report/summary.h"

namespace ks::report {

// What a page holds at most, beside its frame of some 15 kB.
inline constexpr std::size_t kMostPageBytes = 1'950'000;

// report.html: one file of at most 2 MB that needs no network, no script and no other file.
std::string to_html(const Summary& summary);

// What a page or a panel of it shows of one run. `alone`: nothing else is in the page. Evidence
// that does not fit into `most_bytes` is left out, and said.
std::string run_markup(const Summary& summary, bool alone, std::size_t most_bytes);

}  // namespace ks::report
