#pragma once

#include <cstddef>
#include <limits>
#include <string>

#include "lib/report/summary.h"

namespace ks::report {

// How the Markdown reports begin: the verdict and its reasons, of which the first `most_reasons`
// are told, what the run is about, and the five questions.
std::string markdown_head(const Summary& summary,
                          std::size_t most_reasons = std::numeric_limits<std::size_t>::max());

}  // namespace ks::report
